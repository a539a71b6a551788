import type { RunResult } from '../../../src/runner/application.js';
import { RefusedError, StoreError, WaybillError } from '../../../src/runner/ports/errors.js';
import { NOTHING_COUNTED, runResult, stepResult, type } from './command-line-harness.js';
import type { Ended } from './command-line-harness.js';

function ending(result: Partial<RunResult>, words = '--env local --json'): Promise<Ended> {
  return type(words, { application: { run: () => Promise.resolve(runResult(result)) } });
}

const SET_ASIDE = stepResult({
  status: 'validated',
  counters: { ...NOTHING_COUNTED, read: 12, created: 9, quarantined: 2, conflict: 1, rows: 9 },
  reasons: { KPI_MISSING: 2 },
});

describe('run', () => {
  it('answers a complete run with its document on stdout and exit 0', async () => {
    const ended = await ending({});

    expect(ended.exit).toBe(0);
    expect(ended.stderr).toBe('');
    expect(ended.closed).toBe(1);
    expect(JSON.parse(ended.stdout)).toEqual({
      run: '20261121T053512Z-a1b2c3',
      kind: 'migration',
      resumed: false,
      plan: 'kpi',
      env: 'local',
      status: 'complete',
      dryRun: false,
      steps: [
        {
          step: 'links',
          title: 'Goal links become KPI links',
          status: 'validated',
          read: 12,
          created: 12,
          updated: 0,
          unchanged: 0,
          skipped: 0,
          quarantined: 0,
          conflicts: 0,
          rows: 12,
          validation: { checks: 2, passed: 2, failed: 0 },
          checks: [
            { name: 'conservation', passed: true, expected: 12, found: 12 },
            { name: 'missing rows', passed: true, expected: 0, found: 0 },
          ],
          reasons: {},
          findings: [],
          findingsTotal: 0,
          durationMs: 1234,
        },
      ],
      exit: 0,
      folder: '.waybill/runs/20261121T053512Z-a1b2c3',
      notices: [],
      acceptances: [],
    });
  });

  it('K-X02: answers a run that set records aside with exit 1, the counts and an error for programs', async () => {
    const ended = await ending({ status: 'failed', exit: 1, steps: [SET_ASIDE] });

    expect(ended.exit).toBe(1);
    const document = JSON.parse(ended.stdout);
    expect(document.status).toBe('failed');
    expect(document.steps[0]).toMatchObject({ read: 12, created: 9, quarantined: 2, conflicts: 1 });
    expect(document.error).toEqual({
      code: 'RECORDS_SET_ASIDE',
      message: 'The run 20261121T053512Z-a1b2c3 is failed: 2 records quarantined, 1 conflict.',
      next: 'See node runner report --env local --run 20261121T053512Z-a1b2c3',
    });
  });

  it('calls a run whose checks failed a failed validation', async () => {
    const checks = [{ name: 'missing rows', passed: false, expected: 0, found: 2 }];
    const ended = await ending({
      status: 'failed',
      exit: 1,
      steps: [stepResult({ status: 'failed', checks })],
    });

    const document = JSON.parse(ended.stdout);
    expect(document.error.code).toBe('VALIDATION_FAILED');
    expect(document.steps[0].validation).toEqual({ checks: 1, passed: 0, failed: 1 });
  });

  it.each([
    ['refused', 3],
    ['refused', 2],
    ['aborted', 4],
    ['failed', 1],
  ] as const)('keeps the error and the exit code of a %s run (%d)', async (status, exit) => {
    const error = { code: 'LEASE_HELD', message: 'Another runner is at work.', next: 'Wait for it.' };
    const json = await ending({ status, exit, steps: [], error });
    const text = await ending({ status, exit, steps: [], error }, '--env local');

    expect(json.exit).toBe(exit);
    expect(JSON.parse(json.stdout)).toMatchObject({ status, exit, steps: [], error });
    expect(text.exit).toBe(exit);
    expect(text.stderr).toBe('error LEASE_HELD: Another runner is at work.\n  Wait for it.\n');
    expect(text.stdout).toContain(`(exit ${exit})`);
  });

  it.each([
    [new RefusedError('PREFLIGHT_FAILED', 'A table is missing.', 'Create it.'), 3, 'refused'],
    [new StoreError('STORE_UNREACHABLE', 'No answer.', 'Is it running?'), 3, 'refused'],
    [new WaybillError(4, 'ABORTED', 'Stopped.', 'Again.'), 4, 'aborted'],
    [new WaybillError(1, 'RUN_FAILED', 'No.', 'Again.'), 1, 'failed'],
    [new TypeError('x is not a function'), 1, 'failed'],
  ])(
    'A-43: gives what is thrown (%s) exit %d and the shape of a run that is %s',
    async (thrown, exit, status) => {
      const ended = await type('run --env staging --json', {
        application: { run: () => Promise.reject(thrown) },
      });

      expect(ended.exit).toBe(exit);
      const { run, plan, env, dryRun, steps, error, ...rest } = JSON.parse(ended.stdout);
      expect({ run, plan, env, dryRun, steps }).toEqual({
        run: null,
        plan: 'kpi',
        env: 'staging',
        dryRun: false,
        steps: [],
      });
      expect(rest).toEqual({
        status,
        exit,
        kind: 'migration',
        resumed: false,
        notices: [],
        acceptances: [],
      });
      expect(Object.keys(error)).toEqual(['code', 'message', 'next']);
      expect(ended.closed).toBe(1);
    },
  );

  it('takes a result for a bug whose status and exit code contradict each other', async () => {
    const success = await ending({ status: 'failed', exit: 0 });
    const failure = await ending({ status: 'complete', exit: 3 });

    expect(success.exit).toBe(1);
    expect(JSON.parse(success.stdout).error.code).toBe('INTERNAL');
    expect(failure.exit).toBe(1);
    expect(JSON.parse(failure.stdout).error.code).toBe('INTERNAL');
  });

  it('invariant 11: keeps the message of an unknown error, which may quote values, for --log-level debug', async () => {
    const application = {
      run: () => Promise.reject(new SyntaxError('Unexpected token in "jane@example.com"')),
    };

    const plain = await type('--env local', { application });
    const debug = await type('--env local --log-level debug', { application });

    expect(plain.exit).toBe(1);
    expect(plain.stdout).toBe('');
    expect(plain.stderr).toContain('error INTERNAL: ');
    expect(plain.stderr).toContain('.waybill/runs/');
    expect(plain.stderr).not.toContain('jane');
    expect(plain.stderr).not.toContain('    at ');
    expect(debug.stderr).toContain('jane');
    expect(debug.stderr).toContain('    at ');
  });

  it('tells the message of the operating system, which names files and calls only', async () => {
    const thrown = Object.assign(new Error('ENOSPC: no space left on device, write'), { syscall: 'write' });

    const ended = await type('--env local', { application: { run: () => Promise.reject(thrown) } });

    expect(ended.exit).toBe(1);
    expect(ended.stderr).toContain('error SYSTEM: ');
    expect(ended.stderr).toContain('no space left on device');
  });

  it('lets the result stand when closing fails, and tells it', async () => {
    const application = {
      run: () => Promise.resolve(runResult({})),
      close: () => Promise.reject(new StoreError('STORE_FAILED', 'The server hangs.', 'End it.')),
    };

    const ended = await type('--env local --json', { application });

    expect(ended.exit).toBe(0);
    expect(JSON.parse(ended.stdout).status).toBe('complete');
    expect(ended.stderr).toBe('While closing: error STORE_FAILED: The server hangs.\n  End it.\n');
  });
});
