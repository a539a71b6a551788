import { isDeepStrictEqual } from 'node:util';

/** What one of the two models answered, and how its rows are to be read. */
export interface Answer<Row> {
  readonly rows: readonly Row[];
  /** whose row it is, spelled alike for both models, e.g. the user's id */
  readonly ownerOf: (row: Row) => string;
  /** what the row is called, alike in both models, e.g. the id of the record that it came from */
  readonly keyOf: (row: Row) => string;
  /** what has to be the same, under names that both models share; exact numbers as text */
  readonly contentOf: (row: Row) => Readonly<Record<string, unknown>>;
}

/** Keys and names of fields only, no values: it may be logged. */
export interface ReadComparison {
  /** own rows that both answers have alike */
  readonly equal: number;
  /** keys of own rows that only the legacy model answered */
  readonly missing: readonly string[];
  /** keys of own rows that only the new model answered */
  readonly extra: readonly string[];
  /** own rows that differ, with the fields in which they do */
  readonly different: readonly { readonly key: string; readonly fields: readonly string[] }[];
  /** keys of own rows that one of the answers holds more than once */
  readonly repeated: readonly string[];
  /** rows of others that the new model answered as well: shared data is seen by more people, by design (E-X21) */
  readonly alsoVisible: number;
  /** nothing is missing, extra, different or repeated */
  readonly isConsistent: boolean;
}

/**
 * Compares what the two models answered to one reader. A legacy read by the reader's id can't find what colleagues own, so only
 * the reader's own rows are compared, and rows of others are counted apart (E-25, E-X21). Rows in any order.
 */
export function compareReads<L, N>(reader: string, legacy: Answer<L>, fresh: Answer<N>): ReadComparison {
  const [old, now] = [ownRows(reader, legacy), ownRows(reader, fresh)];
  const missing = [...old.rows.keys()].filter((key) => !now.rows.has(key));
  const extra = [...now.rows.keys()].filter((key) => !old.rows.has(key));
  const different = [...old.rows].flatMap(([key, content]) => {
    const other = now.rows.get(key);
    const fields = other === undefined ? [] : fieldsThatDiffer(content, other);
    return fields.length === 0 ? [] : [{ key, fields }];
  });
  const repeated = [...new Set([...old.repeated, ...now.repeated])].sort();
  return {
    equal: old.rows.size - missing.length - different.length,
    missing: missing.sort(),
    extra: extra.sort(),
    different: different.sort((one, other) => (one.key < other.key ? -1 : 1)),
    repeated,
    alsoVisible: fresh.rows.length - now.count,
    isConsistent: [missing, extra, different, repeated].every(({ length }) => length === 0),
  };
}

type Content = Readonly<Record<string, unknown>>;

function ownRows<Row>(
  reader: string,
  { rows, ownerOf, keyOf, contentOf }: Answer<Row>,
): {
  readonly rows: ReadonlyMap<string, Content>;
  readonly repeated: readonly string[];
  readonly count: number;
} {
  const own = rows.filter((row) => ownerOf(row) === reader);
  const byKey = new Map<string, Content>();
  const repeated: string[] = [];
  for (const row of own) {
    const key = keyOf(row);
    if (byKey.has(key)) repeated.push(key);
    byKey.set(key, contentOf(row));
  }
  return { rows: byKey, repeated, count: own.length };
}

function fieldsThatDiffer(one: Content, other: Content): string[] {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].filter((name) => !isDeepStrictEqual(own(one, name), own(other, name))).sort();
}

function own(content: Content, name: string): unknown {
  return Object.hasOwn(content, name) ? content[name] : undefined;
}
