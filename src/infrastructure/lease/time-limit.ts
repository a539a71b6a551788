import type { Sleep } from './lease-clocks.js';

/**
 * Gives work so many ms, and no longer than until `ended` is aborted. Its signal is aborted then, and the promise
 * rejects whether the work heeds that or not.
 */
export async function limited<T>(
  sleep: Sleep,
  milliseconds: number,
  work: (signal: AbortSignal) => Promise<T>,
  ended?: AbortSignal,
): Promise<T> {
  const limit = new AbortController();
  const giveUp = (): void => limit.abort(new Error(`no answer within ${Math.round(milliseconds)} ms`));
  ended?.addEventListener('abort', giveUp);
  sleep(milliseconds, { ref: false, signal: limit.signal }).then(giveUp, () => undefined);
  try {
    return await Promise.race([work(limit.signal), abortion(limit.signal)]);
  } finally {
    ended?.removeEventListener('abort', giveUp);
    limit.abort();
  }
}

function abortion(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}
