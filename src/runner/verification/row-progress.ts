import type { Progress } from '../ports/progress.js';

/** Tells how many rows a verification has seen, from its beginning on. */
export class RowProgress {
  private count = 0;
  private ended = false;

  constructor(
    private readonly progress: Progress,
    activity: string,
    estimate?: number,
  ) {
    progress.started(activity, estimate);
  }

  readonly seen = (rows: number): void => {
    this.count += rows;
    this.progress.advanced(this.count);
  };

  /** Any number of times. */
  finished(): void {
    if (!this.ended) this.progress.finished();
    this.ended = true;
  }
}
