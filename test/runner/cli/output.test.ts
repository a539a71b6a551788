import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { CommandLine } from '../../../src/runner/cli/command-line.js';
import { spooled } from '../../../src/runner/cli/spool.js';
import type { JournalEntry } from '../../../src/runner/ports/journal.js';
import { CollectingStream, QUARANTINED, entriesOf, runResult, type } from './command-line-harness.js';

async function textOf(pieces: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const piece of pieces) text += piece;
  return text;
}

function spoolFolders(): string[] {
  return readdirSync(tmpdir()).filter((name) => /^waybill-[A-Za-z0-9]{6}$/.test(name));
}

describe('stdout', () => {
  it('may be closed by its reader: the command ends quietly with its exit code', async () => {
    const stdout = new CollectingStream({ code: 'EPIPE', after: 0 });

    const list = await type('quarantine list --env local', {
      application: { entries: entriesOf(QUARANTINED) },
      stdout,
    });
    const run = await type('--env local --json', {
      application: { run: () => Promise.resolve(runResult({ status: 'failed', exit: 1 })) },
      stdout: new CollectingStream({ code: 'EPIPE', after: 0 }),
    });

    expect({ exit: list.exit, stderr: list.stderr }).toEqual({ exit: 0, stderr: '' });
    expect(run.exit).toBe(1);
  });

  it('is asked for no more once its reader has gone', async () => {
    let given = 0;
    const detail = 'x'.repeat(70_000);
    const entries = async function* (): AsyncGenerator<JournalEntry> {
      await Promise.resolve();
      for (; given < 1000; given += 1) yield { ...QUARANTINED[0]!, detail };
    };

    const ended = await type('quarantine list --env local', {
      application: { entries },
      stdout: new CollectingStream({ code: 'EPIPE', after: 2 }),
    });

    expect(ended.exit).toBe(0);
    expect(given).toBeLessThan(10);
  });

  it('invariant 10: that can not be written (full disk) makes the command fail', async () => {
    const ended = await type('--env local', {
      application: { run: () => Promise.resolve(runResult({})) },
      stdout: new CollectingStream({ code: 'ENOSPC', after: 0 }),
    });

    expect(ended.exit).toBe(1);
    expect(ended.stderr).toContain('error SYSTEM');
  });

  it('still gets its document when stderr can not be written', async () => {
    const ended = await type('status --env nowhere --json', {
      stderr: new CollectingStream({ code: 'EIO', after: 0 }),
    });

    expect(ended.exit).toBe(2);
    expect(JSON.parse(ended.stdout).error.code).toBe('ENV_UNKNOWN');
  });
});

describe('a terminal that is closed', () => {
  it('takes nothing away from how the command ended', async () => {
    const hungUp = (): CollectingStream =>
      Object.assign(new CollectingStream({ code: 'EIO', after: 0 }), { isTTY: true });

    const ended = await type('--env local', {
      application: { run: () => Promise.resolve(runResult({ status: 'aborted', exit: 4 })) },
      stdout: hungUp(),
      stderr: hungUp(),
    });

    expect(ended.exit).toBe(4);
  });

  it('is not what a disk is that can not be written', async () => {
    const ended = await type('--env local', {
      application: { run: () => Promise.resolve(runResult({})) },
      stdout: new CollectingStream({ code: 'EIO', after: 0 }),
    });

    expect(ended.exit).toBe(1);
  });
});

describe('a stderr that can not be written', () => {
  it('takes neither the result nor its exit code away', async () => {
    const ended = await type('--env local --json', {
      application: { run: () => Promise.resolve(runResult({ status: 'aborted', exit: 4 })) },
      stderr: new CollectingStream({ code: 'ENOSPC', after: 0 }),
    });

    expect(ended.exit).toBe(4);
    expect(JSON.parse(ended.stdout).status).toBe('aborted');
  });
});

describe('an error that nobody caught', () => {
  it('ends the command with its document, and what the command says later is not a second one', async () => {
    const stdout = new CollectingStream();
    const stop = new AbortController();
    const commandLine = new CommandLine(['status', '--env', 'local', '--json'], {
      composition: () => Promise.reject(new Error('first')),
      stdout,
      stderr: new CollectingStream(),
      terminal: false,
      version: '1.2.3',
      signal: stop.signal,
      now: () => 0,
      clock: () => new Date(0),
      operator: () => 'ann@build-7',
    });

    const exits = await Promise.all([commandLine.fail(new TypeError('nobody caught it')), commandLine.run()]);

    expect(exits).toEqual([1, 1]);
    expect(JSON.parse(stdout.text).error.message).toContain('TypeError');
  });
});

describe('spooled text', () => {
  async function* pieces(count: number, failure?: Error): AsyncGenerator<string> {
    await Promise.resolve();
    for (let index = 0; index < count; index += 1) yield `${index} äöü€😀 ${'x'.repeat(50)}\n`;
    if (failure !== undefined) throw failure;
  }

  it.each([0, 10, 200_000])(
    'invariant 12: is the same text with %d characters in memory, the rest in a file',
    async (limit) => {
      const before = spoolFolders();

      expect(await textOf(spooled(pieces(3000), limit))).toBe(await textOf(pieces(3000)));
      expect(spoolFolders()).toEqual(before);
    },
  );

  it('gives nothing of a source that fails at its end, and leaves no file behind', async () => {
    const before = spoolFolders();
    const taken: string[] = [];

    const reading = (async () => {
      for await (const piece of spooled(pieces(3000, new Error('late')), 10)) taken.push(piece);
    })();

    await expect(reading).rejects.toThrow('late');
    expect(taken).toEqual([]);
    expect(spoolFolders()).toEqual(before);
  });

  it('leaves no file behind where its reader stops early', async () => {
    const before = spoolFolders();

    for await (const piece of spooled(pieces(3000), 10)) {
      expect(piece).not.toBe('');
      break;
    }

    expect(spoolFolders()).toEqual(before);
  });
});
