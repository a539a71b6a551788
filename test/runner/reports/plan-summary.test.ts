import type { SummarizedStep } from '../../../src/migrations/contract/plan-summary.js';
import { companySummary } from '../../../src/migrations/company/company.summary.js';
import { coreTableSummary } from '../../../src/migrations/core-table/core-table.summary.js';
import { personnelSummary } from '../../../src/migrations/personnel/personnel.summary.js';
import { renderReport } from '../../../src/runner/reports/run-report.js';
import { KpiTrial } from '../../support/engine/kpi-trial.js';
import { actual, id, kpi, link, milestone, reading } from '../../support/engine/small-rows.js';
import { TABLE } from '../../support/kpi/tables.js';

const TABLES = {
  [TABLE.kpis]: [kpi(1), kpi(2)],
  [TABLE.people]: [],
  [TABLE.links]: [link(1)],
  [TABLE.milestones]: [milestone(1), milestone(2, { kpiId: { S: id('c1', 2) } })],
  [TABLE.actuals]: [actual(1)],
  [TABLE.readings]: [reading(1)],
};

async function text(pieces: AsyncIterable<string>): Promise<string> {
  let all = '';
  for await (const piece of pieces) all += piece;
  return all;
}

describe('the summary of a plan in its report', () => {
  const SENTENCES = [
    '1 goal link: 1 KPI link; 0 set aside; verified',
    '2 milestones: 1 row of KPI data; 1 set aside; verified',
    '1 actual: 1 row of KPI data; 0 set aside; verified',
    '1 reading: 1 row of KPI data; 0 set aside; verified',
    'of KPIs without a link: 1 record',
  ];

  it('tells what came of the records, in every form of the report', async () => {
    const trial = await new KpiTrial().put(TABLES);
    await trial.run();
    const report = await trial.application.report({ plan: 'kpi' });
    expect(report.summary).toEqual(SENTENCES);
    expect(JSON.parse(await text(renderReport(report, 'json')))).toMatchObject({ summary: SENTENCES });
    for (const sentence of SENTENCES) {
      expect(await text(renderReport(report, 'markdown'))).toContain(`- ${sentence}\n`);
      expect(await text(renderReport(report, 'html'))).toContain(`<li>${sentence}</li>`);
    }
  });

  it('tells of the steps that ran only, and nothing of a rollback', async () => {
    const trial = await new KpiTrial().put(TABLES);
    await trial.run({ steps: ['links'] });
    expect((await trial.application.report({ plan: 'kpi' })).summary).toEqual(SENTENCES.slice(0, 1));
    await trial.application.rollback({ plan: 'kpi', dryRun: false, confirmProduction: false });
    expect((await trial.application.report({ plan: 'kpi' })).summary).toBeUndefined();
  });

  const step = (fields: Partial<SummarizedStep>): SummarizedStep => ({
    ...{ step: 'servers', passed: true, read: 3, rows: 3, reasons: {} },
    outcomes: { created: 3, updated: 0, unchanged: 0, skipped: 0, quarantined: 0, conflict: 0 },
    ...fields,
  });

  it('C-21: counts the items of core-table as servers, memberships and users', () => {
    const aside = { created: 5, updated: 0, unchanged: 0, skipped: 0, quarantined: 2, conflict: 1 };
    expect(
      coreTableSummary([
        step({}),
        step({ step: 'memberships', read: 8, rows: 5, outcomes: aside }),
        step({ step: 'users', read: 8, rows: 1, passed: false }),
      ]),
    ).toEqual([
      '3 servers + 5 memberships + 1 user = 9 items of CoreTable',
      'servers: 0 of 3 set aside; verified',
      'memberships: 3 of 8 set aside; verified',
      'users: 0 of 8 set aside; the verification FAILED',
    ]);
    expect(coreTableSummary([])).toEqual([]);
  });

  it('E-49, P-30: never calls verified what nobody has verified', () => {
    expect(companySummary([step({ step: 'expenses', read: 7, rows: 7, passed: undefined })])).toEqual([
      'expenses: source 7, target 7; 0 set aside; not verified',
    ]);
    expect(personnelSummary([step({ step: 'employees', read: 1, rows: 1, passed: undefined })])).toEqual([
      '1 record of personnel: 1 row of the second version; 0 set aside; not verified',
    ]);
  });
});
