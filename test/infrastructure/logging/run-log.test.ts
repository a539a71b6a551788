import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { jest } from '@jest/globals';
import { compileInto } from '../embedded/compiled-source.js';
import { createRunLog } from '../../../src/infrastructure/logging/run-log.js';

class Collector extends Writable {
  text = '';
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
  get lines(): string[] {
    return this.text.split('\n').filter((line) => line !== '');
  }
}

let folder: string;
let stream: Collector;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'waybill-log-'));
  stream = new Collector();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const parsed = (text: string): unknown[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

describe('createRunLog', () => {
  it('writes JSON lines with instant, level, event and fields where nobody watches', async () => {
    const log = createRunLog({ level: 'info', terminal: false, stream });
    log.event('info', 'step.started', { step: 'links', segments: 4 });
    log.event('warn', 'store.throttled');
    await log.close();
    expect(parsed(stream.text)).toEqual([
      {
        at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        level: 'info',
        event: 'step.started',
        fields: { step: 'links', segments: 4 },
      },
      { at: expect.any(String), level: 'warn', event: 'store.throttled' },
    ]);
  });

  it('A-38: keeps the file, and each folder that it makes for it, for the owner alone', async () => {
    const path = join(folder, 'state', 'runs', 'r-1', 'log.jsonl');
    const before = process.umask(0);
    try {
      await createRunLog({ level: 'info', terminal: false, stream, file: path }).close();
    } finally {
      process.umask(before);
    }
    const modes = ['state', 'state/runs', 'state/runs/r-1', 'state/runs/r-1/log.jsonl'].map(
      (name) => statSync(join(folder, name)).mode & 0o777,
    );
    expect(modes).toEqual([0o700, 0o700, 0o700, 0o600]);
  });

  it('writes one readable line per event on a terminal', async () => {
    jest.useFakeTimers({
      now: new Date('2026-11-21T05:53:12.345Z'),
      doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'],
    });
    const log = createRunLog({ level: 'info', terminal: true, stream });
    log.event('info', 'step.started', {
      step: 'links',
      source: 'old-links#0a-1',
      segments: 4,
      none: undefined,
    });
    log.event('error', 'step.failed', {
      reason: 'two\nlines step=faked',
      error: new TypeError('bad \u001b[31m \u009b \u2028'),
    });
    jest.useRealTimers();
    await log.close();
    expect(stream.lines).toEqual([
      '05:53:12 info  step.started step=links source=old-links#0a-1 segments=4',
      '05:53:12 error step.failed reason="two\\nlines step=faked" error={"name":"TypeError","message":"bad \\u001b[31m \\u009b \\u2028"}',
    ]);
  });

  it('keeps an event and a field called message, level or at apart', async () => {
    const log = createRunLog({ level: 'info', terminal: false, stream });
    log.event('info', 'odd', { message: 'm', level: 'l', at: 'a', event: 'e', splat: ['%s'] });
    await log.close();
    expect(parsed(stream.text)).toEqual([
      {
        at: expect.stringMatching(/^\d{4}-/),
        level: 'info',
        event: 'odd',
        fields: { message: 'm', level: 'l', at: 'a', event: 'e', splat: ['%s'] },
      },
    ]);
  });

  it('shows info and above, and keeps everything in the file, on disk once close resolves', async () => {
    const file = join(folder, 'runs', 'r1', 'log.jsonl');
    const log = createRunLog({ level: 'info', terminal: true, stream, file });
    log.event('debug', 'page.read', { count: 25 });
    for (let at = 0; at < 5000; at++) log.event('info', 'tick', { at });
    await log.close();
    const inFile = parsed(readFileSync(file, 'utf8')) as { event: string; fields: { at: number } }[];
    expect(inFile).toHaveLength(5001);
    expect(inFile[0]).toMatchObject({ level: 'debug', event: 'page.read', fields: { count: 25 } });
    expect(inFile.slice(1).map(({ fields }) => fields.at)).toEqual(
      Array.from({ length: 5000 }, (_, at) => at),
    );
    expect(stream.lines).toHaveLength(5000);
    expect(stream.text).not.toContain('page.read');
  });

  it('shows debug events where that level is asked for', async () => {
    const log = createRunLog({ level: 'debug', terminal: true, stream });
    log.event('debug', 'page.read');
    await log.close();
    expect(stream.text).toContain('debug page.read');
  });

  it('starts the file when the run is known, appends to it, and goes over to another one', async () => {
    const [first, second] = [join(folder, 'a', 'log.jsonl'), join(folder, 'b', 'log.jsonl')];
    for (const round of [1, 2]) {
      const log = createRunLog({ level: 'error', terminal: false, stream });
      log.event('info', 'before', { round });
      log.toFile(first);
      log.event('info', 'first', { round });
      log.toFile(second);
      log.event('info', 'second', { round });
      await log.close();
    }
    const events = (path: string): unknown[] =>
      parsed(readFileSync(path, 'utf8')).map((line) => (line as { event: string }).event);
    expect(events(first)).toEqual(['first', 'first']);
    expect(events(second)).toEqual(['second', 'second']);
    expect(stream.text).toBe('');
  });

  it('logs an error as name, code, message and cause; the stack only in the file; never its other properties', async () => {
    const file = join(folder, 'log.jsonl');
    const log = createRunLog({ level: 'info', terminal: false, stream, file });
    const cause = Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
    const error = Object.assign(new TypeError('it failed', { cause }), {
      Item: { name: { S: 'Jane' } },
      code: 42,
    });
    log.event('error', 'step.failed', { error });
    await log.close();
    const bare = {
      name: 'TypeError',
      code: 42,
      message: 'it failed',
      cause: { name: 'Error', code: 'ECONNRESET', message: 'socket hang up' },
    };
    expect(parsed(stream.text)).toEqual([
      { at: expect.any(String), level: 'error', event: 'step.failed', fields: { error: bare } },
    ]);
    const [inFile] = parsed(readFileSync(file, 'utf8')) as [
      { fields: { error: { stack: string; cause: { stack: string } } } },
    ];
    expect(inFile.fields.error.stack).toContain('run-log.test');
    expect(inFile.fields.error.cause.stack).toContain('run-log.test');
    expect(JSON.stringify(inFile)).not.toContain('Jane');
  });

  it('keeps what is redacted out of the terminal, the JSON lines and the file alike', async () => {
    const file = join(folder, 'log.jsonl');
    const json = new Collector();
    const logs = [
      createRunLog({ level: 'info', terminal: true, stream, file }),
      createRunLog({ level: 'info', terminal: false, stream: json }),
    ];
    for (const log of logs) log.event('info', 'oops', { id: 'k-1', item: { name: { S: 'Jane Doe' } } });
    await Promise.all(logs.map((log) => log.close()));
    for (const text of [stream.text, json.text, readFileSync(file, 'utf8')]) {
      expect(text).toContain('[redacted]');
      expect(text).toContain('k-1');
      expect(text).not.toContain('Jane');
    }
  });

  it('drops events after close and leaves the stream open and as it was', async () => {
    const listeners = stream.listenerCount('error');
    const log = createRunLog({ level: 'info', terminal: true, stream });
    await log.close();
    await log.close();
    log.event('info', 'late');
    log.toFile(join(folder, 'late', 'log.jsonl'));
    expect(stream.text).toBe('');
    expect(stream.writableEnded).toBe(false);
    expect(stream.listenerCount('error')).toBe(listeners);
  });

  it('goes on without a stream that broke, and still fills the file', async () => {
    const broken = new Writable({
      write: (_chunk, _encoding, done) => done(Object.assign(new Error('EPIPE'), { code: 'EPIPE' })),
    });
    const file = join(folder, 'log.jsonl');
    const log = createRunLog({ level: 'info', terminal: true, stream: broken, file });
    for (let at = 0; at < 3; at++) {
      log.event('info', 'tick', { at });
      await new Promise((resolve) => setImmediate(resolve));
    }
    await log.close();
    expect(parsed(readFileSync(file, 'utf8'))).toHaveLength(3);
  });

  it('leaves a stream alone that broke before the first event, and still fills the file', async () => {
    const file = join(folder, 'log.jsonl');
    const log = createRunLog({ level: 'info', terminal: true, stream });
    stream.emit('error', Object.assign(new Error('EPIPE'), { code: 'EPIPE' }));
    log.toFile(file);
    log.event('info', 'tick');
    await log.close();
    expect(stream.text).toBe('');
    expect(parsed(readFileSync(file, 'utf8'))).toHaveLength(1);
  });

  it('waits in close for a stream that is slow', async () => {
    let text = '';
    const slow = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        text += chunk.toString();
        setTimeout(done, 2);
      },
    });
    const log = createRunLog({ level: 'info', terminal: true, stream: slow });
    for (let at = 0; at < 20; at++) log.event('info', 'tick', { at });
    await log.close();
    expect(text.split('\n')).toHaveLength(21);
  });

  it('says on the stream that the file failed, and goes on', async () => {
    const log = createRunLog({ level: 'info', terminal: true, stream, file: '/dev/full' });
    log.event('info', 'first');
    await new Promise((resolve) => setTimeout(resolve, 20));
    log.event('info', 'second');
    await log.close();
    expect(stream.text).toMatch(
      /first\n.*error log\.file-failed file=\/dev\/full error=\{"name":"Error","code":"ENOSPC".*\n.*second/,
    );
  });

  it('throws where the file cannot be opened', () => {
    writeFileSync(join(folder, 'taken'), '');
    expect(() =>
      createRunLog({ level: 'info', terminal: true, stream, file: join(folder, 'taken', 'log') }),
    ).toThrow(/EEXIST|ENOTDIR/);
  });

  it('writes nothing to standard output, and a process that is killed has all its lines in the file', () => {
    const module = compileInto(folder, ['infrastructure/logging/run-log.ts'])(
      'infrastructure/logging/run-log.ts',
    );
    const file = join(folder, 'log.jsonl');
    const script = `
      import { createRunLog } from ${JSON.stringify(module)};
      const log = createRunLog({ level: 'debug', terminal: false, stream: process.stderr, file: ${JSON.stringify(file)} });
      for (let at = 0; at < 500; at++) log.event('debug', 'tick', { at });
      setImmediate(() => process.kill(process.pid, 'SIGKILL'));
      setTimeout(() => {}, 10_000);`;
    const { signal, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      encoding: 'utf8',
    });
    expect(signal).toBe('SIGKILL');
    expect(stdout).toBe('');
    expect(parsed(stderr)).toHaveLength(500);
    expect(parsed(readFileSync(file, 'utf8'))).toHaveLength(500);
  });
});
