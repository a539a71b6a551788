import { EventEmitter } from 'node:events';
import type { Application } from '../../../src/runner/application.js';
import { watchSignals } from '../../../src/runner/cli/interruption.js';
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
    process.emit('SIGINT');
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

  it.each(['status --env local', 'preflight --env local', 'report --env local', 'comment --env local'])(
    'does not wait for what takes no signal: %s',
    async (call) => {
      const stop = new AbortController();
      const hanging = (): Promise<never> => {
        setTimeout(() => {
          stop.abort();
        }, 5);
        return never;
      };
      const application = { status: hanging, preflight: hanging, report: hanging, progress: hanging };

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
    },
  );

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
