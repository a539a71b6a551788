import type { Writable } from 'node:stream';
import type { Progress } from '../../ports/progress.js';
import { PlainProgress } from './plain-progress.js';

interface ProgressOptions {
  readonly stream: Writable;
  /** whether a person watches `stream` */
  readonly terminal: boolean;
  /** monotonic, in ms */
  readonly now: () => number;
}

/** The bar's package is loaded only where a bar is drawn. */
export async function createProgress({ stream, terminal, now }: ProgressOptions): Promise<Progress> {
  if (terminal) return new (await import('./bar-progress.js')).BarProgress(stream, now);
  return new PlainProgress((text) => void stream.write(`${text}\n`), now);
}
