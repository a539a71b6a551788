import type { MigrationPlan } from '../../migrations/contract/migration-plan.js';
import type { ServiceParts } from './service-parts.js';

/**
 * The embedded server starts empty: the first command makes the tables and the demo data, so that one command does
 * everything.
 */
export async function prepareLocal(
  { admin, journalTable, seeder }: Pick<ServiceParts, 'admin' | 'journalTable' | 'seeder'>,
  plan: MigrationPlan,
  signal: AbortSignal | undefined,
): Promise<void> {
  const sources = plan.tables.filter((table) => table.role === 'source');
  const described = await Promise.all(sources.map((table) => admin.describe(table.name)));
  if (described.every((table) => table === undefined)) {
    await seeder(plan).seed({ defects: false, ...(signal === undefined ? {} : { signal }) });
  }
  for (const table of [...plan.tables, journalTable]) {
    if (table.role === 'target' && (await admin.describe(table.name)) === undefined)
      await admin.create(table);
  }
}
