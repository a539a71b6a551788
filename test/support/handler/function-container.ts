import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { FunctionEvent, FunctionResult } from '../../../src/handler/index.js';

const PROGRAM = resolve('test/support/handler/container-program.js');
const HANDLER = pathToFileURL(resolve('dist/handler/index.js')).href;

/** How an invocation ended: as Lambda would tell its caller. */
export interface Answer {
  readonly result?: FunctionResult;
  readonly errorType?: string;
  readonly errorMessage?: string;
  /** ms that were left; undefined: it was killed */
  readonly remaining?: number;
}

/** Killed because its time was over. */
export const TIMED_OUT: Answer = { errorType: 'Sandbox.Timedout' };

/** A function as Lambda runs it: warm from one invocation to the next, killed when one takes too long, cold again then. */
export class FunctionContainer {
  /** processes so far */
  coldStarts = 0;
  /** all lines on standard output */
  log = '';
  private child: ChildProcess | undefined;

  constructor(
    readonly folder: string,
    private readonly env: Readonly<Record<string, string>>,
  ) {}

  /** `killAfter`: ms after which it is killed whatever it still has; omitted: those of the invocation. */
  async invoke(
    event: FunctionEvent | object,
    milliseconds: number,
    killAfter = milliseconds,
  ): Promise<Answer> {
    const child = this.child ?? (await this.start());
    const ended = new AbortController();
    const answered = once(child, 'message', { signal: ended.signal }) as Promise<[Answer]>;
    const gone = once(child, 'exit', { signal: ended.signal }).then((): [Answer] => [TIMED_OUT]);
    const timer = setTimeout(() => child.kill('SIGKILL'), killAfter);
    child.send({ event, milliseconds });
    const [answer] = await Promise.race([answered, gone]);
    clearTimeout(timer);
    ended.abort();
    await Promise.allSettled([answered, gone]);
    if (answer === TIMED_OUT) this.child = undefined;
    return answer;
  }

  /** As if its time were over now, in the middle of whatever it does. */
  kill(): void {
    this.child?.kill('SIGKILL');
  }

  async stop(): Promise<void> {
    const { child } = this;
    if (child === undefined) return;
    this.child = undefined;
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
  }

  private async start(): Promise<ChildProcess> {
    const { PATH = '' } = process.env;
    const child = fork(PROGRAM, [HANDLER], {
      // nothing of the function may be written here
      cwd: this.folder,
      env: { PATH, HOME: this.folder, ...this.env },
      execArgv: [],
      silent: true,
    });
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.log += text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.log += text));
    this.coldStarts += 1;
    this.child = child;
    const failed = once(child, 'exit').then(() => Promise.reject(new Error(`no function:\n${this.log}`)));
    await Promise.race([once(child, 'message'), failed]);
    failed.catch(() => undefined);
    return child;
  }
}
