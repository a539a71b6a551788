import { companyIdOf } from '../../../domain/company/company.js';
import type { StoredItem } from '../../../domain/storage/stored-value.js';
import type { StepContext } from '../../contract/migration-step.js';
import type { Problem } from '../../contract/outcome.js';
import { TABLES } from '../company.tables.js';

/**
 * Why nobody could be made a member of the company that is made for them: their id does not fit into the key. One place
 * says so, to the step that makes companies and to a validation of what is in them.
 */
export function membershipProblem(context: Pick<StepContext, 'check'>, userId: string): Problem | undefined {
  const item: StoredItem = {
    companyId: { S: companyIdOf(userId) },
    userId: { S: userId },
    role: { S: 'admin' },
  };
  return context.check({ table: TABLES.companyUsers, item }, `${TABLES.legacyUsers}#${userId}`);
}
