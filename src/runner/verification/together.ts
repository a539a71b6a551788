import { setMaxListeners } from 'node:events';

/**
 * Pieces of work that stand or fall together: the first failure stops the others, and is thrown when all have come to
 * rest, so that nothing of it goes on behind the caller's back.
 */
export class Together {
  /** Aborts with the first failure, or when the caller's own signal does. */
  readonly signal: AbortSignal;
  private readonly stop = new AbortController();

  constructor(signal?: AbortSignal) {
    this.signal = signal === undefined ? this.stop.signal : AbortSignal.any([signal, this.stop.signal]);
    // every request under way listens to it, and Node warns from the eleventh listener on
    setMaxListeners(0, this.signal);
  }

  async all(pieces: readonly (() => Promise<void>)[]): Promise<void> {
    const failures: unknown[] = [];
    await Promise.all(
      pieces.map(async (piece) => {
        try {
          await piece();
        } catch (error) {
          failures.push(error);
          this.stop.abort(error);
        }
      }),
    );
    if (failures.length > 0) throw failures[0];
  }
}
