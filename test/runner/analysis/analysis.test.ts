import type { StoredItem } from '../../../src/domain/storage/stored-value.js';
import type { ServiceParts } from '../../../src/runner/services/service-parts.js';
import { analysisReport, analysisText } from '../../../src/runner/reports/analysis-report.js';
import { openedCompany } from '../../migrations/company/company-application.js';
import { company, member, T } from '../../migrations/company/entities-trial.js';

const PRODUCTION = 'construction-expenses-production-table';
const INVITATIONS = 'construction-expenses-invitations';

const ROWS: Readonly<Record<string, readonly StoredItem[]>> = {
  [T.oldExpenses]: [expense('ann', 'e1'), expense('orphan', 'e2'), expense('torn', 'e3')],
  [T.oldProjects]: [{ userId: { S: 'ann' }, projectId: { S: 'p1' } }],
  [T.companies]: [company('acme'), company('zeta')],
  [T.users]: [member('acme', 'ann'), member('acme', 'torn'), member('zeta', 'torn')],
  [T.expenses]: [{ companyId: { S: 'acme' }, expenseId: { S: 'live' } }],
};

function expense(userId: string, expenseId: string): StoredItem {
  return {
    userId: { S: userId },
    expenseId: { S: expenseId },
    amount: { N: '1.5' },
    date: { S: '2024-05-06' },
  };
}

/** A store that has figures of its own of one table beside the plan's, and notes for what it was asked. */
function besideOf(asked: string[]): NonNullable<ServiceParts['describeBeside']> {
  return (_plan, table) => {
    asked.push(table);
    if (table !== PRODUCTION) return Promise.resolve(undefined);
    return Promise.resolve({
      ...{
        name: table,
        physicalName: table,
        status: 'ACTIVE',
        itemCount: 4,
        bytes: 782,
        keyTypes: new Map(),
      },
      ...{ partitionKey: 'id', indexes: [] },
    });
  };
}

const about = (table: string, found: { readonly tables: readonly { readonly table: string }[] }): unknown =>
  found.tables.find((one) => one.table === table);

describe('analyze', () => {
  it('E-01, E-14: counts the rows and bytes of every table of the plan, each row as the store measures it', async () => {
    const analysis = await openedCompany(ROWS).application.analyze({ plan: 'company' });
    // ann: userId and 3, expenseId and 2, amount and 3, date and 10; two more users with longer ids
    expect(about(T.oldExpenses, analysis)).toEqual({
      ...{ table: T.oldExpenses, physicalName: T.oldExpenses, group: 'source', found: true, counted: 'scan' },
      ...{ items: 3, bytes: 133, averageBytes: 44, migrated: 0 },
    });
    expect(about(T.oldUsers, analysis)).toMatchObject({ items: 0, bytes: 0 });
    expect(about(T.companies, analysis)).toMatchObject({ group: 'lookup', items: 2 });
    expect(about(T.expenses, analysis)).toMatchObject({ group: 'target', items: 1, migrated: 0 });
  });

  it('E-X01: tells what was there from what was moved', async () => {
    const { application } = openedCompany(ROWS);
    const run = {
      plan: 'company',
      dryRun: false,
      accept: ['allow-ambiguous-users'],
      confirmProduction: false,
    };
    await application.run({ ...run, resume: 'auto', overrides: [] });
    const analysis = await application.analyze({ plan: 'company' });
    expect(about(T.expenses, analysis)).toMatchObject({ items: 3, migrated: 2 });
    expect(about(T.companies, analysis)).toMatchObject({ items: 3, migrated: 1 });
  });

  it('E-X01: counts no stamp as moved that no step of the plan leaves there', async () => {
    const stamped = (row: StoredItem, source: string): StoredItem => ({
      ...row,
      _migration: { M: { source: { S: source }, run: { S: 'r' }, digest: { S: 'd' } } },
    });
    const row = (id: string): StoredItem => ({ companyId: { S: 'acme' }, expenseId: { S: id } });
    const { application } = openedCompany({
      [T.oldExpenses]: [stamped(expense('ann', 'e1'), `${T.oldExpenses}#ann|e1`)],
      [T.expenses]: [
        stamped(row('ours'), `${T.oldExpenses}#ann|e1`),
        stamped(row('another plan'), 'other#ann|e1'),
        stamped(row('another step'), `${T.oldProjects}#ann|p1`),
      ],
      [T.companies]: [stamped(company('acme'), `${T.oldExpenses}#ann|e1`)],
    });
    const analysis = await application.analyze({ plan: 'company' });
    expect(about(T.oldExpenses, analysis)).toMatchObject({ items: 1, migrated: 0 });
    expect(about(T.expenses, analysis)).toMatchObject({ items: 3, migrated: 1 });
    expect(about(T.companies, analysis)).toMatchObject({ items: 1, migrated: 0 });
  });

  it('E-03, E-04: asks the store alone of tables that are archived or never touched', async () => {
    const asked: string[] = [];
    const { application } = openedCompany(ROWS, { describeBeside: besideOf(asked) });
    const analysis = await application.analyze({ plan: 'company' });
    expect(about(PRODUCTION, analysis)).toEqual({
      ...{ table: PRODUCTION, physicalName: PRODUCTION, group: 'archived', found: true, counted: 'store' },
      ...{ items: 4, bytes: 782, averageBytes: 196 },
    });
    expect(about(INVITATIONS, analysis)).toEqual({
      ...{ table: INVITATIONS, physicalName: INVITATIONS, group: 'untouched', found: false },
    });
    expect(asked).toEqual([
      PRODUCTION,
      INVITATIONS,
      ...['customers', 'payments', 'subscriptions', 'webhooks'].map(
        (name) => `construction-expenses-paddle-${name}`,
      ),
    ]);
  });

  it('E-15: tells in advance which company each user would get and why', async () => {
    const { application, store } = openedCompany(ROWS);
    const { steps } = await application.analyze({ plan: 'company' });
    expect(steps).toMatchObject([
      { step: 'mapping', records: 3, rules: { 'company-users': 1, COMPANY_AMBIGUOUS: 1, created: 1 } },
    ]);
    expect(steps[0]?.decisions).toMatchObject([
      { source: `${T.oldUsers}#ann`, outcome: 'skipped', rule: 'company-users', key: 'acme' },
      { source: `${T.oldUsers}#orphan`, outcome: 'rows', rule: 'created' },
      {
        ...{ source: `${T.oldUsers}#torn`, outcome: 'quarantined', rule: 'COMPANY_AMBIGUOUS' },
        detail: 'the user is a member of 2 companies: acme, zeta',
      },
    ]);
    // nothing was written to find that out
    expect(store.rows(T.companies)).toHaveLength(2);
  });

  it('E-12: prints the inventory, the preview and, as a document, the mapping', async () => {
    const { application } = openedCompany(ROWS, { describeBeside: besideOf([]) });
    const analysis = await application.analyze({ plan: 'company' });
    const text = analysisText(analysis);
    expect(text).toContain('Step mapping would decide on 3 records:');
    expect(text).toMatch(
      /construction-expenses-production-table +archived only +4 +782 +196 +by the store, late/,
    );
    expect(text).toMatch(/construction-expenses-invitations +never touched +there is no such table/);
    const report = analysisReport(analysis);
    expect(report).toContain('## Inventory');
    expect(report).toContain('## Mapping: company, dev');
    expect(report).toContain('### Which company a user’s records go to');
  });

  it('tells nothing of decisions while a table is missing that they rest on', async () => {
    const analysis = await openedCompany(ROWS, { missing: T.users }).application.analyze({ plan: 'company' });
    expect(about(T.users, analysis)).toEqual({
      ...{ table: T.users, physicalName: T.users, group: 'lookup', found: false },
    });
    expect(analysis.steps).toEqual([]);
    expect(analysisText(analysis)).toContain('can’t be told while tables are missing');
  });
});
