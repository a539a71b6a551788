import { RefusedError } from '../ports/errors.js';
import type { ServiceParts } from '../services/service-parts.js';

/**
 * Nothing set aside and nothing looked at must not read alike: where the journal's table is missing, the region, the
 * account or the suffix may be wrong. Throws RefusedError `TABLE_MISSING`.
 */
export async function requireJournal({
  admin,
  journalTable,
  environment,
}: Pick<ServiceParts, 'admin' | 'journalTable' | 'environment'>): Promise<void> {
  if ((await admin.describe(journalTable.name)) !== undefined) return;
  throw new RefusedError(
    'TABLE_MISSING',
    `there is no table ${admin.physicalName(journalTable.name)}, so nothing has run in ${environment.name}`,
    `Check region, account and suffix, or create the tables: node runner tables create --env ${environment.name}`,
  );
}
