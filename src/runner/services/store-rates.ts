import type { MigrationPlan } from '../../migrations/contract/migration-plan.js';
import type { RateLimits, StoreRates, TableRates } from '../ports/rates.js';
import type { TableCapacity } from '../ports/table-admin.js';
import type { ServiceParts } from './service-parts.js';

/** What a new on-demand table or index takes at once (developer guide, "Pre-warming on-demand tables"). */
const NEW_ON_DEMAND: TableCapacity = { read: 12_000, write: 4_000 };

/**
 * How fast a plan's tables may be read and written: what was asked for, else what the environment says, else its share
 * of what each table and index has. What an emulator does not tell limits nothing: its speed has nothing to do with units.
 */
export async function storeRates(
  { admin, environment, emulated }: Pick<ServiceParts, 'admin' | 'environment' | 'emulated'>,
  plan: MigrationPlan,
  asked: RateLimits,
): Promise<StoreRates> {
  const maxWcu = asked.maxWcu ?? environment.maxWcu;
  const maxRcu = asked.maxRcu ?? environment.maxRcu;
  const fixed = { ...(maxWcu === undefined ? {} : { maxWcu }), ...(maxRcu === undefined ? {} : { maxRcu }) };
  const { capacityShare: share } = environment;
  if (share === undefined || (maxWcu !== undefined && maxRcu !== undefined)) return fixed;
  const start = emulated ? undefined : NEW_ON_DEMAND;
  const tables = new Map<string, TableRates>();
  for (const { name } of plan.tables) {
    const described = await admin.describe(name);
    const indexes = (described?.indexes ?? []).map(
      (index) => [index.name, partOf(index.capacity ?? start, share)] as const,
    );
    tables.set(name, { ...partOf(described?.capacity ?? start, share), indexes: new Map(indexes) });
  }
  return { ...fixed, tables };
}

function partOf(capacity: TableCapacity | undefined, share: number): Partial<TableCapacity> {
  return capacity === undefined ? {} : { read: capacity.read * share, write: capacity.write * share };
}
