import { sameContent, sameRow } from '../../domain/storage/canonical-digest.js';
import { STAMP_ATTRIBUTE, stampOf, type Stamp } from '../../domain/storage/stored.js';
import type { StoredItem } from '../../domain/storage/stored-value.js';
import type { JournalEntry } from '../../runner/ports/journal.js';
import { OUTCOMES } from '../../migrations/contract/outcome.js';
import type { EndState, StepEnd } from './end-state.js';
import type { Snapshot, Trial } from './trial.js';

export type KeyedRows = ReadonlyMap<string, StoredItem>;

/** What is not the same, a line for each part: tables, keys, names, never a value. Empty where all is equal. */
export function differences(expected: EndState, found: EndState): string[] {
  return [
    ...rowDifferences(expected.rows, found.rows),
    ...stepDifferences(expected.steps, found.steps),
    ...entryDifferences(expected.entries, found.entries),
    ...(expected.run === found.run ? [] : [`the run ended ${found.run} instead of ${expected.run}`]),
  ];
}

/** The same of rows alone. */
export function rowDifferences(
  expected: ReadonlyMap<string, KeyedRows>,
  found: ReadonlyMap<string, KeyedRows>,
): string[] {
  return [...new Set([...expected.keys(), ...found.keys()])].flatMap((table) => {
    const [wanted, is] = [
      expected.get(table) ?? new Map<string, StoredItem>(),
      found.get(table) ?? new Map<string, StoredItem>(),
    ];
    return [...new Set([...wanted.keys(), ...is.keys()])].flatMap((key) => {
      const line = rowDifference(wanted.get(key), is.get(key));
      return line === undefined ? [] : [`${table}#${key}: ${line}`];
    });
  });
}

/** The same of snapshots, stamps and runs included. */
export function snapshotDifferences(trial: Trial, expected: Snapshot, found: Snapshot): string[] {
  const keyed = (tables: Snapshot): Map<string, KeyedRows> =>
    new Map(
      [...tables].map(([table, rows]) => [table, new Map(rows.map((row) => [trial.key(table, row), row]))]),
    );
  return rowDifferences(keyed(expected), keyed(found));
}

/** How one row differs from another in words; undefined: it does not. */
export function rowDifference(
  expected: StoredItem | undefined,
  found: StoredItem | undefined,
): string | undefined {
  if (expected === undefined)
    return found === undefined ? undefined : `is there, but should not be${sourceOf(found)}`;
  if (found === undefined) return `is missing${sourceOf(expected)}`;
  if (sameRow(expected, found)) return undefined;
  return `differs in ${differingAttributes(expected, found).join(', ')}${sourceOf(expected)}`;
}

/** Names of the attributes that differ, sorted; of the stamp its part. */
export function differingAttributes(expected: StoredItem, found: StoredItem): string[] {
  const names = new Set([...Object.keys(expected), ...Object.keys(found)]);
  names.delete(STAMP_ATTRIBUTE);
  const differing = [...names].filter((name) => !sameContent(only(expected, name), only(found, name)));
  const [before, after] = [stampOf(expected), stampOf(found)];
  if (before === undefined || after === undefined) {
    if ((before ?? after) !== undefined) differing.push(STAMP_ATTRIBUTE);
  } else {
    for (const part of ['source', 'run'] satisfies (keyof Stamp)[])
      if (before[part] !== after[part]) differing.push(`${STAMP_ATTRIBUTE}.${part}`);
  }
  return differing.length > 0 ? differing.sort() : [STAMP_ATTRIBUTE];
}

/** By own attributes only: a row may well have one that is called __proto__. */
function only(row: StoredItem, name: string): StoredItem {
  const value = Object.hasOwn(row, name) ? row[name] : undefined;
  return value === undefined ? {} : { value };
}

function sourceOf(row: StoredItem): string {
  const source = stampOf(row)?.source;
  return source === undefined ? '' : ` (of ${source})`;
}

function stepDifferences(
  expected: ReadonlyMap<string, StepEnd>,
  found: ReadonlyMap<string, StepEnd>,
): string[] {
  return [...new Set([...expected.keys(), ...found.keys()])].flatMap((step) => {
    const [wanted, is] = [expected.get(step), found.get(step)];
    if (wanted === undefined || is === undefined)
      return [`step ${step}: ${is === undefined ? 'was not run' : 'was run, but should not have been'}`];
    const numbers = numberDifferences(numbersOf(wanted), numbersOf(is));
    if (wanted.status !== is.status) numbers.unshift(`${is.status} instead of ${wanted.status}`);
    return numbers.map((line) => `step ${step}: ${line}`);
  });
}

function numbersOf({
  counters,
  reasons,
  findings,
  removed,
  kept,
}: StepEnd): Readonly<Record<string, number>> {
  return {
    ...countersOf(counters),
    ...reasons,
    findings,
    ...(removed === undefined ? {} : { removed }),
    ...(kept === undefined ? {} : { kept }),
  };
}

function countersOf(counters: StepEnd['counters']): Record<string, number> {
  return Object.fromEntries((['read', 'rows', ...OUTCOMES] as const).map((name) => [name, counters[name]]));
}

/** `<name> <found> instead of <expected>` of all that differ. */
export function numberDifferences(
  expected: Readonly<Record<string, number>>,
  found: Readonly<Record<string, number>>,
): string[] {
  return [...new Set([...Object.keys(expected), ...Object.keys(found)])]
    .filter((name) => (expected[name] ?? 0) !== (found[name] ?? 0))
    .map((name) => `${name} ${found[name] ?? 0} instead of ${expected[name] ?? 0}`);
}

/** Entries are told apart by what they are about. */
export function entryDifferences(
  expected: readonly JournalEntry[],
  found: readonly JournalEntry[],
): string[] {
  const [wanted, is] = [byName(expected), byName(found)];
  return [...new Set([...wanted.keys(), ...is.keys()])].flatMap((name) => {
    const [before, after] = [wanted.get(name) ?? [], is.get(name) ?? []];
    if (before.length > after.length) return [`${name} is not told`];
    if (before.length < after.length) return [`${name} is told, but should not be`];
    const parts = before.flatMap((entry, index) => differingParts(entry, after[index] ?? entry));
    return parts.length === 0 ? [] : [`${name} differs in ${[...new Set(parts)].join(', ')}`];
  });
}

function byName(entries: readonly JournalEntry[]): Map<string, JournalEntry[]> {
  const named = new Map<string, JournalEntry[]>();
  for (const entry of entries) {
    const { kind, source, reason, field, table, key } = entry;
    const about = [field, table === undefined ? undefined : `${table}#${key ?? ''}`];
    const name = [kind, reason, 'of', source, ...about].filter((part) => part !== undefined).join(' ');
    named.set(name, [...(named.get(name) ?? []), entry]);
  }
  return named;
}

function differingParts(expected: JournalEntry, found: JournalEntry): string[] {
  const parts = expected.detail === found.detail ? [] : ['detail'];
  for (const part of ['image', 'found'] as const) {
    const [wanted, is] = [expected[part], found[part]];
    if (wanted !== undefined && is !== undefined && sameRow(wanted, is)) continue;
    if (wanted !== is) parts.push(part);
  }
  return parts;
}
