import type { MigrationPlan } from '../../../src/migrations/contract/migration-plan.js';
import { runToResume, type Asked } from '../../../src/runner/engine/unfinished-run.js';
import { changedFiles } from '../../../src/runner/ladder/changed-files.js';
import { reportFacts } from '../../../src/runner/reports/report-sections.js';
import type { RunReport } from '../../../src/runner/application.js';
import type { RunRecord } from '../../../src/runner/ports/journal.js';
import { newRun } from '../../../src/runner/services/new-run.js';

const PINS = { segments: 4, tables: {}, files: {} };
const UNFINISHED: RunRecord = {
  run: '20250102T030405Z-abcdef',
  plan: 'core-table',
  env: 'dev',
  planVersion: 'v',
  dryRun: false,
  status: 'aborted',
  startedAt: '2025-01-02T03:04:05.678Z',
  steps: ['servers'],
  flags: [],
  pins: PINS,
};

function asked(options?: RunRecord['options']): Asked {
  return {
    ...{
      env: 'dev',
      plan: 'core-table',
      planVersion: 'v',
      steps: ['servers'],
      stepsNamed: false,
      pins: PINS,
    },
    resume: 'auto',
    ...(options === undefined ? {} : { options }),
  };
}

describe('a run under options of its plan', () => {
  it('is resumed under the same ones', () => {
    const latest = { ...UNFINISHED, options: { cohort: 'a' } };
    expect(runToResume(latest, asked({ cohort: 'a' }), changedFiles)).toBe(latest);
    expect(runToResume(UNFINISHED, asked(), changedFiles)).toBe(UNFINISHED);
  });

  it.each([
    [{ cohort: 'a', directory: 'b' }, { cohort: 'c' }, 'cohort changed, directory is gone'],
    [undefined, { directory: 'b' }, 'directory was added'],
    [{ directory: 'b' }, undefined, 'directory is gone'],
  ])('is not resumed under others: %j, now %j', (before, now, told) => {
    const latest = { ...UNFINISHED, ...(before === undefined ? {} : { options: before }) };
    expect(() => runToResume(latest, asked(now), changedFiles)).toThrow(
      expect.objectContaining({
        code: 'RESUME_CHANGED',
        message: expect.stringContaining(`options of the plan: ${told}`) as string,
      }) as Error,
    );
  });

  it('is told of in its report by name and digest', () => {
    const facts = (options?: RunRecord['options']) => {
      const record = { ...UNFINISHED, ...(options === undefined ? {} : { options }) };
      const report = { record, steps: [], acceptances: [], entries: () => [] } as unknown as RunReport;
      return new Map(reportFacts(report)).get('Plan options');
    };
    expect(facts({ cohort: 'a1', roles: 'b2' })).toBe('cohort (a1), roles (b2)');
    expect(facts()).toBeUndefined();
  });

  it('records them, a dry run too; none where none are set', () => {
    const plan: MigrationPlan = {
      name: 'core-table',
      title: '',
      steps: [],
      tables: [],
      acceptable: new Map(),
    };
    const made = (options: Record<string, string>, dryRun: boolean): RunRecord =>
      newRun(
        {
          environment: { name: 'dev', segments: 4 },
          admin: { physicalName: (table: string) => table },
          now: () => new Date(0),
          random: () => 0.5,
          planVersion: () => 'v',
          planFiles: () => ({}),
          planOptions: () => options,
        } as unknown as Parameters<typeof newRun>[0],
        plan,
        [],
        { dryRun, accept: [], overrides: [] },
      );
    expect(made({ cohort: 'a' }, false).options).toEqual({ cohort: 'a' });
    expect(made({ cohort: 'a' }, true).options).toEqual({ cohort: 'a' });
    expect('options' in made({}, false)).toBe(false);
  });
});
