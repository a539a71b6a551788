import type { RollbackResult } from '../../../src/runner/application.js';
import type { JournalEntry } from '../../../src/runner/ports/journal.js';
import { RefusedError } from '../../../src/runner/ports/errors.js';
import { answering, type } from './command-line-harness.js';

const KEPT: JournalEntry = {
  kind: 'kept',
  step: 'actuals',
  source: 'purposepath-kpi-data#d-1',
  reason: 'EDITED',
  detail: 'its content is no longer that of its stamp',
  table: 'purposepath-kpi-data',
  key: 'd-1',
  image: { id: { S: 'd-1' }, note: { S: 'private' } },
};

function rolledBack(fields: Partial<RollbackResult>): RollbackResult {
  return {
    run: '20261121T053512Z-a1b2c3',
    plan: 'kpi',
    env: 'staging',
    status: 'complete',
    dryRun: false,
    resumed: false,
    steps: [
      { step: 'actuals', status: 'rolled-back', removed: 1200, kept: 1, foreign: 30, durationMs: 1500 },
      { step: 'links', status: 'not-run', removed: 0, kept: 0, foreign: 0, durationMs: 0 },
    ],
    kept: [KEPT],
    exit: 0,
    folder: '.waybill/runs/20261121T053512Z-a1b2c3',
    ...fields,
  };
}

describe('rollback', () => {
  it('passes on what to roll back', async () => {
    const { application, asked } = answering('rollback', rolledBack({}));

    await type('rollback --env staging', { application });
    await type(
      'rollback --env production --step links,actuals --run r-1 --dry-run --confirm-production --lease-seconds 60 ' +
        '--segments 4096 --concurrency 1024 --by ben --why INC-17',
      { application },
    );

    expect(asked).toEqual([
      {
        plan: 'kpi',
        dryRun: false,
        confirmProduction: false,
        by: 'ann@build-7',
        signal: expect.any(AbortSignal),
      },
      {
        plan: 'kpi',
        by: 'ben',
        why: 'INC-17',
        steps: ['links', 'actuals'],
        run: 'r-1',
        dryRun: true,
        confirmProduction: true,
        leaseSeconds: 60,
        segments: 4096,
        concurrency: 1024,
        signal: expect.any(AbortSignal),
      },
    ]);
  });

  it('invariant 9: lists per step what was removed, kept and foreign, and each row that was kept', async () => {
    const { application } = answering('rollback', rolledBack({}));

    const text = await type('rollback --env staging', { application });
    const json = await type('rollback --env staging --json', { application });

    expect([text.exit, json.exit, text.stderr]).toEqual([0, 0, '']);
    expect(text.stdout).toBe(
      [
        'Rollback 20261121T053512Z-a1b2c3, plan kpi, environment staging',
        '',
        'Step     Status       Removed  Kept  Foreign   Time',
        'actuals  rolled-back    1,200     1       30  1.5 s',
        'links    not-run            -     -        -      -',
        '',
        'Kept rows:',
        '  actuals  EDITED  purposepath-kpi-data#d-1: its content is no longer that of its stamp',
        '',
        'Next, a template for the report of the incident:',
        '  node runner report --env staging --run 20261121T053512Z-a1b2c3 --incident --out FILE',
        '',
        'Report and log: .waybill/runs/20261121T053512Z-a1b2c3',
        '',
        'Complete: 1,200 rows removed, 1 kept.',
        '',
      ].join('\n'),
    );
    expect(JSON.parse(json.stdout)).toEqual({
      run: '20261121T053512Z-a1b2c3',
      plan: 'kpi',
      env: 'staging',
      status: 'complete',
      dryRun: false,
      resumed: false,
      steps: [
        { step: 'actuals', status: 'rolled-back', removed: 1200, kept: 1, foreign: 30, durationMs: 1500 },
        { step: 'links', status: 'not-run', removed: 0, kept: 0, foreign: 0, durationMs: 0 },
      ],
      kept: [
        {
          step: 'actuals',
          table: 'purposepath-kpi-data',
          key: 'd-1',
          reason: 'EDITED',
          detail: 'its content is no longer that of its stamp',
        },
      ],
      exit: 0,
      folder: '.waybill/runs/20261121T053512Z-a1b2c3',
    });
  });

  it('shows the first twenty kept rows, how many more there are and where all of them are', async () => {
    const kept = Array.from({ length: 1000 }, (_, index) => ({ ...KEPT, key: `d-${index}` }));
    const steps = [
      {
        step: 'actuals',
        status: 'rolled-back' as const,
        removed: 0,
        kept: 4321,
        foreign: 0,
        durationMs: 1,
      },
    ];
    const { application } = answering('rollback', rolledBack({ kept, steps, dryRun: true }));

    const text = await type('rollback --env staging --dry-run', { application });
    const json = await type('rollback --env staging --dry-run --json', { application });

    expect(text.stdout.match(/^ {2}actuals {2}EDITED/gm)).toHaveLength(20);
    expect(text.stdout).toContain(
      '  and 4,301 more; all of them: node runner report --env staging --run 20261121T053512Z-a1b2c3\n',
    );
    expect(text.stdout).toContain('Dry run: nothing was removed.\n');
    expect(text.stdout).toMatch(/^Step +Status +To remove +Kept +Foreign +Time$/m);
    expect(text.stdout).toMatch(/\nComplete: 0 rows would be removed, 4,321 kept\.\n$/);
    expect(JSON.parse(json.stdout).kept).toHaveLength(1000);
  });

  it('exits 4 where it was stopped, with what to do', async () => {
    const error = { code: 'ABORTED', message: 'Stopped.', next: 'Left: links. The same command goes on.' };
    const { application } = answering(
      'rollback',
      rolledBack({ status: 'aborted', exit: 4, error, resumed: true }),
    );

    const text = await type('rollback --env staging', { application });
    const json = await type('rollback --env staging --json', { application });

    expect([text.exit, json.exit]).toEqual([4, 4]);
    expect(text.stderr).toBe('error ABORTED: Stopped.\n  Left: links. The same command goes on.\n');
    expect(text.stdout).toContain('environment staging, resumed\n');
    expect(text.stdout).toMatch(
      /\nAborted \(exit 4\): 1,200 rows removed, 1 kept; the same command does the rest\.\n$/,
    );
    expect(JSON.parse(json.stdout)).toMatchObject({ status: 'aborted', resumed: true, exit: 4, error });
  });

  it('gives a failure without an error of its own one that programs can read', async () => {
    const { application } = answering('rollback', rolledBack({ status: 'failed', exit: 1 }));

    const json = await type('rollback --env staging --json', { application });

    expect(json.exit).toBe(1);
    expect(JSON.parse(json.stdout).error).toEqual({
      code: 'ROLLBACK_ENDED',
      message: 'The rollback 20261121T053512Z-a1b2c3 is failed.',
      next: 'See node runner report --env staging --run 20261121T053512Z-a1b2c3',
    });
  });

  it('invariant 10: takes a result for a bug whose status and exit code contradict each other', async () => {
    const { application } = answering('rollback', rolledBack({ status: 'failed', exit: 0 }));

    const json = await type('rollback --env staging --json', { application });

    expect(json.exit).toBe(1);
    expect(JSON.parse(json.stdout).error.code).toBe('INTERNAL');
  });

  it('keeps its shape when it is refused', async () => {
    const rollback = (): Promise<never> =>
      Promise.reject(new RefusedError('LEASE_HELD', 'Ben is at work.', 'Wait for him.'));

    const ended = await type('rollback -e staging --json', { application: { rollback } });

    expect(ended.exit).toBe(3);
    expect(JSON.parse(ended.stdout)).toEqual({
      run: null,
      plan: 'kpi',
      env: 'staging',
      status: 'refused',
      dryRun: false,
      resumed: false,
      steps: [],
      kept: [],
      exit: 3,
      error: { code: 'LEASE_HELD', message: 'Ben is at work.', next: 'Wait for him.' },
    });
  });
});
