import type { Writable } from 'node:stream';
import { SingleBar } from 'cli-progress';
import type { Counters } from '../../ports/journal.js';
import type { Progress } from '../../ports/progress.js';
import { ProgressMeter } from './progress-meter.js';

const BAR_WIDTH = 24;

/** Progress on a terminal: one line that is redrawn, and that leaves a summary behind. */
export class BarProgress implements Progress {
  #meter: ProgressMeter | undefined;
  #bar: SingleBar | undefined;

  constructor(
    private readonly stream: Writable,
    private readonly now: () => number,
  ) {}

  started(activity: string, total: number | undefined): void {
    this.finished();
    const meter = new ProgressMeter(activity, total, this.now());
    this.#meter = meter;
    this.#bar = new SingleBar({
      stream: this.stream,
      fps: 5,
      clearOnComplete: true,
      // trims to the terminal's width; the other setting switches wrapping off and leaves it so after a crash
      linewrap: true,
      // the signals are ours
      gracefulExit: false,
      forceRedraw: true,
      format: () => barLine(meter),
    });
    this.#bar.start(total ?? 0, 0);
  }

  advanced(done: number, counters?: Counters): void {
    this.#meter?.advance(done, counters, this.now());
    this.#bar?.update(done);
  }

  finished(): void {
    if (this.#meter === undefined || this.#bar === undefined) return;
    this.#bar.stop();
    this.stream.write(`${this.#meter.summary(this.now())}\n`);
    this.#meter = undefined;
    this.#bar = undefined;
  }
}

function barLine(meter: ProgressMeter): string {
  if (meter.share === undefined) return `${meter.title}  ${meter.status()}`;
  const filled = Math.round(meter.share * BAR_WIDTH);
  return `${meter.title}  [${'='.repeat(filled)}${' '.repeat(BAR_WIDTH - filled)}]  ${meter.status()}`;
}
