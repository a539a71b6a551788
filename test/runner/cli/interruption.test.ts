import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Application } from '../../../src/runner/application.js';
import { watchSignals } from '../../../src/runner/cli/interruption.js';
import { WaybillError } from '../../../src/runner/ports/errors.js';
import { QUARANTINED, fakeApplication, runResult, type } from './command-line-harness.js';

const never = new Promise<never>(() => undefined);

describe('signals', () => {
  it('ask to stop once, and end at once when they come again, whichever of the two they are', () => {
    const process = new EventEmitter();
    const heard: string[] = [];
    const end = watchSignals(
      process,
      () => heard.push('first'),
      () => heard.push('again'),
    );

    process.emit('SIGTERM');
    process.emit('SIGINT');
    process.emit('SIGHUP');
    end();
    process.emit('SIGINT');

    expect(heard).toEqual(['first', 'again', 'again']);
    expect(process.eventNames()).toEqual([]);
  });
});

describe('an abort', () => {
  it('A-43: reaches the run, whose own ending counts: exit 4', async () => {
    const stop = new AbortController();
    const application: Partial<Application> = {
      run: async ({ signal }) => {
        stop.abort();
        await Promise.resolve();
        expect(signal?.aborted).toBe(true);
        const error = { code: 'ABORTED', message: 'Stopped.', next: 'Again.' };
        return runResult({ status: 'aborted', exit: 4, error });
      },
    };

    const ended = await type('--env local --json', { application, signal: stop.signal });

    expect(ended.exit).toBe(4);
    expect(JSON.parse(ended.stdout).status).toBe('aborted');
  });

  it.each<[string, keyof Application]>([
    ['rollback --env local', 'rollback'],
    ['quarantine retry --env local', 'retry'],
    ['validate --env local', 'validate'],
    ['seed --env local', 'seed'],
    ['backup --env local', 'backup'],
    ['backup --env local --native', 'nativeBackup'],
    ['backup verify --env local', 'verifyBackup'],
    ['backup drill --env local', 'drillBackup'],
    ['restore --env local --from folder', 'restore'],
  ])(
    'invariant 7: "%s" is told, and is waited for until it has put everything in order',
    async (call, method) => {
      const stop = new AbortController();
      const events: string[] = [];
      const work = async ({ signal }: { readonly signal: AbortSignal }): Promise<never> => {
        stop.abort();
        expect(signal.aborted).toBe(true);
        await sleep(20);
        events.push('in order');
        throw new WaybillError(4, 'ABORTED', 'Stopped by the engine.', 'Left to do: links.');
      };
      const close = (): Promise<void> => {
        events.push('closed');
        return Promise.resolve();
      };
      const application: Partial<Application> = Object.fromEntries([
        [method, work],
        ['close', close],
      ]);

      const ended = await type(`${call} --json`, { application, signal: stop.signal });

      expect(events).toEqual(['in order', 'closed']);
      expect(ended.exit).toBe(4);
      expect(JSON.parse(ended.stdout).error).toEqual({
        code: 'ABORTED',
        message: 'Stopped by the engine.',
        next: 'Left to do: links.',
      });
    },
  );

  it.each<[string, keyof Application]>([
    ['stop --env local', 'stop'],
    ['quarantine accept --env local --reason KPI_MISSING --by ann', 'accept'],
    ['evidence import --env local --from package.json --by ann', 'importEvidence'],
  ])('does not leave open whether "%s" was written down', async (call, method) => {
    const stop = new AbortController();
    const work = async (): Promise<never> => {
      stop.abort();
      await sleep(20);
      throw new WaybillError(3, 'STORE_FAILED', 'No.', 'Again.');
    };

    const ended = await type(`${call} --json`, {
      application: Object.fromEntries([[method, work]]),
      signal: stop.signal,
    });

    expect([ended.exit, JSON.parse(ended.stdout).error.code]).toEqual([3, 'STORE_FAILED']);
  });

  it.each(['AbortError', 'TypeError'])('is the reason of an %s only where that is one', async (name) => {
    const stop = new AbortController();
    const application: Partial<Application> = {
      run: () => {
        stop.abort();
        return Promise.reject(Object.assign(new Error('x'), { name }));
      },
    };

    const ended = await type('--env local --json', { application, signal: stop.signal });

    const expected = name === 'AbortError' ? { exit: 4, code: 'ABORTED' } : { exit: 1, code: 'INTERNAL' };
    expect({ exit: ended.exit, code: JSON.parse(ended.stdout).error.code }).toEqual(expected);
  });

  it.each([
    'status --env local',
    'preflight --env local',
    'report --env local',
    'comment --env local',
    'backup list --env local',
    'evidence export --env local --by ann',
    'iam --env local',
  ])('does not wait for what takes no signal: %s', async (call) => {
    const stop = new AbortController();
    const hanging = (): Promise<never> => {
      setTimeout(() => {
        stop.abort();
      }, 5);
      return never;
    };
    const methods = ['status', 'preflight', 'report', 'progress', 'backups', 'evidence', 'iam'];
    const application: Partial<Application> = Object.fromEntries(methods.map((name) => [name, hanging]));

    const ended = await type(`${call} --json`, { application, signal: stop.signal });

    expect(ended.exit).toBe(4);
    expect(JSON.parse(ended.stdout)).toEqual({
      error: {
        code: 'ABORTED',
        message: 'Stopped because it was asked to.',
        next: 'Run the same command again when you are ready.',
      },
    });
    expect(ended.closed).toBe(1);
  });

  it('ends a list whose store has gone silent', async () => {
    const stop = new AbortController();
    const application: Partial<Application> = {
      async *entries() {
        yield QUARANTINED[0]!;
        setTimeout(() => {
          stop.abort();
        }, 5);
        await never;
      },
    };

    const ended = await type('quarantine list --env local', { application, signal: stop.signal });

    expect(ended.exit).toBe(4);
    expect(ended.stderr).toContain('error ABORTED');
  });

  it('closes an application that opens only after the person has stopped waiting for it', async () => {
    const stop = new AbortController();
    let closed = 0;
    let open: (application: Application) => void = () => undefined;
    const composition = {
      openApplication: () => {
        stop.abort();
        return new Promise<Application>((resolve) => {
          open = resolve;
        });
      },
    };

    const ended = await type('status --env local', { composition, signal: stop.signal });
    expect(ended.exit).toBe(4);
    open(
      fakeApplication({
        close: () => {
          closed += 1;
          return Promise.resolve();
        },
      }),
    );
    await new Promise((resolve) => setImmediate(resolve));

    expect(closed).toBe(1);
  });
});
