import type { Counters } from '../../ports/journal.js';
import type { Progress } from '../../ports/progress.js';
import { ProgressMeter } from './progress-meter.js';

const LINE_EVERY_MS = 5000;

/** Progress for logs and pipes: a line at the start, one every few seconds, one at the end. */
export class PlainProgress implements Progress {
  #meter: ProgressMeter | undefined;
  #lastLineAt = 0;

  constructor(
    private readonly line: (text: string) => void,
    private readonly now: () => number,
  ) {}

  started(activity: string, total: number | undefined): void {
    this.finished();
    this.#lastLineAt = this.now();
    this.#meter = new ProgressMeter(activity, total, this.#lastLineAt);
    this.line(`${this.#meter.title}: started`);
  }

  advanced(done: number, counters?: Counters): void {
    if (this.#meter === undefined) return;
    const now = this.now();
    this.#meter.advance(done, counters, now);
    if (now - this.#lastLineAt < LINE_EVERY_MS) return;
    this.#lastLineAt = now;
    this.line(`${this.#meter.title}: ${this.#meter.status()}`);
  }

  finished(): void {
    if (this.#meter === undefined) return;
    this.line(this.#meter.summary(this.now()));
    this.#meter = undefined;
  }
}
