import { COMPANY_NAMESPACE } from '../../domain/company/company.js';
import { textOf } from '../../domain/storage/stored-value.js';
import { sourceRecordKey } from '../contract/migration-step.js';
import { keyText } from '../contract/row-key.js';
import { TABLES } from './company.tables.js';
import { v5 } from 'uuid';

/** What moves from users to companies. */
export type EntityKind = 'project' | 'contractor' | 'work' | 'expense';

/** An attribute that names a record of another kind. */
export interface ReferenceField {
  readonly field: string;
  readonly to: EntityKind;
  /**
   * The other kind moves later, and refers back to this one: whether it will be there is a question to the old table, and
   * what it becomes depends on what this one becomes.
   */
  readonly later?: boolean;
}

/** One kind of record: its tables, its id, what it refers to. */
export interface Entity {
  readonly kind: EntityKind;
  readonly legacy: string;
  readonly target: string;
  /** the attribute with its id, in both tables */
  readonly id: string;
  readonly references: readonly ReferenceField[];
}

const PROJECT_REFERENCE: ReferenceField = { field: 'projectId', to: 'project' };
export const CONTRACTOR_REFERENCE: ReferenceField = { field: 'contractorId', to: 'contractor' };

export const ENTITIES: Readonly<Record<EntityKind, Entity>> = {
  project: {
    kind: 'project',
    legacy: TABLES.legacyProjects,
    target: TABLES.projects,
    id: 'projectId',
    references: [],
  },
  contractor: {
    kind: 'contractor',
    legacy: TABLES.legacyContractors,
    target: TABLES.contractors,
    id: 'contractorId',
    references: [],
  },
  work: {
    kind: 'work',
    legacy: TABLES.legacyWorks,
    target: TABLES.works,
    id: 'workId',
    references: [PROJECT_REFERENCE, CONTRACTOR_REFERENCE, { field: 'expenseId', to: 'expense', later: true }],
  },
  expense: {
    kind: 'expense',
    legacy: TABLES.legacyExpenses,
    target: TABLES.expenses,
    id: 'expenseId',
    references: [PROJECT_REFERENCE, CONTRACTOR_REFERENCE, { field: 'workId', to: 'work' }],
  },
};

/** `<legacy table>#<userId>|<id>`, as stamps name a record of a user. */
export function sourceOf(entity: Entity, userId: string, id: string): string {
  return `${entity.legacy}#${recordKey(userId, id)}`;
}

/** The user whose record a source names; undefined where it names none of this kind. */
export function userOf(entity: Entity, source: string): string | undefined {
  const step = { source: entity.legacy, sourceKey: 'userId', sourceSortKey: entity.id };
  const user = textOf(sourceRecordKey(step, source)?.['userId']);
  return user === '' ? undefined : user;
}

/**
 * The id of a record that can't keep its own, because another one of its company has it: UUIDv5 (RFC 9562, 5.5)
 * of `<kind>:<userId>|<id>`, with `\` and `|` in either id escaped by `\`.
 */
export function derivedId(kind: EntityKind, userId: string, id: string): string {
  return v5(`${kind}:${recordKey(userId, id)}`, COMPANY_NAMESPACE);
}

function recordKey(userId: string, id: string): string {
  return keyText({ user: { S: userId }, id: { S: id } }, 'user', 'id');
}
