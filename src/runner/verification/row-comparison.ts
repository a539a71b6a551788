import { sameValue, rowDigest } from '../../domain/storage/canonical-digest.js';
import { STAMP_ATTRIBUTE } from '../../domain/storage/stored.js';
import { own, type StoredItem } from '../../domain/storage/stored-value.js';
import type { RowKey, RowKeys } from '../../migrations/contract/row-key.js';
import type { Finding } from '../application.js';
import type { ActualRow, ExpectedRow } from './row-sides.js';

export interface ComparisonInput {
  readonly step: string;
  readonly expected: ReadonlyMap<string, ExpectedRow>;
  readonly actual: ReadonlyMap<string, ActualRow>;
  readonly keys: RowKeys;
  /** whether a stamped row is for this step to account for; omitted: every one is */
  readonly isOwn?: (row: ActualRow) => boolean;
}

/** A finding and the source record that it belongs to. */
export interface SourcedFinding {
  readonly finding: Finding;
  readonly source: string;
}

export interface Comparison {
  readonly findings: readonly SourcedFinding[];
  /** source records one of whose keys is held by a row of the application's own: conflicts by their state */
  readonly conflicts: ReadonlySet<string>;
}

/**
 * Compares two sets of rows by key and names each defect once. Rows that carry the right content under another key
 * are one `id` finding (a swap of two ids is one, too), not a missing and an extra row.
 */
export function compareRows(input: ComparisonInput): Comparison {
  const open = unmatched(input);
  const moved = movedRows(input, open);
  const findings: SourcedFinding[] = [...moved.findings];
  for (const [name, expected] of open.expected) {
    if (moved.expected.has(name)) continue;
    const actual = moved.actual.has(name) ? undefined : open.actual.get(name);
    findings.push(
      actual === undefined ? missing(input.step, expected) : different(input.step, expected, actual),
    );
  }
  for (const [name, actual] of open.actual) {
    if (moved.actual.has(name)) continue;
    if (open.expected.has(name) && !moved.expected.has(name)) continue;
    if (input.isOwn?.(actual) === false) continue;
    findings.push(extra(input.step, actual));
  }
  return { findings, conflicts: open.conflicts };
}

interface Open {
  readonly expected: Map<string, ExpectedRow>;
  /** stamped rows only */
  readonly actual: Map<string, ActualRow>;
  readonly conflicts: Set<string>;
}

function unmatched({ expected, actual }: ComparisonInput): Open {
  const open: Open = { expected: new Map(), actual: new Map(), conflicts: new Set() };
  for (const [name, row] of actual) {
    if (row.stamp !== undefined && !matches(expected.get(name), row)) open.actual.set(name, row);
  }
  for (const [name, row] of expected) {
    const found = actual.get(name);
    if (found !== undefined && found.stamp === undefined) open.conflicts.add(row.source);
    else if (found === undefined || !matches(row, found)) open.expected.set(name, row);
  }
  return open;
}

function matches(expected: ExpectedRow | undefined, actual: ActualRow): boolean {
  return expected?.source === actual.stamp?.source && expected?.digest === actual.digest && !actual.edited;
}

interface Moved {
  readonly findings: readonly SourcedFinding[];
  readonly expected: ReadonlySet<string>;
  readonly actual: ReadonlySet<string>;
}

function movedRows({ step, keys }: ComparisonInput, open: Open): Moved {
  const moves = settledMoves(open, candidates(open, keys));
  const findings: SourcedFinding[] = [];
  const told = new Set<string>();
  for (const [name, home] of moves) {
    if (told.has(name)) continue;
    const swapped = moves.get(home) === name;
    if (swapped) told.add(home);
    const [row, expected] = [open.actual.get(name), open.expected.get(home)];
    if (row === undefined || expected === undefined) continue;
    const detail = swapped
      ? `the rows ${row.key} and ${expected.key} have each other's ids`
      : `the row that belongs under ${expected.key} stands under ${row.key}`;
    const { table, key } = row;
    findings.push({
      source: expected.source,
      finding: {
        kind: 'id',
        step,
        table,
        key,
        home: expected.key,
        field: movedBy(keys(table), row, expected),
        detail,
      },
    });
  }
  return { findings, actual: new Set(moves.keys()), expected: new Set(moves.values()) };
}

/** The key attributes that differ: the one of a single key, either or both of a composite one. */
function movedBy({ names }: RowKey, row: ActualRow, expected: ExpectedRow): string {
  return names.filter((name) => !sameAttribute(expected.item, row.item, name)).join(', ');
}

/** Rows with the content that is expected under another key: where they stand → where they belong; one row per home. */
function candidates(open: Open, keys: RowKeys): Map<string, string> {
  // without the stamp: an expected row has none yet
  const identity = (source: string, table: string, item: StoredItem): string =>
    `${source}\0${table}\0${rowDigest(item, [...keys(table).names, STAMP_ATTRIBUTE])}`;
  const wanted = new Map<string, Set<string>>();
  for (const [name, row] of open.expected) {
    const content = identity(row.source, row.table, row.item);
    wanted.set(content, (wanted.get(content) ?? new Set()).add(name));
  }
  const moves = new Map<string, string>();
  for (const [name, row] of open.actual) {
    // rows of one record may well differ in their keys alone
    const homes = wanted.get(identity(row.stamp?.source ?? '', row.table, row.item)) ?? new Set();
    const home = [...homes].find((one) => one !== name);
    if (home === undefined) continue;
    moves.set(name, home);
    homes.delete(home);
  }
  return moves;
}

/**
 * A row whose home is held by its record's own row is a copy and not moved, unless that one moved, too. Taking one
 * move away may take away the reason for another, so this goes on until nothing changes.
 */
function settledMoves(open: Open, moves: Map<string, string>): ReadonlyMap<string, string> {
  const isCopy = (home: string): boolean => {
    const holder = open.actual.get(home);
    return (
      holder !== undefined && holder.stamp?.source === open.expected.get(home)?.source && !moves.has(home)
    );
  };
  for (;;) {
    const copies = [...moves].filter(([, home]) => isCopy(home));
    if (copies.length === 0) return moves;
    for (const [name] of copies) moves.delete(name);
  }
}

function missing(step: string, { table, key, source }: ExpectedRow): SourcedFinding {
  return {
    source,
    finding: { kind: 'missing', step, table, key, detail: `the row of ${source} is not there` },
  };
}

function extra(step: string, { table, key, stamp }: ActualRow): SourcedFinding {
  const source = stamp?.source ?? '';
  return {
    source,
    finding: {
      kind: 'extra',
      step,
      table,
      key,
      detail: `no live source record asks for this row of ${source}`,
    },
  };
}

function different(step: string, expected: ExpectedRow, actual: ActualRow): SourcedFinding {
  const { table, key, source } = expected;
  const fields = differingFields(expected, actual);
  const detail =
    actual.broken !== undefined
      ? `the repository can't load the row: ${actual.broken.field}`
      : `differs from ${source} in ${fields.join(', ')}`;
  const field = actual.broken?.field ?? fields[0] ?? STAMP_ATTRIBUTE;
  return { source, finding: { kind: 'different', step, table, key, field, detail } };
}

/** Names of the attributes that differ, sorted; the stamp counts when nothing else explains the difference. */
export function differingFields(
  expected: Pick<ExpectedRow, 'item'>,
  actual: Pick<ActualRow, 'item'>,
): string[] {
  const names = new Set([...Object.keys(expected.item), ...Object.keys(actual.item)]);
  names.delete(STAMP_ATTRIBUTE);
  const fields = [...names].filter((name) => !sameAttribute(expected.item, actual.item, name)).sort();
  return fields.length > 0 ? fields : [STAMP_ATTRIBUTE];
}

function sameAttribute(a: StoredItem, b: StoredItem, name: string): boolean {
  return sameValue(own(a, name), own(b, name));
}
