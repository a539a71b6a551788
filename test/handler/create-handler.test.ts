import { createHandler, type FunctionHandler } from '../../src/handler/create-handler.js';
import type { Application, RunRequest, RunResult } from '../../src/runner/application.js';
import { RefusedError, StoreError, UsageError, WaybillError } from '../../src/runner/ports/errors.js';
import { CATALOG, fakeApplication, runResult, stepResult } from '../runner/cli/command-line-harness.js';

const RUN = '20261121T053512Z-a1b2c3';
const ABORTED = { code: 'ABORTED', message: 'the run was stopped', next: 'Go on.' };

interface Function {
  readonly handler: FunctionHandler;
  readonly asked: RunRequest[];
  readonly events: { readonly event: string; readonly fields: unknown }[];
  readonly waits: number[];
  opened: number;
  closed: number;
  cancelled: number;
  /** ends the working time */
  expire: () => void;
}

/** A function whose application does as it is told. */
function functionOf(
  run: (request: RunRequest, self: Function) => Promise<RunResult>,
  { isLasting = true, ...methods }: Partial<Application> & { readonly isLasting?: boolean } = {},
): Function {
  const application = fakeApplication({
    run: (request) => {
      self.asked.push(request);
      return run(request, self);
    },
    close: () => {
      self.closed += 1;
      return Promise.resolve();
    },
    ...methods,
  });
  const open = () => {
    self.opened += 1;
    const log = { event: (_: string, event: string, fields: unknown) => self.events.push({ event, fields }) };
    return Promise.resolve({ application, log, isLasting });
  };
  const self: Function = {
    handler: createHandler(
      { loadCatalog: () => Promise.resolve(CATALOG), openForFunction: open },
      (milliseconds, call) => {
        self.waits.push(milliseconds);
        self.expire = call;
        return () => (self.cancelled += 1);
      },
    ),
    ...{ asked: [], events: [], waits: [], opened: 0, closed: 0, cancelled: 0, expire: () => undefined },
  };
  return self;
}

function context(milliseconds: number) {
  return { getRemainingTimeInMillis: () => milliseconds, awsRequestId: 'request-1' };
}

function completing(): Function {
  return functionOf(() => Promise.resolve(runResult({ env: 'dev' })));
}

async function failureOf(result: RunResult | Error, expires = false): Promise<unknown> {
  const { handler } = functionOf((_, self) => {
    if (expires) self.expire();
    return result instanceof Error ? Promise.reject(result) : Promise.resolve(result);
  });
  return handler({ env: 'dev' }, context(60_000)).catch((error: unknown) => error);
}

describe('the function handler', () => {
  it('C-12: asks the application for the same as the command line, and for no more time than there is', async () => {
    const given = completing();
    const event = {
      ...{ env: 'test', plan: 'kpi', steps: ['links'], accept: ['allow-unlinked'], confirmProduction: true },
      ...{
        withoutBackup: ' rehearsal ',
        by: 'ann',
        segments: 2,
        concurrency: 8,
        maxWcu: 500,
        maxRcu: 'none',
      },
      ...{ maxFailures: 0, maxQuarantined: 7 },
    };
    await given.handler(event, context(100_000));
    expect(given.asked).toEqual([
      {
        ...{ plan: 'kpi', steps: ['links'], accept: ['allow-unlinked'], confirmProduction: true },
        ...{ overrides: [{ gate: 'backup', by: 'ann', why: 'rehearsal' }], segments: 2, concurrency: 8 },
        ...{ maxWcu: 500, maxRcu: 'none', maxFailures: 0, maxQuarantined: 7, dryRun: false, resume: 'auto' },
        ...{ leaseSeconds: 30, inParts: true, signal: expect.any(AbortSignal) },
      },
    ]);
    expect(given.waits).toEqual([90_000]);
    expect(given.cancelled).toBe(1);
  });

  it('C-11: answers with 200, the counts of every step, and nothing to go on with', async () => {
    const steps = [stepResult({}), stepResult({ step: 'milestones', reasons: {} })];
    const given = functionOf(() => Promise.resolve(runResult({ env: 'dev', steps, notices: ['no backup'] })));
    const counts = { read: 12, created: 12, rows: 12, updated: 0, unchanged: 0 };
    const rest = { skipped: 0, quarantined: 0, conflict: 0 };
    expect(await given.handler({ env: 'dev' }, context(60_000))).toEqual({
      ...{ statusCode: 200, status: 'complete', env: 'dev', plan: 'kpi', run: RUN, dryRun: false },
      message: `The run ${RUN} of plan kpi is complete: 24 records.`,
      ...{ invocations: 1, notices: ['no backup'] },
      counts: { ...{ read: 24, created: 24, rows: 24, updated: 0, unchanged: 0 }, ...rest },
      steps: [
        {
          step: 'links',
          status: 'validated',
          counts: { ...counts, ...rest },
          checks: { total: 2, failed: 0 },
        },
        {
          step: 'milestones',
          status: 'validated',
          counts: { ...counts, ...rest },
          checks: { total: 2, failed: 0 },
        },
      ],
    });
  });

  it('C-X12: throws what the command line would exit with, under a name that retries can match', async () => {
    const step = stepResult({ checks: [{ name: 'missing', passed: false, expected: 0, found: 1 }] });
    const failures: [RunResult | Error, string, string][] = [
      [runResult({ status: 'failed', exit: 1, steps: [step] }), 'Waybill.Failed', 'VALIDATION_FAILED'],
      [runResult({ status: 'failed', exit: 1 }), 'Waybill.Failed', 'RECORDS_SET_ASIDE'],
      [runResult({ status: 'aborted', exit: 4, error: ABORTED }), 'Waybill.Stopped', 'ABORTED'],
      [
        runResult({ status: 'aborted', exit: 3, error: { ...ABORTED, code: 'LEASE_LOST' } }),
        ...(['Waybill.Busy', 'LEASE_LOST'] as const),
      ],
      [new RefusedError('LEASE_HELD', 'held', 'Wait.'), 'Waybill.Busy', 'LEASE_HELD'],
      [new StoreError('STORE_UNREACHABLE', 'gone', 'Wait.'), 'Waybill.Busy', 'STORE_UNREACHABLE'],
      [new StoreError('STORE_DENIED', 'denied', 'Permit it.'), 'Waybill.Refused', 'STORE_DENIED'],
      [new RefusedError('PREFLIGHT_FAILED', 'no table', 'Make it.'), 'Waybill.Refused', 'PREFLIGHT_FAILED'],
      [
        new RefusedError('PRODUCTION_UNCONFIRMED', 'no', 'Say so.'),
        'Waybill.Refused',
        'PRODUCTION_UNCONFIRMED',
      ],
      [new UsageError('ENVIRONMENT_INVALID', 'wrong', 'Mend it.'), 'Waybill.Usage', 'ENVIRONMENT_INVALID'],
      [new WaybillError(4, 'LOOKUP_STORAGE', 'full', 'Make room.'), 'Waybill.Failed', 'LOOKUP_STORAGE'],
    ];
    for (const [failure, name, code] of failures) {
      expect(await failureOf(failure)).toMatchObject({ name, code });
      expect(((await failureOf(failure)) as Error).message).toMatch(new RegExp(`^${code}: `));
    }
  });

  it('invariant 11: says of an error that is not ours no more than its kind', async () => {
    const failure = (await failureOf(new TypeError('ann@example.org is no number'))) as Error;
    expect(failure).toMatchObject({ name: 'Waybill.Failed', code: 'INTERNAL' });
    expect(`${failure.message} ${failure.stack ?? ''}`).not.toContain('ann@example.org');
    expect(failure.cause).toBeUndefined();
  });

  it('goes on only where its own time was over, and says where', async () => {
    const done = stepResult({});
    const begun = stepResult({ step: 'milestones', status: 'running', checks: [] });
    const aborted = runResult({
      env: 'dev',
      status: 'aborted',
      exit: 4,
      error: ABORTED,
      steps: [done, begun],
    });
    const given = functionOf((_, self) => {
      self.expire();
      return Promise.resolve(aborted);
    });
    const event = { env: 'dev', restart: true, withoutStaging: 'rehearsed', by: 'ann', segments: 2 };
    const result = await given.handler(event, context(2_000));
    expect(given.asked[0]?.signal?.aborted).toBe(true);
    expect(result).toMatchObject({ statusCode: 202, status: 'continue', run: RUN, step: 'milestones' });
    expect(result.next).toEqual({
      ...{ env: 'dev', segments: 2, run: RUN },
      state: { invocations: 1, idle: 0, mark: 'links:validated:12,milestones:running:12' },
    });
  });

  it('counts an invocation that only watched the lease of another as one that came no further', async () => {
    const given = functionOf((_, self) => {
      self.expire();
      return Promise.reject(new WaybillError(4, 'ABORTED', 'stopped before run began', 'Again.'));
    });
    const result = await given.handler({ env: 'dev' }, context(60_000));
    expect(result).toMatchObject({ status: 'continue', steps: [], next: { env: 'dev', state: { idle: 1 } } });
    expect(result.run).toBeUndefined();
    const limited = { ...result.next, maxIdleInvocations: 2 };
    const last = given.handler(limited, context(60_000));
    await expect(last).rejects.toMatchObject({
      code: 'NO_PROGRESS',
      message: expect.stringContaining('2 inv'),
    });
  });

  it('keeps an application for the invocations after it, and none that something failed in', async () => {
    let fails = false;
    const given = functionOf(() =>
      fails ? Promise.reject(new TypeError('broken')) : Promise.resolve(runResult({})),
    );
    await given.handler({ env: 'dev' }, context(60_000));
    await given.handler({ env: 'dev' }, context(60_000));
    expect([given.opened, given.closed]).toEqual([1, 0]);
    expect(given.asked[0]?.signal).not.toBe(given.asked[1]?.signal);
    fails = true;
    await expect(given.handler({ env: 'dev' }, context(60_000))).rejects.toThrow('INTERNAL');
    expect([given.opened, given.closed]).toEqual([1, 1]);
    fails = false;
    await given.handler({ env: 'dev' }, context(60_000));
    await given.handler({ env: 'staging' }, context(60_000));
    expect([given.opened, given.closed]).toEqual([3, 1]);
  });

  it('gives back at once what others wait for, as the place at the embedded server', async () => {
    const given = functionOf(() => Promise.resolve(runResult({})), { isLasting: false });
    await given.handler({ env: 'local' }, context(60_000));
    await given.handler({ env: 'local' }, context(60_000));
    expect([given.opened, given.closed]).toEqual([2, 2]);
  });

  it('C-10: logs the beginning and the end of every invocation with its counts', async () => {
    const given = completing();
    await given.handler({ env: 'dev' }, context(60_000));
    expect(given.events).toMatchObject([
      {
        event: 'invocation.started',
        fields: { request: 'request-1', env: 'dev', plan: 'kpi', invocation: 1, workingMs: 54_000 },
      },
      {
        event: 'invocation.ended',
        fields: { status: 'complete', run: RUN, read: 12, created: 12, leftMs: 60_000 },
      },
    ]);
  });

  it('takes no longer than the time that is left, and refuses where there is none', async () => {
    const cases = [
      [2_000, {}, 1_500, 10],
      [60_000, {}, 54_000, 27],
      [900_000, {}, 880_000, 30],
      [60_000, { reservedMillis: 30_000, leaseSeconds: 9 }, 30_000, 9],
      [36_000, { reservedMillis: 0 }, 36_000, 18],
    ] as const;
    for (const [remaining, fields, working, leaseSeconds] of cases) {
      const given = completing();
      await given.handler({ env: 'dev', ...fields }, context(remaining));
      expect([given.waits, given.asked[0]?.leaseSeconds]).toEqual([[working], leaseSeconds]);
    }
    const late = completing().handler({ env: 'dev' }, context(400));
    await expect(late).rejects.toMatchObject({ name: 'Waybill.Usage', code: 'TIME_TOO_SHORT' });
  });
});
