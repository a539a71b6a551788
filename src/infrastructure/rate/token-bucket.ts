import { AimdCeiling } from './aimd-ceiling.js';

/** Of a limit that is aimed at: what is left covers what arrives a little closer together than it was sent. */
const TARGET = 0.96;
/** How much lost time is made up for, in ms: timers are late by about as much. */
const SLACK_MS = 10;
/** One request draws at most this part of what a second may cost, so that a single one never shows. */
const SHARE_OF_A_SECOND = 0.02;
/** Time over which the usage is averaged, in ms. */
const USAGE_MS = 1_000;

/**
 * The units of one table or index that may be drawn, as a token bucket that is almost empty all the time: a request
 * may go as soon as nothing is owed, and owes what it costs. In any second no more is drawn than 0.97 of the limit and
 * one request. All times in ms by the caller's clock.
 */
export class TokenBucket {
  readonly #ceiling = new AimdCeiling();
  /** units a second; undefined: no limit */
  #limit: number | undefined;
  /** units; below zero: time that was lost */
  #owed = 0;
  #at = Number.NEGATIVE_INFINITY;
  readonly #usage = new Usage();

  constructor(limit?: number) {
    this.#limit = limit;
  }

  limitTo(limit: number | undefined, now: number): void {
    this.#drain(now);
    this.#limit = limit;
    if (this.rate(now) === Number.POSITIVE_INFINITY) this.#owed = 0;
  }

  /** Units a second that are drawn at most; infinite where nothing limits them. */
  rate(now: number): number {
    const limit = this.#limit === undefined ? Number.POSITIVE_INFINITY : this.#limit * TARGET;
    return Math.min(limit, this.#ceiling.at(now, limit));
  }

  /** Units of a single request, so that it does not show in a second; infinite where nothing limits them. */
  largestDraw(now: number): number {
    return this.rate(now) * SHARE_OF_A_SECOND;
  }

  /** ms until the next request may go; 0: now. */
  delay(now: number): number {
    this.#drain(now);
    return this.#owed <= 0 ? 0 : (this.#owed / this.rate(now)) * 1_000;
  }

  /** Also adjusts an estimate once the cost is known: by the difference, which may be below zero. */
  draw(units: number, now: number): void {
    this.#drain(now);
    this.#usage.note(units, now);
    if (this.rate(now) !== Number.POSITIVE_INFINITY) this.#owed += units;
  }

  /** The store refused a request for want of this bucket's units. */
  throttled(now: number): void {
    this.#drain(now);
    this.#ceiling.throttled(now, Math.min(this.rate(now), Math.max(1, this.#usage.at(now))));
  }

  #drain(now: number): void {
    const rate = this.rate(now);
    if (rate === Number.POSITIVE_INFINITY) {
      this.#owed = 0;
    } else {
      const elapsed = Math.max(0, now - this.#at);
      const least = (-rate * SLACK_MS) / 1_000;
      this.#owed =
        elapsed === Number.POSITIVE_INFINITY ? 0 : Math.max(least, this.#owed - (rate * elapsed) / 1_000);
    }
    this.#at = Math.max(this.#at, now);
  }
}

/** Units a second of late, with weights that fade. */
class Usage {
  #units = 0;
  #at = 0;
  #since: number | undefined;

  note(units: number, now: number): void {
    this.#since ??= now;
    this.#units = Math.max(0, this.#faded(now) + units);
    this.#at = now;
  }

  at(now: number): number {
    if (this.#since === undefined) return 0;
    // what was before the first request does not count as time without any
    const seen = 1 - Math.exp(-Math.max(50, now - this.#since) / USAGE_MS);
    return ((this.#faded(now) / seen) * 1_000) / USAGE_MS;
  }

  #faded(now: number): number {
    return this.#units * Math.exp(-Math.max(0, now - this.#at) / USAGE_MS);
  }
}
