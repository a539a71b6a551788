/** What a task tells of its own time. */
export interface Call {
  /** ms that it waited for something else than the store; they are no latency */
  readonly exclude: (milliseconds: number) => void;
}

export interface LimiterOptions {
  /** tasks at a time at most, whatever the latency */
  readonly max: number;
  /** and at least; undefined: 4 */
  readonly min?: number;
  /** to begin with; undefined: 8 */
  readonly start?: number;
  /** monotonic, in ms */
  readonly now?: () => number;
}

/** Part of the tasks under way that may wait in the store before the number is not raised any more, and before it is lowered. */
const RAISE_BELOW = 0.25;
const LOWER_ABOVE = 0.4;
/** So many may always wait there: fewer tell nothing. */
const RAISE_BELOW_TASKS = 1;
const LOWER_ABOVE_TASKS = 3;
const RAISE = 1.1;
const LOWER = 0.8;
/** Answers, and ms, that a look at the latency rests on. */
const LOOK_ANSWERS = 24;
const LOOK_MS = 50;
/** How long the latency of an idle store is believed, in ms. */
const BASELINE_MS = 10_000;

/**
 * Runs tasks in the order in which they were asked for, as many at a time as serve the throughput: by Little's law the
 * share of the latency above that of an idle store tells how many requests only wait there. Few: the number grows,
 * first by doubling. Many: it is lowered (AIMD on the latency's gradient). From time to time it is halved for a moment
 * to see what the latency of an idle store is by now.
 */
export class AdaptiveLimiter {
  readonly #max: number;
  readonly #min: number;
  readonly #now: () => number;
  readonly #waiting: (() => void)[] = [];
  #head = 0;
  #running = 0;
  #limit: number;
  #doubling = true;
  /** mean latency of an idle store in ms, and when it was found */
  #baseline = Number.POSITIVE_INFINITY;
  #baselineAt: number | undefined;
  /** the number and the latency before it was halved to look */
  #before: { readonly limit: number; readonly latency: number } | undefined;
  #look = { since: 0, answers: 0, milliseconds: 0, saturated: false };
  /** tasks that began before the number was changed tell nothing of it */
  #epoch = 0;

  constructor({ max, min = 4, start = 8, now = () => performance.now() }: LimiterOptions) {
    if (!Number.isInteger(max) || max < 1) throw new RangeError('a limit of at least 1 is needed');
    this.#max = max;
    this.#min = Math.min(min, max);
    this.#limit = Math.min(start, max);
    this.#now = now;
  }

  /** tasks at a time */
  get limit(): number {
    return Math.floor(this.#limit);
  }

  async run<T>(task: (call: Call) => Promise<T>): Promise<T> {
    await this.#acquire();
    const [began, epoch] = [this.#now(), this.#epoch];
    let excluded = 0;
    try {
      return await task({ exclude: (milliseconds) => void (excluded += milliseconds) });
    } finally {
      if (epoch === this.#epoch) this.#note(this.#now() - began - excluded);
      this.#running -= 1;
      this.#admit();
    }
  }

  #acquire(): Promise<void> {
    if (this.#running < this.limit && this.#head === this.#waiting.length) {
      this.#running += 1;
      return Promise.resolve();
    }
    this.#look.saturated = true;
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #admit(): void {
    while (this.#running < this.limit && this.#head < this.#waiting.length) {
      this.#running += 1;
      (this.#waiting[this.#head] as () => void)();
      this.#head += 1;
    }
    if (this.#head < this.#waiting.length) this.#look.saturated = true;
    if (this.#head > 1_000 || this.#head === this.#waiting.length) this.#waiting.splice(0, this.#head);
    if (this.#head > this.#waiting.length || this.#waiting.length === 0) this.#head = 0;
  }

  #note(latency: number): void {
    const look = this.#look;
    const now = this.#now();
    if (look.answers === 0) look.since = now;
    look.answers += 1;
    look.milliseconds += Math.max(0, latency);
    const enough = Math.max(LOOK_ANSWERS, this.limit);
    if (look.answers < enough || now - look.since < LOOK_MS) return;
    this.#change(this.#judged(look.milliseconds / look.answers, look.saturated, now));
  }

  /** The number that follows from a look. */
  #judged(latency: number, saturated: boolean, now: number): number {
    if (this.#before !== undefined) {
      [this.#baseline, this.#baselineAt] = [latency, now];
      const { limit, latency: full } = this.#before;
      this.#before = undefined;
      // with half as many answers come so much sooner that the others only waited
      return latency < full * (1 - LOWER_ABOVE) ? this.#limit : limit;
    }
    this.#baseline = Math.min(this.#baseline, latency);
    this.#baselineAt ??= now;
    if (now - this.#baselineAt >= BASELINE_MS) {
      this.#before = { limit: this.#limit, latency };
      return this.#limit / 2;
    }
    const idle = latency === 0 ? 0 : this.#limit * (1 - this.#baseline / latency);
    if (idle > Math.max(LOWER_ABOVE_TASKS, this.#limit * LOWER_ABOVE)) {
      this.#doubling = false;
      return this.#limit * LOWER;
    }
    const isRoomy = idle <= Math.max(RAISE_BELOW_TASKS, this.#limit * RAISE_BELOW);
    if (!isRoomy) this.#doubling = false;
    // a number that was not reached tells nothing of a higher one
    if (!isRoomy || !saturated) return this.#limit;
    return this.#doubling ? this.#limit * 2 : Math.max(this.#limit + 1, this.#limit * RAISE);
  }

  #change(limit: number): void {
    const bounded = Math.min(this.#max, Math.max(this.#min, limit));
    if (Math.floor(bounded) !== this.limit) this.#epoch += 1;
    this.#limit = bounded;
    this.#look = { since: 0, answers: 0, milliseconds: 0, saturated: false };
    this.#admit();
  }
}
