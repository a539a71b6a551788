/**
 * Merges streams that are each in order of `compare` into one in that order, holding one value per stream. Of equal
 * values, that of the earlier stream comes first. Leaving the loop early closes every stream.
 */
export async function* mergeSorted<T>(
  streams: readonly AsyncIterable<T>[],
  compare: (a: T, b: T) => number,
): AsyncIterable<T> {
  const iterators = streams.map((stream) => stream[Symbol.asyncIterator]());
  try {
    const heads = await Promise.all(iterators.map(async (iterator) => iterator.next()));
    for (;;) {
      const first = smallest(heads, compare);
      const head = first === undefined ? undefined : heads[first];
      const iterator = first === undefined ? undefined : iterators[first];
      if (first === undefined || head === undefined || head.done === true || iterator === undefined) return;
      yield head.value;
      heads[first] = await iterator.next();
    }
  } finally {
    await Promise.all(iterators.map(async (iterator) => iterator.return?.()));
  }
}

function smallest<T>(
  heads: readonly IteratorResult<T>[],
  compare: (a: T, b: T) => number,
): number | undefined {
  let first: { readonly index: number; readonly value: T } | undefined;
  for (const [index, head] of heads.entries()) {
    if (head.done === true) continue;
    if (first === undefined || compare(head.value, first.value) < 0) first = { index, value: head.value };
  }
  return first?.index;
}
