import { textOf } from '../../../src/domain/storage/stored-value.js';
import { incidentDocument, incidentReport } from '../../../src/runner/reports/incident-report.js';
import { KpiTrial } from '../../support/engine/kpi-trial.js';
import { actual, kpi, link, milestone, reading } from '../../support/engine/small-rows.js';
import { TABLE } from '../../support/kpi/tables.js';

const TABLES = {
  [TABLE.kpis]: [kpi(1)],
  [TABLE.people]: [],
  [TABLE.links]: [link(1)],
  [TABLE.milestones]: [milestone(1)],
  [TABLE.actuals]: [actual(1)],
  [TABLE.readings]: [reading(1)],
};

async function text(pieces: AsyncIterable<string>): Promise<string> {
  let all = '';
  for await (const piece of pieces) all += piece;
  return all;
}

async function migratedTrial(): Promise<{ readonly trial: KpiTrial; readonly run: string }> {
  const trial = await new KpiTrial().put(TABLES);
  const { exit, run } = await trial.run();
  expect(exit).toBe(0);
  return { trial, run };
}

describe('the report of the incident behind a rollback', () => {
  it('E-42: holds what the journal knows, and a headed place for what it does not', async () => {
    const { trial, run } = await migratedTrial();
    const [row] = (await trial.rows(TABLE.kpiData)).filter((one) => textOf(one['dataCategory']) === 'Target');
    if (row === undefined) throw new Error('no milestone was migrated');
    await trial.store.replace({ table: TABLE.kpiData, item: { ...row, label: { S: 'secret words' } } }, row);
    const rollback = await trial.application.rollback({
      plan: 'kpi',
      dryRun: false,
      confirmProduction: false,
      by: 'ann',
      why: 'errors | above 1 %',
    });
    expect(rollback.exit).toBe(0);

    const incident = await trial.application.incident({ plan: 'kpi' });
    const report = await text(incidentReport(incident));

    expect(report).toContain('# Incident: rollback of kpi, dev\n');
    for (const fact of [
      `- **Rollback:** ${rollback.run}\n`,
      '- **Status:** complete\n',
      '- **Steps:** links, milestones, actuals, readings\n',
      '- **Rows of:** any run\n',
      '- **Asked for by:** ann\n',
      '- **Trigger:** errors \\| above 1 %\n',
    ])
      expect(report).toContain(fact);
    expect(report).toMatch(/\| links \| rolled-back \| 2 \| 0 \| /);
    expect(report).toMatch(/\| milestones \| rolled-back \| 0 \| 1 \| /);
    expect(report.match(new RegExp(`\\| ${run} \\| complete \\| `, 'g'))).toHaveLength(4);
    expect(report).toContain(`node runner conflicts list --env dev --run ${run}`);
    const sections = [...report.matchAll(/^## (.*)$/gm)].map(([, title]) => title);
    expect(sections).toEqual([
      'What was rolled back',
      'Whose rows they were',
      'Rows that could not be rolled back',
      'Impact',
      'Root cause',
      'Plan update',
      'Retry date',
    ]);
    expect(report).toMatch(/\n\| milestones \| .* \| EDITED \| /);
    expect(report).not.toContain('secret words');
    expect(await incidentDocument(incident)).toMatchObject({
      run: rollback.run,
      by: 'ann',
      why: 'errors | above 1 %',
      kept: [{ step: 'milestones', reason: 'EDITED' }],
      toFill: ['Impact', 'Root cause', 'Plan update', 'Retry date'],
    });
  });

  it('E-42: says what is not in the journal, and makes nothing up', async () => {
    const { trial } = await migratedTrial();
    const request = { plan: 'kpi', dryRun: true, confirmProduction: false };
    const { run } = await trial.application.rollback(request);
    const report = await text(incidentReport(await trial.application.incident({ plan: 'kpi', run })));
    expect(report).toContain('- **Status:** complete, dry run: nothing was removed\n');
    expect(report).toContain('- **Asked for by:** not in the journal: fill in\n');
    expect(report).toContain('- **Trigger:** not in the journal: fill in\n');
    expect(report).toContain('| To remove |');
    expect(report).toContain('\n## Rows that could not be rolled back\n\nNone.\n');
  });

  it('names only the run whose rows were asked for', async () => {
    const { trial, run } = await migratedTrial();
    expect((await trial.run()).exit).toBe(0);
    await trial.application.rollback({ plan: 'kpi', run, dryRun: false, confirmProduction: false });
    const { migrations } = await trial.application.incident({ plan: 'kpi' });
    expect(migrations.map((one) => [one.step, one.run.run, one.counters.created])).toEqual([
      ['links', run, 1],
      ['milestones', run, 1],
      ['actuals', run, 1],
      ['readings', run, 1],
    ]);
  });

  it('is refused for a run that is no rollback, and where there was none', async () => {
    const { trial, run } = await migratedTrial();
    const refused = { exit: 2, code: 'NO_ROLLBACK' };
    await expect(trial.application.incident({ plan: 'kpi', run })).rejects.toMatchObject(refused);
    await expect(trial.application.incident({ plan: 'kpi' })).rejects.toMatchObject(refused);
    await expect(trial.application.incident({ plan: 'kpi', run: 'r' })).rejects.toMatchObject({
      code: 'RUN_UNKNOWN',
    });
  });
});
