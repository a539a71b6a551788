import type { Acceptance } from '../../../src/runner/ports/attestation.js';
import { answering, runResult, stepResult, type, typeWords } from './command-line-harness.js';

const ACCEPTED: Acceptance = {
  gate: 'acceptance',
  at: '2026-11-22T08:00:00Z',
  by: 'ann',
  why: 'agreed with the team',
  reason: 'KPI_MISSING',
  step: 'links',
};

describe('run', () => {
  it.each([
    ['', 'auto'],
    [' --resume', 'resume'],
    [' --restart', 'restart'],
  ])('invariant 6: asked%s what to do about an unfinished run, says %s', async (words, resume) => {
    const { application, asked } = answering('run', runResult({}));

    await type(`--env local${words}`, { application });

    expect(asked).toEqual([expect.objectContaining({ resume, overrides: [] })]);
  });

  it('passes on which gates are overridden, by whom and why; who types is meant where nobody is named', async () => {
    const { application, asked } = answering('run', runResult({}));
    const reasons = ['--without-backup', ' a rehearsal ', '--without-staging', '- no staging here'];

    await typeWords(['run', '--env', 'local', ...reasons], { application });
    await typeWords(['run', '--env', 'local', ...reasons, '--by', 'Ann B.'], { application });

    expect(asked).toEqual([
      expect.objectContaining({
        overrides: [
          { gate: 'backup', by: 'ann@build-7', why: 'a rehearsal' },
          { gate: 'staging', by: 'ann@build-7', why: '- no staging here' },
        ],
      }),
      expect.objectContaining({
        overrides: [
          { gate: 'backup', by: 'Ann B.', why: 'a rehearsal' },
          { gate: 'staging', by: 'Ann B.', why: '- no staging here' },
        ],
      }),
    ]);
  });

  it('tells people its notices, and programs its notices, its decisions and that it was resumed', async () => {
    const notices = ['there is no backup of staging', 'odd\u001b[2J'];
    const { application } = answering('run', runResult({ resumed: true, notices, acceptances: [ACCEPTED] }));

    const text = await type('--env local', { application });
    const json = await type('--env local --json', { application });

    expect(text.stdout).toContain('there is no backup of staging\n');
    expect(text.stdout).toContain('odd\\u{1b}[2J\n');
    expect(text.stdout.match(/there is no backup/g)).toHaveLength(1);
    expect(text.stdout).toMatch(/\nComplete; 2 checks passed\.\n$/);
    expect(JSON.parse(json.stdout)).toMatchObject({
      kind: 'migration',
      resumed: true,
      notices,
      acceptances: [expect.objectContaining(ACCEPTED)],
    });
  });

  it('exits 4 where it was stopped and says what is left, as the engine tells it', async () => {
    const error = {
      code: 'ABORTED',
      message: 'Stopped between two batches.',
      next: 'Left to do: milestones, actuals. Go on: node runner run --env local',
    };
    const { application } = answering('run', runResult({ status: 'aborted', exit: 4, error }));

    const text = await type('--env local', { application });

    expect(text.exit).toBe(4);
    expect(text.stderr).toBe(
      'error ABORTED: Stopped between two batches.\n' +
        '  Left to do: milestones, actuals. Go on: node runner run --env local\n',
    );
  });
});

describe('quarantine retry', () => {
  it('passes on which records are meant and ends as a run does', async () => {
    const retried = runResult({
      kind: 'retry',
      status: 'failed',
      exit: 1,
      steps: [stepResult({ reasons: { KPI_MISSING: 1 } })],
    });
    const { application, asked } = answering('retry', retried);

    const all = await type('quarantine retry --env production --json', { application });
    await type(
      'quarantine retry --env production --step links --reason KPI_MISSING,ID_INVALID --id a,b --id t#c --id a,b ' +
        '--allow-unlinked --confirm-production --lease-seconds 1 --segments 2 --concurrency 3',
      { application },
    );

    expect(asked).toEqual([
      { plan: 'kpi', accept: [], confirmProduction: false, signal: expect.any(AbortSignal) },
      {
        plan: 'kpi',
        steps: ['links'],
        reasons: ['KPI_MISSING', 'ID_INVALID'],
        ids: ['a,b', 't#c'],
        accept: ['allow-unlinked'],
        confirmProduction: true,
        leaseSeconds: 1,
        segments: 2,
        concurrency: 3,
        signal: expect.any(AbortSignal),
      },
    ]);
    expect(all.exit).toBe(1);
    expect(JSON.parse(all.stdout)).toMatchObject({
      kind: 'retry',
      status: 'failed',
      exit: 1,
      error: { code: 'RECORDS_SET_ASIDE' },
    });
  });

  it('keeps the shape of a run when it could not be made', async () => {
    const ended = await type('quarantine retry --env staging --step nothing --json');

    expect(JSON.parse(ended.stdout)).toEqual({
      run: null,
      kind: 'retry',
      resumed: false,
      plan: 'kpi',
      env: 'staging',
      status: 'refused',
      dryRun: false,
      steps: [],
      exit: 2,
      notices: [],
      acceptances: [],
      error: expect.objectContaining({ code: 'STEP_UNKNOWN' }),
    });
  });
});

describe('quarantine accept', () => {
  const result = { plan: 'kpi', env: 'staging', acceptance: ACCEPTED, records: 12, open: 3 };

  it('passes on the decision with the name of who takes it', async () => {
    const { application, asked } = answering('accept', result);
    const words = ['quarantine', 'accept', '--env', 'staging', '--reason', 'KPI_MISSING', '--by', 'ann'];

    await typeWords(words, { application });
    await typeWords([...words, '--step', 'links', '--why', 'agreed with the team', '--revoke'], {
      application,
    });

    expect(asked).toEqual([
      { plan: 'kpi', reason: 'KPI_MISSING', by: 'ann', revoke: false },
      {
        plan: 'kpi',
        reason: 'KPI_MISSING',
        by: 'ann',
        revoke: true,
        step: 'links',
        why: 'agreed with the team',
      },
    ]);
  });

  it('says what was decided and what is still open', async () => {
    const { application } = answering('accept', result);

    const text = await type('quarantine accept --env staging --reason KPI_MISSING --by ann', { application });
    const json = await type('quarantine accept --env staging --reason KPI_MISSING --by ann --json', {
      application,
    });

    expect(json.exit).toBe(0);
    expect(JSON.parse(json.stdout)).toEqual(result);
    expect(text.stdout).toBe(
      [
        'Accepted: KPI_MISSING in the step links of the plan kpi, environment staging, ' +
          'by ann at 2026-11-22T08:00:00Z (agreed with the team).',
        '12 records set aside for this reason now; 3 set aside that nobody accepted.',
        '',
        'Next:',
        '  node runner quarantine list --env staging',
        '',
      ].join('\n'),
    );
  });

  it('says that a decision was taken back, and proposes the run where nothing is open', async () => {
    const { gate, at, by, reason } = ACCEPTED;
    const acceptance = { gate, at, by, reason, revoked: true };
    const revoked = { ...result, acceptance, records: 1, open: 0 };
    const { application } = answering('accept', revoked);

    const text = await type('quarantine accept --env staging --reason KPI_MISSING --by ann --revoke', {
      application,
    });

    expect(text.stdout).toBe(
      [
        'Taken back: KPI_MISSING in any step of the plan kpi, environment staging, by ann at 2026-11-22T08:00:00Z.',
        '1 record set aside for this reason now; 0 set aside that nobody accepted.',
        '',
        'Next:',
        '  node runner run --env staging',
        '',
      ].join('\n'),
    );
  });
});
