import { noCounters } from '../../../src/runner/engine/counters.js';
import type { Application, RunResult, StepResult } from '../../../src/runner/application.js';
import type { RunRecord } from '../../../src/runner/ports/journal.js';
import { leftToRun } from '../../../src/runner/services/retry-words.js';
import { openedCompany } from '../../migrations/company/company-application.js';
import { aProject, aWork, MEMBERS, T } from '../../migrations/company/entities-trial.js';
import { KpiTrial, kpiPlanInMemory } from '../../support/engine/kpi-trial.js';
import { id, kpi, link, milestone } from '../../support/engine/small-rows.js';
import { TABLE } from '../../support/kpi/tables.js';

const PLAIN = { plan: 'company', accept: [], confirmProduction: false };
const HANG = 'hang on what was settled, and a retry does not bring them up to date. This does: ';
const RUN = 'node runner run --env dev --plan company';

/** A project that is set aside, so that the work of its user is written without it. */
async function company(): Promise<{ application: Application; run: () => Promise<RunResult> }> {
  const { application, store } = openedCompany({
    ...MEMBERS,
    [T.oldProjects]: [aProject('ann', 'p1', { createdAt: { BOOL: true } })],
    [T.oldWorks]: [aWork('ann', 'w1', { projectId: { S: 'p1' } })],
  });
  const run = (): Promise<RunResult> =>
    application.run({ ...PLAIN, dryRun: false, resume: 'auto', overrides: [] });
  expect((await run()).steps.map(({ counters }) => counters.quarantined)).toEqual([0, 1, 0, 0, 0]);
  store.load(T.oldProjects, [aProject('ann', 'p1')]);
  return { application, run };
}

const found = ({ steps }: RunResult): string[] =>
  steps.flatMap(({ findings }) => findings.map(({ step, kind }) => `${step} ${kind}`));

describe('a retry after which rows of others are not up to date', () => {
  it.each([
    ['all that is set aside', {}],
    ['one record', { ids: ['ann|p1'] }],
  ])(
    'invariant 10: of %s names the run that mends them, in its notices and in its error',
    async (_, choice) => {
      const { application, run } = await company();
      const result = await application.retry({ ...PLAIN, ...choice });
      expect([result.exit, result.status, found(result)]).toEqual([1, 'failed', ['works different']]);
      const told = `Rows of works ${HANG}${RUN}`;
      expect(result.notices).toEqual([told]);
      expect(result.error).toMatchObject({ code: 'VALIDATION_FAILED', next: told });
      const next = await run();
      expect([next.exit, next.steps.map(({ counters }) => counters.updated)]).toEqual([0, [0, 0, 0, 1, 0]]);
    },
  );

  it('tells of them also where something of their step was tried again', async () => {
    const tables = {
      [TABLE.kpis]: [kpi(1)],
      [TABLE.people]: [],
      [TABLE.links]: [link(1), link(2, { kpiId: { S: 'no GUID' } })],
      [TABLE.milestones]: [milestone(1), milestone(2, { targetValue: { S: 'many' } })],
    };
    const trial = await new KpiTrial({ segments: 2 }).put(tables);
    await trial.run();
    trial.store.load(TABLE.links, [link(2)]);
    trial.store.load(TABLE.milestones, [milestone(2)]);
    const result = await trial.retry();
    expect(result.steps.map(({ step, status }) => `${step} ${status}`)).toContain('milestones failed');
    expect(result.notices).toEqual([`Rows of milestones ${HANG}node runner run --env dev`]);
    expect((await trial.run()).exit).toBe(0);
  });
});

describe('a retry of some records where others are mended, too', () => {
  it('invariant 10: fails because of these, and says so and what to type', async () => {
    const unread = { targetValue: { S: 'many' } };
    const trial = await new KpiTrial({ segments: 2 }).put({
      [TABLE.kpis]: [kpi(1)],
      [TABLE.people]: [],
      [TABLE.links]: [link(1)],
      [TABLE.milestones]: [milestone(1, unread), milestone(2, unread)],
    });
    await trial.run();
    trial.store.load(TABLE.milestones, [milestone(1), milestone(2)]);
    const result = await trial.retry({ ids: [id('d1', 1)] });
    expect([result.exit, found(result)]).toEqual([1, ['milestones missing']]);
    const told =
      'Of milestones rows are missing, as is so where records that were not chosen are mended, too. ' +
      'This writes them: node runner run --env dev';
    expect([result.notices[0], result.error?.next]).toEqual([told, told]);
    // what they were set aside for is gone with them
    expect((await trial.retry()).exit).toBe(0);
  });

  it('A-04: names the run as production wants it', () => {
    const step = { ...STEP, step: 'links', counters: { ...STEP.counters, rows: 1 } };
    const behind = { ...STEP, findingsTotal: 1 };
    const results = new Map([step, behind].map((one) => [one.step, one]));
    const admitted = { record: { selection: {} } as RunRecord, unverified: [] };
    const environment = { name: 'production', production: true };
    expect(leftToRun(kpiPlanInMemory(), admitted, results, environment)).toEqual([
      `Rows of milestones ${HANG}node runner run --env production --confirm-production`,
    ]);
  });
});

const STEP: StepResult = {
  ...{ step: 'milestones', title: '', status: 'validated', reasons: {}, checks: [], findings: [] },
  ...{ counters: noCounters(), findingsTotal: 0, durationMs: 0 },
};
