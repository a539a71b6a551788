import { Contractor } from '../../../domain/company/contractor.js';
import { Expense } from '../../../domain/company/expense.js';
import { ContractorRecord } from '../../../domain/company/legacy/contractor.record.js';
import { ExpenseRecord } from '../../../domain/company/legacy/expense.record.js';
import { ProjectRecord } from '../../../domain/company/legacy/project.record.js';
import { WorkRecord } from '../../../domain/company/legacy/work.record.js';
import type { OriginState } from '../../../domain/company/origin.js';
import { Project } from '../../../domain/company/project.js';
import { Work } from '../../../domain/company/work.js';
import type { LegacyRecord } from '../../../domain/legacy/legacy-record.js';
import { readLegacyRecord, type ReadRecord } from '../../../domain/legacy/read-legacy-record.js';
import { own, textOf, type StoredItem } from '../../../domain/storage/stored-value.js';
import { Moment } from '../../../domain/values/moment.js';
import type { Problem, Warning } from '../../contract/outcome.js';
import type { EntityKind } from '../entities.js';

/** What the record does not say and its place in the company decides. */
export interface Placed {
  readonly companyId: string;
  readonly id: string;
  readonly origin: OriginState;
  /** field → id of what it refers to there; absent: nothing */
  readonly references: Readonly<Record<string, string>>;
}

/** A readable record of a user. */
export interface OwnedRecord {
  readonly userId: string | undefined;
  readonly id: string;
  /** field → id as the record has it */
  readonly references: Readonly<Record<string, string | undefined>>;
  /** texts as stored */
  readonly createdAt: string | undefined;
  readonly updatedAt: string | undefined;
  /** text that begins with a day on which it happened, where the record has one */
  readonly day?: string;
  readonly status: string | undefined;
  /** what the model does not know */
  readonly others: StoredItem;
  /** Its aggregate. */
  readonly restore: (placed: Placed) => unknown;
}

export type ReadOwned =
  | { readonly ok: true; readonly record: OwnedRecord; readonly warnings: readonly Warning[] }
  | { readonly ok: false; readonly problem: Problem };

type Reader = (item: StoredItem) => ReadOwned;

/** How a record of each kind is read, and what becomes of it. */
export const READERS: Readonly<Record<EntityKind, Reader>> = {
  project: reader(ProjectRecord, ({ projectId, userId, ...record }) => {
    const { others, known } = named(record);
    return {
      ...{ userId, id: projectId, references: {}, others, status: known.status },
      ...times(record),
      restore: ({ id, companyId, origin }) =>
        Project.restore({ companyId, projectId: id, ...known, ...origin }),
    };
  }),
  contractor: reader(ContractorRecord, ({ contractorId, userId, ...record }) => {
    const { others, known } = named(record);
    return {
      ...{ userId, id: contractorId, references: {}, others, status: known.status },
      ...times(record),
      restore: ({ id, companyId, origin }) =>
        Contractor.restore({ companyId, contractorId: id, ...known, ...origin }),
    };
  }),
  work: reader(WorkRecord, ({ workId, userId, projectId, contractorId, expenseId, ...record }) => {
    const { others, known } = named(record);
    return {
      ...{ userId, id: workId, references: { projectId, contractorId, expenseId } },
      ...{ others, status: known.status },
      ...times(record),
      restore: ({ id, companyId, origin, references }) =>
        Work.restore({ companyId, workId: id, ...known, ...references, ...origin }),
    };
  }),
  expense: reader(ExpenseRecord, (record) => {
    const { expenseId, userId, projectId, contractorId, workId, legacyAttributes: others = {} } = record;
    const { amount, description, invoiceNum, status } = record;
    return {
      ...{ userId, id: expenseId, references: { projectId, contractorId, workId } },
      ...{ others, status, day: record.date },
      ...times(record),
      restore: ({ id, companyId, origin, references }) =>
        Expense.restore({
          ...{ companyId, expenseId: id, amount, description, invoiceNum, status },
          date: Moment.restore(record.date),
          ...references,
          ...origin,
        }),
    };
  }),
};

function reader<R extends LegacyRecord>(recordClass: new () => R, owned: (record: R) => OwnedRecord): Reader {
  return (item) => {
    const read: ReadRecord<R> = readLegacyRecord(recordClass, item);
    if (!read.ok) return read;
    // what is carried is reported under the name of this plan, which carries it on the row's top level
    const warnings = read.warnings.filter(({ code }) => code !== 'UNKNOWN_ATTRIBUTE');
    return { ok: true, record: owned(read.record), warnings };
  };
}

function times({ createdAt, updatedAt }: Pick<OwnedRecord, 'createdAt' | 'updatedAt'>) {
  return { createdAt, updatedAt };
}

/** Name and status, where they are what the model takes for such. */
function named({ legacyAttributes: others = {} }: Pick<LegacyRecord, 'legacyAttributes'>) {
  const known = { name: textOf(own(others, 'name')), status: textOf(own(others, 'status')) };
  return { others, known };
}
