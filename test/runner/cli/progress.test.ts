import type { Progress } from '../../../src/runner/ports/progress.js';
import { BarProgress } from '../../../src/runner/cli/progress/bar-progress.js';
import { PlainProgress } from '../../../src/runner/cli/progress/plain-progress.js';
import { CollectingStream, NOTHING_COUNTED, runResult, type } from './command-line-harness.js';

class Terminal extends CollectingStream {
  readonly isTTY = true;
  readonly columns = 100;
}

function plain(): { progress: Progress; lines: string[]; pass: (ms: number) => void } {
  const lines: string[] = [];
  let now = 1000;
  const progress = new PlainProgress(
    (text) => lines.push(text),
    () => now,
  );
  return { progress, lines, pass: (ms) => (now += ms) };
}

describe('plain progress', () => {
  it('says how far, how fast and how long still, at most every five seconds', () => {
    const { progress, lines, pass } = plain();

    progress.started('links', 5000);
    pass(1000);
    progress.advanced(100);
    pass(1000);
    progress.advanced(200);
    pass(3000);
    progress.advanced(500, { ...NOTHING_COUNTED, quarantined: 2, conflict: 1 });
    pass(2000);
    progress.advanced(700);
    pass(3000);
    progress.advanced(1000);
    pass(6000);
    progress.finished();

    expect(lines).toEqual([
      'links: started',
      'links: 500 of about 5,000 (10 %), 100/s, about 45 s left, 3 set aside',
      'links: 1,000 of about 5,000 (20 %), 100/s, about 40 s left, 3 set aside',
      'links: 1,000 done in 16 s, 3 set aside',
    ]);
  });

  it('goes by the work of this run where it goes on at a million', () => {
    const { progress, lines, pass } = plain();

    progress.started('links', 1_010_000);
    progress.advanced(1_000_000);
    pass(5000);
    progress.advanced(1_005_000);

    expect(lines.at(-1)).toBe('links: 1,005,000 of about 1,010,000 (99 %), 1,000/s, about 5.0 s left');
  });

  it('forgets what was faster or slower half a minute ago', () => {
    const { progress, lines, pass } = plain();

    progress.started('links', 100_000);
    for (let done = 0; done < 20_000; done += 1000) {
      progress.advanced(done);
      pass(1000);
    }
    for (let done = 20_000; done <= 20_040; done += 1) {
      progress.advanced(done);
      pass(1000);
    }

    expect(lines.at(-1)).toBe('links: 20,040 of about 100,000 (20 %), 1.0/s, about 22 h 12 min left');
  });

  it('promises no end where the total is unknown or was too low', () => {
    const { progress, lines, pass } = plain();

    progress.started('links', undefined);
    progress.advanced(0);
    pass(5000);
    progress.advanced(20);
    progress.started('actuals', 10);
    progress.advanced(0);
    pass(5000);
    progress.advanced(20);

    expect(lines).toEqual([
      'links: started',
      'links: 20 done, 4.0/s',
      'links: 20 done in 5.0 s',
      'actuals: started',
      'actuals: 20 done, 4.0/s',
    ]);
  });

  it('says nothing where nothing was started', () => {
    const { progress, lines } = plain();

    progress.advanced(1);
    progress.finished();

    expect(lines).toEqual([]);
  });
});

describe('the bar', () => {
  it('is drawn on the terminal and leaves one line behind', () => {
    const terminal = new Terminal();
    let now = 0;
    const progress = new BarProgress(terminal, () => now);

    progress.started('links', 100);
    now += 1000;
    progress.advanced(25);
    now += 1000;
    progress.advanced(50);
    progress.finished();
    progress.finished();

    expect(terminal.text).toContain(
      'links  [============            ]  50 of about 100 (50 %), 25/s, about 2.0 s left',
    );
    expect(terminal.text.endsWith('links: 50 done in 2.0 s\n')).toBe(true);
  });

  it('leaves wrapping, the cursor and the signals of the process alone', () => {
    const terminal = new Terminal();
    const listeners = process.listenerCount('SIGINT');
    const progress = new BarProgress(terminal, () => 0);

    progress.started('links', undefined);
    const during = process.listenerCount('SIGINT');
    progress.finished();

    expect(during).toBe(listeners);
    // eslint-disable-next-line no-control-regex -- these are the terminal's own codes
    expect(terminal.text).not.toMatch(/\u001b\[\?(7|25)[hl]/);
  });
});

describe('progress of a command', () => {
  const working = {
    composition: {
      openApplication: ({ progress, terminal }: { progress: Progress; terminal: boolean }) => {
        progress.started(terminal ? 'on a terminal' : 'in lines', 10);
        progress.advanced(10);
        return Promise.reject(new Error('stop here'));
      },
    },
  };

  it('goes to stderr in lines under --json, even on a terminal, and ends before the error', async () => {
    const ended = await type('--env local --json', { ...working, terminal: true, stderr: new Terminal() });

    expect(Object.keys(JSON.parse(ended.stdout))).toContain('error');
    expect(ended.stderr).toMatch(/^in lines: started\nin lines: 10 done in 0\.0 s\nerror INTERNAL: /);
  });

  it('is a bar on a terminal, which is told to the composition', async () => {
    const ended = await type('--env local', { ...working, terminal: true, stderr: new Terminal() });

    expect(ended.stdout).toBe('');
    expect(ended.stderr).toContain('on a terminal  [========================]');
  });

  it('leaves stdout to the summary', async () => {
    const application = { run: () => Promise.resolve(runResult({})) };

    const ended = await type('--env local', { application });

    expect(ended.stderr).toBe('');
    expect(ended.stdout).toMatch(/^Run 20261121T053512Z-a1b2c3/);
  });
});
