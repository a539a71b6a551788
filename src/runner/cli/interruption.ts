import { EXIT, WaybillError } from '../ports/errors.js';

/** The person asked to stop: exit 4. */
export function abortedError(): WaybillError {
  return new WaybillError(
    EXIT.aborted,
    'ABORTED',
    'Stopped because it was asked to.',
    'Run the same command again when you are ready.',
  );
}

/**
 * Waits for work that takes no signal of its own, but no longer than until the person asks to stop. What the work
 * says after that is ignored.
 */
export async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => {
      reject(abortedError());
    };
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** The same items; throws between two of them once the person has asked to stop. */
export async function* itemsUntilAborted<T>(items: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  const iterator = items[Symbol.asyncIterator]();
  let ended = false;
  try {
    for (;;) {
      const next = await untilAborted(iterator.next(), signal);
      if (next.done === true) {
        ended = true;
        return;
      }
      yield next.value;
    }
  } finally {
    // A generator that is still waiting for its store would make this wait too.
    if (!ended && !signal.aborted) await iterator.return?.();
  }
}

/** What ends a process in good order: the keyboard, the system, a terminal that is closed. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
type StopSignal = (typeof SIGNALS)[number];

interface SignalSource {
  on(signal: StopSignal, listener: () => void): unknown;
  off(signal: StopSignal, listener: () => void): unknown;
}

/** Calls `first` at the first SIGINT, SIGTERM or SIGHUP and `again` at every later one. Returns what ends the watch. */
export function watchSignals(source: SignalSource, first: () => void, again: () => void): () => void {
  let asked = false;
  const listener = (): void => {
    if (asked) {
      again();
      return;
    }
    asked = true;
    first();
  };
  for (const signal of SIGNALS) source.on(signal, listener);
  return () => {
    for (const signal of SIGNALS) source.off(signal, listener);
  };
}
