import type { RetryPolicy } from '../../../src/infrastructure/dynamodb/retry-budget.js';

/** Retries on a clock that only sleeping moves, with the pauses it was asked for. `random` is always one half. */
export function instantRetries(total = 1_000): RetryPolicy & { readonly pauses: number[] } {
  let time = 0;
  const pauses: number[] = [];
  return {
    base: 10,
    cap: 100,
    total,
    now: () => time,
    sleep: (milliseconds) => {
      pauses.push(milliseconds);
      time += milliseconds;
      return Promise.resolve();
    },
    random: () => 0.5,
    pauses,
  };
}
