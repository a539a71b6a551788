import { differences } from '../trial/differences.js';
import { endStateOf } from '../trial/end-state.js';
import type { ProcessOptions } from '../trial/trial.js';
import type { Uninterrupted } from '../bench.js';
import type { Case } from './case.js';

interface Variation extends ProcessOptions {
  readonly title: string;
}

const SEGMENTS = [1, 3, 7];
const ORDERS = { quick: 2, full: 12 };

/** Tables in one part and in several, in other orders and pages: always the same rows, counters and reasons. */
export const ORDER: Case = {
  id: 'order',
  name: 'gives the same whatever the order and the number of segments',
  judge: async (bench) => {
    const first = await bench.firstRun();
    const problems = sharedRows(first);
    const variations = variationsOf(bench.isFull ? ORDERS.full : ORDERS.quick);
    for (const { title, ...options } of variations) {
      const trial = bench.trial();
      await trial.wholeRun(options);
      const found = differences(first.end, await endStateOf(trial));
      problems.push(...found.map((line) => `${title}: ${line}`));
    }
    return {
      problems,
      told: `${variations.length} orders`,
      advice:
        'A decision must not depend on which record comes first. What depends on the whole table belongs into `survey`, which sees all of it before the first `plan`; entries of look-ups come in no order.',
    };
  },
};

function variationsOf(orders: number): Variation[] {
  const others = Array.from({ length: orders }, (_, index) => `order ${index + 1}`);
  return [
    ...SEGMENTS.map((segments) => ({ title: `in ${segments} segments`, segments })),
    ...others.map((order) => ({ title: `in another ${order}`, order, segments: 2 })),
  ];
}

/** Whoever comes first gets the row, the other one is a conflict. */
function sharedRows({ asked }: Uninterrupted): string[] {
  return [...asked]
    .filter(([, sources]) => sources.size > 1)
    .map(
      ([name, sources]) => `step ${name} is asked for by several records: ${[...sources].sort().join(', ')}`,
    );
}
