import type { Counters } from '../../ports/journal.js';
import { terminalSafe } from '../../reports/escape.js';
import { formatCount, formatDuration } from '../../reports/quantities.js';

/** The rate is that of about the last half minute, so that a resumed or uneven run is told truthfully. */
const WINDOW_MS = 30_000;
const SAMPLE_EVERY_MS = 250;

interface Sample {
  readonly at: number;
  readonly done: number;
}

/** How far one activity is: what the bar and the plain lines say. Times are of a monotonic clock, in ms. */
export class ProgressMeter {
  #samples: Sample[] = [];
  #done = 0;
  #setAside = 0;

  constructor(
    readonly activity: string,
    readonly total: number | undefined,
    private readonly startedAt: number,
  ) {}

  get done(): number {
    return this.#done;
  }

  advance(done: number, counters: Counters | undefined, at: number): void {
    this.#done = done;
    if (counters !== undefined) this.#setAside = counters.quarantined + counters.conflict;
    const last = this.#samples.at(-1);
    if (last !== undefined && at - last.at < SAMPLE_EVERY_MS) return;
    this.#samples = this.#samples.filter((sample) => at - sample.at <= WINDOW_MS);
    this.#samples.push({ at, done });
  }

  /** 0 to 1; undefined where the total is unknown. The total is an estimate: it may be passed. */
  get share(): number | undefined {
    return this.total === undefined || this.total <= 0 ? undefined : Math.min(1, this.#done / this.total);
  }

  /** `1,200 of about 5,000 (24 %), 310/s, about 12 s left, 3 set aside` */
  status(): string {
    const rate = this.#rate();
    return [
      this.#amount(),
      ...(rate === undefined ? [] : [`${rate < 10 ? rate.toFixed(1) : formatCount(rate)}/s`]),
      ...this.#timeLeft(rate),
      ...this.#aside(),
    ].join(', ');
  }

  /** `links: 5,000 done in 16 s, 3 set aside` */
  summary(at: number): string {
    const done = `${formatCount(this.#done)} done in ${formatDuration(at - this.startedAt)}`;
    return `${this.title}: ${[done, ...this.#aside()].join(', ')}`;
  }

  get title(): string {
    return terminalSafe(this.activity);
  }

  #amount(): string {
    const { share, total } = this;
    if (share === undefined || total === undefined || this.#done > total)
      return `${formatCount(this.#done)} done`;
    return `${formatCount(this.#done)} of about ${formatCount(total)} (${Math.floor(share * 100)} %)`;
  }

  /** Items per second; undefined until two samples tell it. */
  #rate(): number | undefined {
    const [first, last] = [this.#samples.at(0), this.#samples.at(-1)];
    if (first === undefined || last === undefined || last.at <= first.at) return undefined;
    return ((last.done - first.done) * 1000) / (last.at - first.at);
  }

  #timeLeft(rate: number | undefined): string[] {
    if (this.total === undefined || rate === undefined || rate <= 0 || this.#done >= this.total) return [];
    return [`about ${formatDuration(((this.total - this.#done) * 1000) / rate)} left`];
  }

  #aside(): string[] {
    return this.#setAside === 0 ? [] : [`${formatCount(this.#setAside)} set aside`];
  }
}
