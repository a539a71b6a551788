import { newestRun, newRun, startedAfter } from '../../../src/runner/services/new-run.js';
import { latestSettledRun } from '../../../src/runner/services/latest-run.js';
import { MemoryJournal } from '../../../src/infrastructure/journal/memory-journal.js';
import { noCounters } from '../../../src/runner/engine/counters.js';
import { endOf, runIdAt } from '../../../src/runner/engine/run-id.js';
import type { Environment } from '../../../src/runner/ports/environment.js';
import type { RunRecord, StepRecord } from '../../../src/runner/ports/journal.js';
import { kpiPlanInMemory } from '../../support/engine/kpi-trial.js';

const PLAN = kpiPlanInMemory();
const at = (instant: string): Date => new Date(instant);

function made(instant: string, latest?: RunRecord): RunRecord {
  const parts = {
    environment: { name: 'staging', segments: 4 } as Environment,
    admin: { physicalName: (table: string) => `${table}-staging` } as never,
    now: () => at(instant),
    random: () => 0.5,
    planVersion: () => 'a'.repeat(64),
    planFiles: () => ({ 'domain/kpi.js': 'a1' }),
  };
  const request = { dryRun: false, accept: ['allow-unlinked'], overrides: [] };
  return newRun(parts, PLAN, PLAN.steps.slice(0, 1), request, latest);
}

describe('the record of a new run', () => {
  it('pins what must be the same when it is resumed', () => {
    expect(made('2026-11-21T08:00:00.250Z')).toEqual({
      run: '20261121T080000Z-800000',
      plan: 'kpi',
      env: 'staging',
      planVersion: 'a'.repeat(64),
      dryRun: false,
      status: 'running',
      startedAt: '2026-11-21T08:00:00.250Z',
      steps: ['links'],
      flags: ['allow-unlinked'],
      pins: {
        segments: 4,
        tables: Object.fromEntries(PLAN.tables.map(({ name }) => [name, `${name}-staging`])),
        files: { 'domain/kpi.js': 'a1' },
      },
    });
  });

  it.each([
    ['a second later', '2026-11-21T08:00:01.000Z', '20261121T080001Z', '2026-11-21T08:00:01.000Z'],
    ['in the same second', '2026-11-21T08:00:00.900Z', '20261121T080001Z', '2026-11-21T08:00:01.000Z'],
    ['an hour before', '2026-11-21T07:00:00.000Z', '20261121T080001Z', '2026-11-21T08:00:01.000Z'],
    ['years before', '1970-01-01T00:00:00.000Z', '20261121T080001Z', '2026-11-21T08:00:01.000Z'],
  ])('sorts behind the newest run where the clock says it is %s', (_, now, run, startedAt) => {
    const newest = made('2026-11-21T08:00:00.250Z');
    const next = made(now, newest);
    expect([next.run.slice(0, 16), next.startedAt]).toEqual([run, startedAt]);
    expect(next.run > newest.run).toBe(true);
  });

  it('sorts behind the end of the newest run, too, which another clock may have written', () => {
    const newest = { ...made('2026-11-21T08:00:00.250Z'), endedAt: '2026-11-21T08:30:00.000Z' };
    expect(made('2026-11-21T08:10:00Z', newest).startedAt).toBe('2026-11-21T08:30:01.000Z');
    expect(made('2026-11-21T08:40:00Z', newest).startedAt).toBe('2026-11-21T08:40:00.000Z');
    const odd = { ...newest, endedAt: '2026-11-21T07:00:00.000Z' };
    expect(made('2026-11-21T07:10:00Z', odd).startedAt).toBe('2026-11-21T08:00:01.000Z');
  });

  it('is moved behind another where it was made before that was known, and keeps the rest of its id', () => {
    const other = made('2026-11-21T08:00:00.250Z');
    const early = made('2026-11-21T07:59:00.000Z');
    expect(startedAfter(early, other)).toEqual({
      ...early,
      run: '20261121T080001Z-800000',
      startedAt: '2026-11-21T08:00:01.000Z',
    });
    const late = made('2026-11-21T08:00:07.000Z');
    expect([startedAfter(late, other), startedAfter(late, undefined)]).toEqual([late, late]);
    expect(runIdAt(at('2027-01-02T03:04:05.678Z'), late.run)).toBe('20270102T030405Z-800000');
  });

  it('never ends before it began', () => {
    expect(endOf('2026-11-21T08:00:00.250Z', at('2026-11-21T07:00:00Z'))).toBe('2026-11-21T08:00:00.250Z');
    expect(endOf('2026-11-21T08:00:00.250Z', at('2026-11-21T09:00:00Z'))).toBe('2026-11-21T09:00:00.000Z');
  });
});

describe('the latest run as it really stands', () => {
  const now = (): Date => at('2026-11-21T09:00:00Z');
  const step = (run: string, name: string, status: StepRecord['status']): StepRecord => {
    return { run, step: name, status, counters: noCounters(), checks: [], findings: 0, reasons: {} };
  };
  const state = (run: string, name: string, status: 'running' | 'validated' | 'failed') => {
    return {
      plan: 'kpi',
      step: name,
      status,
      run,
      planVersion: 'v',
      at: '2026-11-21T08:30:00.000Z',
    } as const;
  };

  it('is unfinished where no step of it failed', async () => {
    const journal = new MemoryJournal();
    const run = made('2026-11-21T08:00:00Z');
    await journal.saveRun(run);
    await journal.saveStep(step(run.run, 'links', 'validated'));
    await journal.saveStep(step(run.run, 'milestones', 'running'));
    expect(await latestSettledRun(journal, 'kpi', now)).toEqual(run);
    expect(await journal.run(run.run)).toEqual(run);
  });

  it('invariant 8: is failed where a step of it failed, and so is the step, unless it was validated since', async () => {
    for (const since of ['running', 'validated', 'failed'] as const) {
      const journal = new MemoryJournal();
      const run = made('2026-11-21T08:00:00Z');
      await journal.saveRun(run);
      await journal.saveStep(step(run.run, 'links', 'failed'));
      await journal.saveState(state(run.run, 'links', since));
      await journal.saveState(state('another', 'milestones', 'running'));
      const failed = { ...run, status: 'failed', endedAt: '2026-11-21T09:00:00.000Z' };
      expect(await latestSettledRun(journal, 'kpi', now)).toEqual(failed);
      expect(await journal.run(run.run)).toEqual(failed);
      expect(await journal.states('kpi')).toEqual([
        since === 'running'
          ? { ...state(run.run, 'links', 'failed'), at: '2026-11-21T09:00:00.000Z' }
          : state(run.run, 'links', since),
        state('another', 'milestones', 'running'),
      ]);
    }
  });

  it('passes refused runs over, though they are the newest', async () => {
    const journal = new MemoryJournal();
    const run = made('2026-11-21T08:00:00Z');
    const refused = { ...made('2026-11-21T08:10:00Z'), status: 'refused' as const };
    for (const record of [run, refused]) await journal.saveRun(record);
    expect(await latestSettledRun(journal, 'kpi', now)).toEqual(run);
    expect(await newestRun(journal, 'kpi')).toEqual(refused);
  });
});
