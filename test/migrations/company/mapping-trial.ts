import type { TableRows } from '../../../src/conformance/index.js';
import { MemoryIndexes } from '../../../src/migrations/contract/memory-indexes.js';
import { Trial } from '../../../src/conformance/trial/trial.js';
import type { StoredItem } from '../../../src/domain/storage/stored-value.js';
import { CompanyMapper } from '../../../src/infrastructure/persistence/company/company.mapper.js';
import { MembershipMapper } from '../../../src/infrastructure/persistence/company/membership.mapper.js';
import { COMPANY_OUTLINE } from '../../../src/migrations/company/company.outline.js';
import { MappingStep } from '../../../src/migrations/company/mapping.step.js';
import { NO_OVERRIDES, type Overrides } from '../../../src/migrations/company/resolution/overrides.js';
import type { MigrationPlan } from '../../../src/migrations/contract/migration-plan.js';
import type { StepContext } from '../../../src/migrations/contract/migration-step.js';
import type { JournalEntry } from '../../../src/runner/ports/journal.js';
import { entriesOf as entriesOfStep } from '../../support/trial-entries.js';

export const USERS = 'construction-expenses-multi-table-users';
export const COMPANIES = 'construction-expenses-companies';
export const MEMBERS = 'construction-expenses-company-users';
export const EXPENSES = 'construction-expenses-multi-table-expenses';
export const PROJECTS = 'construction-expenses-multi-table-projects';

export interface MappingOptions {
  readonly overrides?: Overrides;
}

/** The plan's first step alone. */
export function mappingInMemory({ overrides = NO_OVERRIDES }: MappingOptions = {}): MigrationPlan {
  const step = new MappingStep(new CompanyMapper(), new MembershipMapper(), overrides);
  return { ...COMPANY_OUTLINE, steps: [step] };
}

export function trialOn(tables: TableRows, options: MappingOptions = {}): Trial {
  return new Trial(() => mappingInMemory(options), tables);
}

/** What a step is given that is prepared on the tables of a trial, by itself. */
export function contextOf(trial: Trial, more: Partial<StepContext> = {}): StepContext {
  const { reader } = trial;
  return { reader, indexes: new MemoryIndexes(false), segments: 2, check: () => undefined, ...more };
}

export function anExpense(userId: string, expenseId: string, attributes: StoredItem = {}): StoredItem {
  return { userId: { S: userId }, expenseId: { S: expenseId }, amount: { N: '12.50' }, ...attributes };
}

export function aProject(userId: string, projectId: string): StoredItem {
  return { userId: { S: userId }, projectId: { S: projectId } };
}

export function aMember(companyId: string, userId: string): StoredItem {
  return { companyId: { S: companyId }, userId: { S: userId }, role: { S: 'member' } };
}

export function aCompany(companyId: string, ownerId?: string): StoredItem {
  return { companyId: { S: companyId }, ...(ownerId === undefined ? {} : { ownerId: { S: ownerId } }) };
}

/** Rows of a table without their stamps, by key text. */
export function contentOf(trial: Trial, table: string): Record<string, StoredItem> {
  return Object.fromEntries(
    (trial.tables().get(table) ?? []).map((row) => {
      const content = Object.entries(row).filter(([name]) => name !== '_migration');
      return [trial.key(table, row), Object.fromEntries(content)];
    }),
  );
}

/** When the newest run began. */
export async function startOf(trial: Trial): Promise<string> {
  const [latest] = await trial.runs();
  return latest?.startedAt ?? '';
}

/** What the newest run has said of a kind. */
export function entriesOf(trial: Trial, kind: JournalEntry['kind']): Promise<JournalEntry[]> {
  return entriesOfStep(trial, 'mapping', [kind]);
}

/** `<user> <rule or reason> <company>`, sorted: the audit rows (E-32). */
export async function auditOf(trial: Trial): Promise<string[]> {
  const entries = await entriesOf(trial, 'decision');
  return entries
    .map(({ source, reason, key = '' }) => `${source.slice(USERS.length + 1)} ${reason} ${key}`.trim())
    .sort();
}
