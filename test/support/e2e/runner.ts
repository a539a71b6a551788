import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

/** A command that has ended: its exit code and all that it wrote. */
export interface Ended {
  readonly words: string;
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const RUNNER = resolve('runner.js');
/** Well above what any command of the tests needs, below the time that a test has. */
const COMMAND_MS = 50_000;

/** The command line as a user has it: a process per command, started in a folder of its own. */
export class Runner {
  constructor(
    readonly folder: string,
    private readonly env: Readonly<Record<string, string>> = {},
  ) {
    if (!existsSync(resolve('dist/runner/index.js'))) {
      throw new Error('dist/ is missing: run npm run build first (npm test does)');
    }
  }

  /** Types words at `node runner`, separated by blanks. */
  run(words: string, more: Readonly<Record<string, string>> = {}): Promise<Ended> {
    return this.start(words, more).ended;
  }

  /** The document that a command prints under `--json`, and its exit code. */
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the caller names the shape that it goes on to check
  async json<T>(
    words: string,
  ): Promise<{ readonly exit: number | null; readonly document: T; readonly stderr: string }> {
    const ended = await this.run(`${words} --json`);
    return { exit: ended.exit, document: documentOf(ended) as T, stderr: ended.stderr };
  }

  /** Starts a command as the leader of a process group, which is what a terminal makes of it. */
  start(words: string, more: Readonly<Record<string, string>> = {}): RunningCommand {
    const { PATH = '', TMPDIR } = process.env;
    const argv = words.split(' ').filter((word) => word !== '');
    const child = spawn(process.execPath, [RUNNER, ...argv], {
      cwd: this.folder,
      // HOME is the folder, so that nobody's AWS configuration is found
      env: { PATH, HOME: this.folder, ...(TMPDIR === undefined ? {} : { TMPDIR }), ...this.env, ...more },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return new RunningCommand(words, child);
  }
}

/** A command under way. */
export class RunningCommand {
  readonly ended: Promise<Ended>;
  private stdout = '';
  private stderr = '';
  private readonly listeners = new Set<() => void>();

  constructor(
    private readonly words: string,
    private readonly child: ChildProcess,
  ) {
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.stdout += text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr += text;
      for (const listener of this.listeners) listener();
    });
    const timer = setTimeout(() => this.signal('SIGKILL'), COMMAND_MS);
    this.ended = new Promise((done, fail) => {
      child.once('error', fail);
      child.once('close', (exit) => {
        clearTimeout(timer);
        done({ words, exit, stdout: this.stdout, stderr: this.stderr });
        for (const listener of this.listeners) listener();
      });
    });
  }

  /** Resolves when stderr has a match; rejects when the command ends without one. */
  said(pattern: RegExp): Promise<void> {
    return new Promise((done, fail) => {
      const look = (): void => {
        const found = pattern.test(this.stderr);
        if (found) done();
        else if (this.child.exitCode !== null)
          fail(new Error(`'${this.words}' never said ${String(pattern)}`));
        if (found || this.child.exitCode !== null) this.listeners.delete(look);
      };
      this.listeners.add(look);
      look();
    });
  }

  /** To the whole process group, as Ctrl-C does. */
  signal(signal: 'SIGINT' | 'SIGKILL'): void {
    if (this.child.pid !== undefined && this.child.exitCode === null) process.kill(-this.child.pid, signal);
  }
}

/** All of stdout as one JSON document. */
export function documentOf({ words, stdout, stderr, exit }: Ended): unknown {
  try {
    return JSON.parse(stdout) as unknown;
  } catch {
    throw new Error(`'${words}' (exit ${String(exit)}) printed no JSON document:\n${stdout}\n${stderr}`);
  }
}
