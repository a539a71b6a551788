import type { UnitLimit } from '../ports/rates.js';
import type { TableCapacity } from '../ports/table-admin.js';
import type { RateFacts } from './forecast.js';

/** What a new on-demand table takes at once (developer guide, "Pre-warming on-demand tables"). */
export const NEW_ON_DEMAND = { write: 4000, read: 12_000 } as const;

interface Limits {
  readonly maxWcu?: UnitLimit | undefined;
  readonly maxRcu?: UnitLimit | undefined;
}

export interface RateSettings {
  readonly asked: Limits;
  readonly environment: Limits & { readonly capacityShare?: number | undefined };
  /** an emulator's speed has nothing to do with units */
  readonly emulated: boolean;
  /** the store tells what a table can take */
  readonly toldCapacity: boolean;
}

/** What counts, in this order: what was asked for, the environment's, a share of what tables can take, AWS's beginning. */
export function rateFacts({ asked, environment, emulated, toldCapacity }: RateSettings): RateFacts {
  const { capacityShare: share } = environment;
  const shared = share === undefined ? {} : { share };
  const [typed, own] = [limits(asked), limits(environment)];
  if (typed !== undefined) return { basis: 'asked', ...shared, ...own, ...typed };
  if (own !== undefined) return { basis: 'environment', ...shared, ...own };
  if (toldCapacity) return { basis: 'share', share: share ?? 1 };
  if (emulated) return { basis: 'none' };
  const [write, read] = [NEW_ON_DEMAND.write * (share ?? 1), NEW_ON_DEMAND.read * (share ?? 1)];
  return { basis: 'new-on-demand', ...shared, write, read };
}

/** Units a second of a table or index that can take `capacity`; undefined: nothing limits it that is known. */
export function rateOf(
  facts: RateFacts,
  kind: 'write' | 'read',
  capacity: TableCapacity | undefined,
): number | undefined {
  const fixed = facts[kind];
  if (fixed === 'none') return undefined;
  if (fixed !== undefined || facts.share === undefined || capacity === undefined) return fixed;
  return capacity[kind] * facts.share;
}

/** Undefined where nothing is said. */
function limits({ maxWcu, maxRcu }: Limits): Pick<RateFacts, 'write' | 'read'> | undefined {
  if (maxWcu === undefined && maxRcu === undefined) return undefined;
  return {
    ...(maxWcu === undefined ? {} : { write: maxWcu }),
    ...(maxRcu === undefined ? {} : { read: maxRcu }),
  };
}
