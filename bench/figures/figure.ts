import type { BenchOptions } from '../options.js';
import type { Closing } from '../processes/closing.js';
import type { ResultLine } from '../report/result.js';
import type { Stage } from '../workload/stage.js';

/** What a figure works with. */
export interface Bench {
  readonly options: BenchOptions;
  readonly stage: () => Promise<Stage>;
  readonly closing: Closing;
  /** tells people how far it is */
  readonly say: (text: string) => void;
  /** writes a file beside the results and gives back its name */
  readonly keep: (name: string, content: string) => string;
}

export type Figure = (bench: Bench) => Promise<{
  readonly lines: readonly ResultLine[];
  readonly files?: readonly string[];
  readonly skipped?: string;
}>;

/**
 * Measures everybody once per pair, in turn from the front and from the back, so that what drifts (the machine, the
 * server's age) hits all alike. Gives back the measurements of each.
 */
export async function alternate<T>(
  pairs: number,
  measurements: readonly (() => Promise<T>)[],
): Promise<T[][]> {
  const taken: T[][] = measurements.map(() => []);
  for (let pair = 0; pair < pairs; pair += 1) {
    const order = [...measurements.keys()];
    if (pair % 2 === 1) order.reverse();
    for (const index of order) {
      const measure = measurements[index];
      if (measure !== undefined) taken[index]?.push(await measure());
    }
  }
  return taken;
}

/** The choice that takes the least, each tried once. */
export async function quickest(
  choices: readonly number[],
  seconds: (choice: number) => Promise<number>,
): Promise<number> {
  let best = { choice: choices[0] ?? 1, took: Number.POSITIVE_INFINITY };
  for (const choice of choices) {
    const took = await seconds(choice);
    if (took < best.took) best = { choice, took };
  }
  return best.choice;
}
