import { changedFiles } from '../../../src/runner/ladder/changed-files.js';
import {
  isUnfinished,
  latestRun,
  runToResume,
  type Asked,
} from '../../../src/runner/engine/unfinished-run.js';
import type { RunRecord, RunStatus } from '../../../src/runner/ports/journal.js';

const FILES = { 'domain/kpi.js': 'a1', 'migrations/kpi/links.step.js': 'b2' };
const STEPS = ['links', 'milestones', 'actuals', 'readings'];

const UNFINISHED: RunRecord = {
  run: '20261121T080000Z-000001',
  plan: 'kpi',
  env: 'staging',
  planVersion: 'a'.repeat(64),
  dryRun: false,
  status: 'running',
  startedAt: '2026-11-21T08:00:00.000Z',
  steps: STEPS,
  flags: [],
  pins: { segments: 4, tables: { links: 'links-staging' }, files: FILES },
};

const ASKED: Asked = {
  env: 'staging',
  plan: 'kpi',
  planVersion: 'a'.repeat(64),
  steps: STEPS,
  stepsNamed: false,
  pins: { tables: { links: 'links-staging' }, files: FILES },
  resume: 'auto',
};

const asking = (latest: RunRecord | undefined, asked: Partial<Asked> = {}): RunRecord | undefined =>
  runToResume(latest, { ...ASKED, ...asked }, changedFiles);
const unfinished = (changes: Partial<RunRecord> = {}): RunRecord => ({ ...UNFINISHED, ...changes });

const withoutPins = ({ pins: _, ...record }: RunRecord): RunRecord => record;

describe('the run to go on with', () => {
  it.each<RunStatus>(['running', 'aborted'])(
    'is the latest one where it is %s, without being asked for',
    (status) => {
      const latest = unfinished({ status });
      expect(asking(latest)).toBe(latest);
      expect(asking(latest, { resume: 'resume' })).toBe(latest);
    },
  );

  it.each<RunStatus>(['complete', 'failed', 'refused'])('is none where the latest one is %s', (status) => {
    const latest = unfinished({ status });
    expect(asking(latest)).toBeUndefined();
    expect(() => asking(latest, { resume: 'resume' })).toThrow(
      expect.objectContaining({
        exit: 3,
        code: 'NOTHING_TO_RESUME',
        message: `there is no unfinished run of plan kpi in staging: run 20261121T080000Z-000001 is ${status}`,
        next: 'Run without --resume; a new run leaves what is done as it is: node runner run --env staging',
      }),
    );
  });

  it('is none where nothing has run yet', () => {
    expect(asking(undefined)).toBeUndefined();
    expect(() => asking(undefined, { resume: 'resume' })).toThrow(
      expect.objectContaining({
        code: 'NOTHING_TO_RESUME',
        message: 'there is no unfinished run of plan kpi in staging: nothing has run yet',
      }),
    );
  });

  it.each([
    ['an unfinished run', unfinished()],
    ['an unfinished rollback', unfinished({ kind: 'rollback' })],
    ['a run that nothing can be resumed from', unfinished({ planVersion: 'b'.repeat(64) })],
  ])('is none where a new one was asked for, whatever is unfinished: %s', (_, latest) => {
    expect(
      asking(latest, { resume: 'restart', segments: 9, stepsNamed: true, steps: ['links'] }),
    ).toBeUndefined();
  });

  it('is none after a retry that was cut off: any later run finds its rows unchanged', () => {
    const retry = unfinished({ kind: 'retry', status: 'aborted' });
    expect(asking(retry)).toBeUndefined();
    expect(() => asking(retry, { resume: 'resume' })).toThrow(
      expect.objectContaining({
        code: 'NOTHING_TO_RESUME',
        message:
          'there is no unfinished run of plan kpi in staging: retry 20261121T080000Z-000001 is aborted',
      }),
    );
  });

  it('is never a rollback: what it has begun is to be finished, or left behind on purpose', () => {
    for (const resume of ['auto', 'resume'] as const) {
      expect(() => asking(unfinished({ kind: 'rollback' }), { resume })).toThrow(
        expect.objectContaining({
          exit: 3,
          code: 'ROLLBACK_UNFINISHED',
          message:
            'rollback 20261121T080000Z-000001 of plan kpi is unfinished: a part of the rows is removed',
          next: 'Finish it: node runner rollback --env staging; or leave it as it is and migrate anew: node runner run --env staging --restart',
        }),
      );
    }
  });

  it('is none where an older version left nothing to resume from, and that is said where it was asked for', () => {
    const old = withoutPins(UNFINISHED);
    expect(asking(old)).toBeUndefined();
    expect(() => asking(old, { resume: 'resume' })).toThrow(
      expect.objectContaining({
        exit: 3,
        code: 'RESUME_OLD_FORMAT',
        message: 'run 20261121T080000Z-000001 was begun by a version that left nothing to resume from',
        next: 'Begin anew, what is done stays done: node runner run --env staging --restart',
      }),
    );
  });
});

describe('other work than that of the unfinished run', () => {
  it('is refused where other steps are named, with the ways on', () => {
    expect(() => asking(unfinished(), { stepsNamed: true, steps: ['links'] })).toThrow(
      expect.objectContaining({
        exit: 3,
        code: 'RESUME_DIFFERENT',
        message:
          'run 20261121T080000Z-000001 is unfinished and not the same work: ' +
          'it was for links, milestones, actuals, readings, now asked for is links',
        next:
          'Go on with it as it was: node runner run --env staging --resume; ' +
          'or begin anew, what is done stays done: node runner run --env staging --step links --restart',
      }),
    );
  });

  it('is refused where all steps are asked for after some were, but for --resume, which means that run', () => {
    const some = unfinished({ steps: ['links', 'actuals'] });
    expect(() => asking(some)).toThrow(expect.objectContaining({ code: 'RESUME_DIFFERENT' }));
    expect(asking(some, { resume: 'resume' })).toBe(some);
    expect(() => asking(some, { resume: 'resume', stepsNamed: true })).toThrow(
      expect.objectContaining({ code: 'RESUME_DIFFERENT' }),
    );
    expect(asking(some, { stepsNamed: true, steps: ['links', 'actuals'] })).toBe(some);
  });

  it('is not that all steps are named one by one', () => {
    expect(asking(unfinished(), { stepsNamed: true })).toEqual(UNFINISHED);
  });

  it('is refused where another number of segments is asked for; without one that of the run holds', () => {
    expect(() => asking(unfinished(), { segments: 8 })).toThrow(
      expect.objectContaining({
        code: 'RESUME_DIFFERENT',
        message:
          'run 20261121T080000Z-000001 is unfinished and not the same work: ' +
          'it goes in 4 segments, now asked for are 8',
      }),
    );
    expect(asking(unfinished(), { segments: 4 })).toEqual(UNFINISHED);
  });

  it('is told in full where several things differ', () => {
    expect(() => asking(unfinished(), { segments: 8, stepsNamed: true, steps: ['links'] })).toThrow(
      /now asked for is links; it goes in 4 segments/,
    );
  });
});

describe('a plan that is not the same any more', () => {
  it('is refused with the files that changed', () => {
    const asked = {
      planVersion: 'b'.repeat(64),
      pins: { ...ASKED.pins, files: { 'domain/kpi.js': 'a2', 'migrations/kpi/new.step.js': 'c3' } },
    };
    expect(() => asking(unfinished(), asked)).toThrow(
      expect.objectContaining({
        exit: 3,
        code: 'RESUME_CHANGED',
        message:
          "run 20261121T080000Z-000001 can't be resumed: plan version aaaaaaaaaaaa is now bbbbbbbbbbbb " +
          '(domain/kpi.js changed, migrations/kpi/links.step.js is gone, migrations/kpi/new.step.js was added)',
        next:
          'Put it back as it was; or begin anew, what is done stays done: ' +
          'node runner run --env staging --restart',
      }),
    );
  });

  it('is refused where a table goes by another name now', () => {
    expect(() =>
      asking(unfinished(), { pins: { ...ASKED.pins, tables: { links: 'links-2', more: 'more-2' } } }),
    ).toThrow(
      "run 20261121T080000Z-000001 can't be resumed: links was links-staging and is now links-2; " +
        'more was no table of it and is now more-2',
    );
  });

  it('is refused also where --resume asks for it', () => {
    expect(() => asking(unfinished(), { resume: 'resume', planVersion: 'b'.repeat(64) })).toThrow(
      expect.objectContaining({ code: 'RESUME_CHANGED' }),
    );
  });
});

describe('the latest run', () => {
  const journal = (records: readonly RunRecord[]): Parameters<typeof latestRun>[0] => ({
    runs: (_plan, limit) => Promise.resolve(records.slice(0, limit)),
  });

  it.each([0, 1, 99, 100, 101, 1500])('invariant 6: is found behind %i refused ones', async (refusals) => {
    const refused = Array.from({ length: refusals }, () => unfinished({ run: 'later', status: 'refused' }));
    expect(await latestRun(journal([...refused, unfinished(), unfinished({ run: 'older' })]), 'kpi')).toEqual(
      UNFINISHED,
    );
    expect(await latestRun(journal(refused), 'kpi')).toBeUndefined();
  });

  it('can be gone on with only where it was killed or stopped', () => {
    const of = (status: RunStatus): boolean => isUnfinished(unfinished({ status }));
    expect((['running', 'aborted', 'complete', 'failed', 'refused'] as const).map(of)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
    expect(isUnfinished(undefined)).toBe(false);
  });
});
