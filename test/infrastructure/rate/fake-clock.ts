import type { GovernorClock } from '../../../src/infrastructure/rate/rate-governor.js';

/** A clock that only `advance` moves; what is due meanwhile is called at its time. */
export class FakeClock implements GovernorClock {
  private time = 0;
  private due: { readonly at: number; readonly work: () => void }[] = [];

  readonly now = (): number => this.time;

  readonly after = (milliseconds: number, work: () => void): void => {
    this.due.push({ at: this.time + milliseconds, work });
  };

  /** Lets promises settle after each call. */
  async advance(milliseconds: number): Promise<void> {
    const end = this.time + milliseconds;
    for (;;) {
      await settled();
      const next = this.due.toSorted((a, b) => a.at - b.at)[0];
      if (next === undefined || next.at > end) break;
      this.due = this.due.filter((one) => one !== next);
      this.time = Math.max(this.time, next.at);
      next.work();
    }
    this.time = end;
    await settled();
  }
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}
