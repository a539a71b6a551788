import type { ConformanceSubject, TableRows } from '../../src/conformance/index.js';
import { textOf, type StoredItem } from '../../src/domain/storage/stored-value.js';
import { ENTITIES_SUBJECT } from '../migrations/company/entities-subject.js';
import { T } from '../migrations/company/entities-trial.js';

const { tables, change = (same) => same } = ENTITIES_SUBJECT;

/**
 * Plan `company` on the rows of every defect, beside what the application has written. The kit holds the records of a step
 * against the rows of its table, so users who are only mentioned elsewhere have a row here; that they need none is for
 * test/migrations/company/mapping.test.ts to show.
 */
export const COMPANY_SUBJECT: ConformanceSubject = {
  ...ENTITIES_SUBJECT,
  tables: withUsers(tables),
  change: (before) => withUsers(newcomers(change(before))),
};

/** An orphan turns up, and somebody who had no company becomes a member of one. */
function newcomers(after: TableRows): TableRows {
  const project = (userId: string): StoredItem => {
    return { userId: { S: userId }, projectId: { S: `of-${userId}` }, name: { S: 'Late' } };
  };
  return {
    ...after,
    [T.oldProjects]: [...(after[T.oldProjects] ?? []), project('late-orphan'), project('user-000002')],
  };
}

function withUsers(rows: TableRows): TableRows {
  const owned = [T.oldProjects, T.oldContractors, T.oldWorks, T.oldExpenses].flatMap(
    (table) => rows[table] ?? [],
  );
  const users = new Set(owned.map(({ userId }) => textOf(userId) ?? ''));
  return { ...rows, [T.oldUsers]: [...users].map((userId) => ({ userId: { S: userId } })) };
}
