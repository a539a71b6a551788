import { mergeSorted } from '../../../src/infrastructure/journal/merge-sorted.js';
import { all } from '../../support/journal-samples.js';

interface Stream extends AsyncIterable<number> {
  readonly taken: () => number;
  readonly closed: () => boolean;
}

function stream(values: readonly number[]): Stream {
  let taken = 0;
  let closed = false;
  const generate = async function* (): AsyncIterable<number> {
    try {
      for (const value of values) {
        taken += 1;
        yield await Promise.resolve(value);
      }
    } finally {
      closed = true;
    }
  };
  const values$ = generate();
  return {
    [Symbol.asyncIterator]: () => values$[Symbol.asyncIterator](),
    taken: () => taken,
    closed: () => closed,
  };
}

const ascending = (a: number, b: number): number => a - b;

describe('mergeSorted', () => {
  it('merges streams of different lengths into one order', async () => {
    const streams = [[1, 4, 9], [], [2, 3, 4, 10, 11], [5]].map(stream);
    expect(await all(mergeSorted(streams, ascending))).toEqual([1, 2, 3, 4, 4, 5, 9, 10, 11]);
    expect(await all(mergeSorted<number>([], ascending))).toEqual([]);
  });

  it('takes the earlier stream first where values are equal', async () => {
    const pairs = [['a1', 'b1'], ['a2', 'c2'], ['a3']].map(async function* (values) {
      yield* await Promise.resolve(values);
    });
    const byLetter = (a: string, b: string): number => a.charCodeAt(0) - b.charCodeAt(0);
    expect(await all(mergeSorted(pairs, byLetter))).toEqual(['a1', 'a2', 'a3', 'b1', 'c2']);
  });

  it('holds one value of each stream and closes all of them when it is left', async () => {
    const streams = [stream([1, 3, 5, 7]), stream([2, 4, 6, 8])];
    for await (const value of mergeSorted(streams, ascending)) if (value === 3) break;
    expect(streams.map((s) => s.taken())).toEqual([2, 2]);
    expect(streams.map((s) => s.closed())).toEqual([true, true]);
  });
});
