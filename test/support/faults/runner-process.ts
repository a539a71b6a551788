import { spawn, type ChildProcess } from 'node:child_process';
import { resolve } from 'node:path';

/** How a command ended: with an exit code or by a signal. */
export interface Ending {
  readonly exit: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** from start to end */
  readonly milliseconds: number;
}

const RUNNER = resolve('runner.js');
/** Well above what any command of these tests takes. */
const TOO_LONG_MS = 120_000;

/** A command of the runner in a process of its own, to be stopped, continued and killed by its pid. */
export class RunnerProcess {
  readonly startedAt = performance.now();
  readonly ended: Promise<Ending>;
  private readonly child: ChildProcess;
  private output = { stdout: '', stderr: '' };

  /** `longest`: ms after which it is killed, because something is wrong then */
  constructor(words: string, folder: string, env: Readonly<Record<string, string>>, longest = TOO_LONG_MS) {
    const { PATH = '', TMPDIR } = process.env;
    this.child = spawn(process.execPath, [RUNNER, ...words.split(' ')], {
      cwd: folder,
      // HOME is the folder, so that nobody's AWS configuration is found
      env: { PATH, HOME: folder, ...(TMPDIR === undefined ? {} : { TMPDIR }), ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const name of ['stdout', 'stderr'] as const)
      this.child[name]?.setEncoding('utf8').on('data', (text: string) => (this.output[name] += text));
    const timer = setTimeout(() => this.signal('SIGKILL'), longest);
    this.ended = new Promise((done, fail) => {
      this.child.once('error', fail);
      this.child.once('close', (exit, signal) => {
        clearTimeout(timer);
        done({ exit, signal, ...this.output, milliseconds: performance.now() - this.startedAt });
      });
    });
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** False once it has ended, by itself or by a signal. */
  get isAlive(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** True if there was a process to receive it. */
  signal(signal: 'SIGINT' | 'SIGTERM' | 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): boolean {
    return this.isAlive && this.child.kill(signal);
  }
}

/** What a command tells of its ending: the exit code, and the error of its `--json` document. */
export interface Outcome {
  readonly exit: number | null;
  readonly code: string | undefined;
  readonly message: string | undefined;
  readonly next: string | undefined;
}

export function outcomeOf(ending: Ending): Outcome {
  const { error } = documentOf(ending) as { readonly error?: Record<'code' | 'message' | 'next', string> };
  return { exit: ending.exit, code: error?.code, message: error?.message, next: error?.next };
}

/** All of stdout as one JSON document. */
export function documentOf({ stdout, stderr, exit, signal }: Ending): unknown {
  try {
    return JSON.parse(stdout) as unknown;
  } catch {
    throw new Error(
      `no JSON document (exit ${String(exit)}, signal ${String(signal)}):\n${stdout}\n${stderr}`,
    );
  }
}
