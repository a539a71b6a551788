import { Trial } from '../../../src/conformance/trial/trial.js';
import type { TableRows } from '../../../src/conformance/index.js';
import type { StoredItem } from '../../../src/domain/storage/stored-value.js';
import { CompanyMapper } from '../../../src/infrastructure/persistence/company/company.mapper.js';
import { ContractorMapper } from '../../../src/infrastructure/persistence/company/contractor.mapper.js';
import { ExpenseMapper } from '../../../src/infrastructure/persistence/company/expense.mapper.js';
import { MembershipMapper } from '../../../src/infrastructure/persistence/company/membership.mapper.js';
import { ProjectMapper } from '../../../src/infrastructure/persistence/company/project.mapper.js';
import { WorkMapper } from '../../../src/infrastructure/persistence/company/work.mapper.js';
import { COMPANY_OUTLINE } from '../../../src/migrations/company/company.outline.js';
import { ContractorsStep } from '../../../src/migrations/company/contractors.step.js';
import { DEFAULT_POLICY, type EntityPolicy } from '../../../src/migrations/company/entity-policy.js';
import { ExpensesStep } from '../../../src/migrations/company/expenses.step.js';
import { MappingStep } from '../../../src/migrations/company/mapping.step.js';
import { ProjectsStep } from '../../../src/migrations/company/projects.step.js';
import { NO_OVERRIDES, type Overrides } from '../../../src/migrations/company/resolution/overrides.js';
import { WorksStep } from '../../../src/migrations/company/works.step.js';
import type { MigrationPlan } from '../../../src/migrations/contract/migration-plan.js';
import { entriesOf } from '../../support/trial-entries.js';

const OLD = 'construction-expenses-multi-table-';
const NEW = 'construction-expenses-company-';

/** Short names of the plan's tables. */
export const T = {
  oldUsers: `${OLD}users`,
  oldProjects: `${OLD}projects`,
  oldContractors: `${OLD}contractors`,
  oldWorks: `${OLD}works`,
  oldExpenses: `${OLD}expenses`,
  companies: 'construction-expenses-companies',
  users: `${NEW}users`,
  projects: `${NEW}projects`,
  contractors: `${NEW}contractors`,
  works: `${NEW}works`,
  expenses: `${NEW}expenses`,
} as const;

export interface PlanOptions {
  readonly policy?: EntityPolicy;
  readonly overrides?: Overrides;
}

/** The plan as the composition root makes it. */
export function companyInMemory({
  policy = DEFAULT_POLICY,
  overrides = NO_OVERRIDES,
}: PlanOptions = {}): MigrationPlan {
  const mappers = {
    project: new ProjectMapper(),
    contractor: new ContractorMapper(),
    work: new WorkMapper(),
    expense: new ExpenseMapper(),
  };
  const parts = { overrides, policy, mappers };
  return {
    ...COMPANY_OUTLINE,
    steps: [
      new MappingStep(new CompanyMapper(), new MembershipMapper(), overrides),
      new ProjectsStep(parts),
      new ContractorsStep(parts),
      new WorksStep(parts),
      new ExpensesStep(parts),
    ],
  };
}

/** Company `acme` with users `ann`, `bob` and `cyd`, company `zeta` with user `zoe`. */
export const MEMBERS: TableRows = {
  [T.companies]: [company('acme'), company('zeta')],
  [T.users]: [...['ann', 'bob', 'cyd'].map((userId) => member('acme', userId)), member('zeta', 'zoe')],
};

/** Tables in memory with these rows beside the companies and their members. */
export function trialOn(rows: TableRows, options: PlanOptions = {}): Trial {
  return new Trial(() => companyInMemory(options), { ...MEMBERS, ...rows });
}

export function company(companyId: string): StoredItem {
  return { companyId: { S: companyId }, name: { S: companyId } };
}

export function member(companyId: string, userId: string): StoredItem {
  return { companyId: { S: companyId }, userId: { S: userId }, role: { S: 'admin' } };
}

const TIMES: StoredItem = {
  createdAt: { S: '2024-01-02T03:04:05.678Z' },
  updatedAt: { S: '2024-02-03T04:05:06Z' },
};

export function aProject(userId: string, projectId: string, more: StoredItem = {}): StoredItem {
  return { userId: { S: userId }, projectId: { S: projectId }, name: { S: 'House' }, ...TIMES, ...more };
}

export function aContractor(userId: string, contractorId: string, more: StoredItem = {}): StoredItem {
  return {
    userId: { S: userId },
    contractorId: { S: contractorId },
    name: { S: 'Roofer' },
    ...TIMES,
    ...more,
  };
}

export function aWork(userId: string, workId: string, more: StoredItem = {}): StoredItem {
  return { userId: { S: userId }, workId: { S: workId }, name: { S: 'Roof' }, ...TIMES, ...more };
}

export function anExpense(userId: string, expenseId: string, more: StoredItem = {}): StoredItem {
  return {
    userId: { S: userId },
    expenseId: { S: expenseId },
    amount: { N: '12.5' },
    description: { S: 'Nails' },
    date: { S: '2024-01-02' },
    ...TIMES,
    ...more,
  };
}

/** The rows of a table by `<partition key>|<sort key>`, without stamps. */
export function contentOf(trial: Trial, table: string): Record<string, StoredItem> {
  const rows = trial.tables().get(table) ?? [];
  return Object.fromEntries(rows.map((row) => [trial.key(table, row), unstamped(row)]));
}

export function unstamped(row: StoredItem): StoredItem {
  return Object.fromEntries(Object.entries(row).filter(([name]) => name !== '_migration'));
}

export function rowOf(trial: Trial, table: string, key: string): StoredItem {
  const row = (trial.tables().get(table) ?? []).find((one) => trial.key(table, one) === key);
  if (row === undefined) throw new RangeError(`no row ${key}`);
  return row;
}

/** `<kind> <reason> <key of the record> <field>`, sorted, but for what is told of carried attributes. */
export async function linesOf(trial: Trial, step: string): Promise<string[]> {
  const entries = (await entriesOf(trial, step)).filter(({ reason }) => reason !== 'ATTRIBUTE_CARRIED');
  return entries
    .map(({ kind, reason, source, field = '' }) =>
      `${kind} ${reason} ${source.split('#')[1] ?? ''} ${field}`.trim(),
    )
    .sort();
}

/** `<step> <kind> <key> <field>` of all findings of a validation. */
export async function findings(trial: Trial, steps?: readonly string[]): Promise<string[]> {
  const { findings: found } = await trial.validate(steps);
  return found.map(({ step, kind, key, field = '' }) => `${step} ${kind} ${key} ${field}`.trim()).sort();
}
