import type { TableDescription } from '@aws-sdk/client-dynamodb';

import type { TableCapacity } from '../../runner/ports/table-admin.js';

/** What a new on-demand table takes at once (developer guide, "Pre-warming on-demand tables"). */
const NEW_ON_DEMAND: TableCapacity = { read: 12_000, write: 4_000 };

/** A table or an index. */
type Described = Pick<TableDescription, 'ProvisionedThroughput' | 'OnDemandThroughput'> & {
  readonly WarmThroughput?:
    | { readonly ReadUnitsPerSecond?: number | undefined; readonly WriteUnitsPerSecond?: number | undefined }
    | undefined;
};

/**
 * Units a second that are provisioned; on demand, the warm throughput and no more than the maximum that was set.
 * Undefined where the store tells none of it.
 */
export function capacityOf(described: Described): TableCapacity | undefined {
  const { ProvisionedThroughput: fixed, WarmThroughput: warm, OnDemandThroughput: most } = described;
  const read = given(fixed?.ReadCapacityUnits) ?? lower(warm?.ReadUnitsPerSecond, most?.MaxReadRequestUnits);
  const write =
    given(fixed?.WriteCapacityUnits) ?? lower(warm?.WriteUnitsPerSecond, most?.MaxWriteRequestUnits);
  if (read === undefined && write === undefined) return undefined;
  return { read: read ?? NEW_ON_DEMAND.read, write: write ?? NEW_ON_DEMAND.write };
}

function lower(warm: number | undefined, most: number | undefined): number | undefined {
  const units = [given(warm), given(most)].filter((one) => one !== undefined);
  return units.length === 0 ? undefined : Math.min(...units);
}

/** On-demand tables have 0 provisioned units, and -1 stands for no maximum. */
function given(units: number | undefined): number | undefined {
  return units !== undefined && units > 0 ? units : undefined;
}
