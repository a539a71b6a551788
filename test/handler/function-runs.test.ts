import { CORE_TABLE_SUBJECT } from '../conformance/core-table-subject.js';
import { KPI_SUBJECT } from '../conformance/kpi-subject.js';
import {
  LEGACY,
  PERSONNEL,
  PERSONNEL_SUBJECT,
  personnelPlanInMemory,
} from '../conformance/personnel-subject.js';
import { FunctionError } from '../../src/handler/function-error.js';
import type { FunctionResult } from '../../src/handler/index.js';
import { FunctionTrial } from '../support/handler/function-trial.js';

const SUBJECTS = [
  ['kpi', KPI_SUBJECT],
  ['personnel', PERSONNEL_SUBJECT],
  ['core-table', CORE_TABLE_SUBJECT],
] as const;

async function thrown(work: Promise<unknown>): Promise<FunctionError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof FunctionError) return error;
  throw new Error(`expected a FunctionError, found ${String(error)}`);
}

const LINE = {
  plan: 'personnel',
  dryRun: false,
  accept: [],
  confirmProduction: false,
  resume: 'auto',
  overrides: [],
} as const;

/** So many employees, with nothing wrong about them. */
function crowd(count: number): FunctionTrial {
  const rows = Array.from({ length: count }, (_, n) => ({
    PK: { S: `EMPLOYEE#e${n}` },
    SK: { S: 'PROFILE' },
    full_name: { S: 'Ada Byron' },
  }));
  return new FunctionTrial(personnelPlanInMemory, { [LEGACY]: rows, [PERSONNEL]: [] });
}

/** The first of several invocations: its time is over in the middle of the records. */
async function begun(): Promise<{ readonly trial: FunctionTrial; readonly first: FunctionResult }> {
  for (let pages = 2; pages < 1000; pages += 2) {
    const trial = crowd(60);
    trial.pagesAtOnce = pages;
    const first = await trial.invoke();
    if (first.counts.read === 0) continue;
    trial.pagesAtOnce = Infinity;
    return { trial, first };
  }
  throw new Error('no invocation ended in the middle of the records');
}

describe('a plan in many short invocations', () => {
  it.each(SUBJECTS)('C-12: %s ends as at the command line, records set aside and all', async (_, subject) => {
    const trialOf = (): FunctionTrial => new FunctionTrial(subject.plan, subject.tables);
    const atOnce = trialOf();
    const direct = await atOnce.process().run({ ...LINE, plan: atOnce.plan.name });
    const trial = trialOf();
    trial.pagesAtOnce = 0;
    const results: FunctionResult[] = [];
    const last = await thrown(
      (async () => {
        for (let next: object = { maxIdleInvocations: 1000 }; ; next = results.at(-1)?.next ?? {}) {
          // a little more each time, so that they end everywhere, and one day come to their end
          trial.pagesAtOnce += 1;
          results.push(await trial.invoke(next));
        }
      })(),
    );
    expect(results.length).toBeGreaterThan(10);
    expect(new Set(results.map(({ counts }) => counts.read)).size).toBeGreaterThan(2);
    expect(results.every(({ status, statusCode }) => status === 'continue' && statusCode === 202)).toBe(true);
    expect(new Set(results.map(({ run }) => run)).size).toBe(1);
    expect(last).toMatchObject({ name: 'Waybill.Failed', code: 'RECORDS_SET_ASIDE', run: results[0]?.run });
    expect(direct.exit).toBe(1);
    expect(await trial.endState()).toEqual(await atOnce.endState());
    expect(trial.opened).toBe(1);
  });

  it('C-11, C-X12: tells where it stands, lets go of the lease each time, and ends with 200', async () => {
    const { trial, first } = await begun();
    const run = first.run ?? '';
    expect(first).toMatchObject({
      statusCode: 202,
      status: 'continue',
      plan: 'personnel',
      step: 'employees',
    });
    expect(first.counts.read).toBeGreaterThan(0);
    expect(first.counts.read).toBeLessThan(60);
    expect(first.next).toEqual({
      ...{ env: 'dev', plan: 'personnel', run },
      state: { invocations: 1, idle: 0, mark: `employees:running:${first.counts.read}` },
    });
    expect(await trial.leases.current('personnel')).toMatchObject({ released: true });
    const last = (await trial.toTheEnd(first.next)).at(-1);
    expect(last).toMatchObject({
      ...{ statusCode: 200, status: 'complete', run, dryRun: false },
      counts: { read: 60, created: 60, quarantined: 0, conflict: 0 },
      steps: [{ step: 'employees', status: 'validated', checks: { failed: 0 } }],
    });
    expect(last?.next).toBeUndefined();
    expect(await trial.leases.current('personnel')).toMatchObject({ released: true });
  });

  it('answers an event that comes twice with the end of its run, and begins no other', async () => {
    const { trial, first } = await begun();
    const [last] = await trial.toTheEnd(first.next);
    expect(last).toMatchObject({ status: 'complete', invocations: 2 });
    expect(await trial.invoke(first.next)).toEqual(last);
    expect(await trial.journal.runs('personnel', 10)).toHaveLength(1);
  });

  it('C-X12: throws the failure of a run again when its event comes again', async () => {
    const trial = new FunctionTrial(PERSONNEL_SUBJECT.plan, PERSONNEL_SUBJECT.tables);
    const { run = '' } = await thrown(trial.invoke());
    const again = await thrown(trial.invoke({ run }));
    expect(again).toMatchObject({ name: 'Waybill.Failed', code: 'RECORDS_SET_ASIDE', run });
    expect(await trial.journal.runs('personnel', 10)).toHaveLength(1);
  });

  it('gives up with an error of its own after five invocations that came no further', async () => {
    const trial = crowd(30);
    trial.pagesAtOnce = 1;
    const results: FunctionResult[] = [await trial.invoke()];
    for (let n = 2; n <= 4; n += 1) results.push(await trial.invoke(results.at(-1)?.next));
    expect(results.map(({ next }) => next?.state)).toEqual(
      [1, 2, 3, 4].map((n) => ({ invocations: n, idle: n, mark: '' })),
    );
    const error = await thrown(trial.invoke(results.at(-1)?.next));
    expect(error).toMatchObject({ name: 'Waybill.NoProgress', code: 'NO_PROGRESS', run: results[0]?.run });
    expect(error.message).toMatch(/^NO_PROGRESS: 5 invocations .* before step employees came any further/);
    trial.pagesAtOnce = Infinity;
    expect(await trial.invoke(results.at(-1)?.next)).toMatchObject({
      status: 'complete',
      run: results[0]?.run,
    });
  });

  it('goes on with the unfinished run of a command line, and the command line with its', async () => {
    const { trial, first } = await begun();
    const line = await trial.process().run({ ...LINE, resume: 'resume' });
    expect(line).toMatchObject({ run: first.run, status: 'complete', resumed: true });
    expect(await trial.invoke(first.next)).toMatchObject({ status: 'complete', run: first.run });
  });

  it('refuses to go on where somebody has begun anew since', async () => {
    const { trial, first } = await begun();
    trial.pagesAtOnce = 2;
    const other = await trial.invoke({ restart: true });
    trial.pagesAtOnce = Infinity;
    expect(other.next).not.toHaveProperty('restart');
    const error = await thrown(trial.invoke(first.next));
    expect(error).toMatchObject({ name: 'Waybill.Refused', code: 'RUN_SUPERSEDED', run: first.run });
    const named = await thrown(trial.invoke({ run: '20260101T000000Z-000000' }));
    expect(named).toMatchObject({ name: 'Waybill.Usage', code: 'RUN_UNKNOWN' });
    expect(await trial.invoke(other.next)).toMatchObject({ run: other.run, status: 'complete' });
    const { run } = await trial.process().rollback({ ...LINE });
    expect(await thrown(trial.invoke({ run }))).toMatchObject({ name: 'Waybill.Refused', code: 'RUN_OVER' });
  });

  it('is busy while another one holds the lease', async () => {
    const trial = crowd(3);
    const lease = await trial.leases.acquire({ plan: 'personnel', command: 'run', seconds: 30 });
    expect(await thrown(trial.invoke())).toMatchObject({ name: 'Waybill.Busy', code: 'LEASE_HELD' });
    await lease.release();
    expect(await trial.invoke()).toMatchObject({ status: 'complete' });
    expect(trial.opened).toBe(2);
  });

  it('a dry run has one invocation, because none is ever resumed', async () => {
    const trial = crowd(60);
    expect(await trial.invoke({ dryRun: true })).toMatchObject({ status: 'complete', dryRun: true });
    trial.pagesAtOnce = 2;
    const error = await thrown(trial.invoke({ dryRun: true }));
    expect(error).toMatchObject({ name: 'Waybill.NoProgress', code: 'DRY_RUN_UNFINISHED' });
    expect(await trial.journal.runs('personnel', 10)).toEqual([]);
  });
});
