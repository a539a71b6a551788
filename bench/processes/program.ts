import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { CREDENTIALS } from '../workload/client.js';
import type { Closing } from './closing.js';

/** Messages from a program of the bench; `ready` comes first. */
interface Told<T> {
  readonly ready?: T;
  readonly answer?: T;
  readonly failed?: string;
}

/**
 * A program of bench/programs in a process of its own, so that what it costs is not on anybody else's clock. It ends
 * with `closing`, and by itself when this process is gone.
 */
export class Program<Ready = unknown> {
  private constructor(
    private readonly child: ChildProcess,
    readonly ready: Ready,
  ) {}

  static async start<Ready>(name: string, task: object, closing: Closing): Promise<Program<Ready>> {
    const path = fileURLToPath(new URL(`../programs/${name}.js`, import.meta.url));
    const child = fork(path, [JSON.stringify(task)], {
      env: { ...process.env, ...CREDENTIALS },
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      detached: true,
    });
    const ended = new Promise<void>((done) => child.once('exit', () => done()));
    closing.add(() => {
      if (child.connected) child.disconnect();
      return ended;
    });
    const { ready } = await next<Ready>(child);
    if (ready === undefined) throw new Error(`${name} did not get ready`);
    return new Program(child, ready);
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** Asks, and waits for the answer. */
  async ask<T>(question: object): Promise<T> {
    const told = next<T>(this.child);
    this.child.send(question);
    const { answer } = await told;
    if (answer === undefined) throw new Error('a program of the bench gave no answer');
    return answer;
  }

  async end(): Promise<void> {
    const ended = new Promise<void>((done) => this.child.once('exit', () => done()));
    if (!this.child.connected) return;
    this.child.disconnect();
    await ended;
  }
}

function next<T>(child: ChildProcess): Promise<Told<T>> {
  return new Promise((done, fail) => {
    const gone = (): void => fail(new Error('a program of the bench ended unexpectedly'));
    child.once('exit', gone);
    child.once('message', (message) => {
      child.off('exit', gone);
      const told = message as Told<T>;
      if (told.failed === undefined) done(told);
      else fail(new Error(told.failed));
    });
  });
}
