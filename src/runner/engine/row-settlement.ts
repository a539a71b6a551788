import { contentDigest } from '../../domain/storage/canonical-digest.js';
import { stampOf, withStamp } from '../../domain/storage/stored.js';
import type { StoredItem } from '../../domain/storage/stored-value.js';
import type { PlannedRow } from '../../migrations/contract/outcome.js';
import type { RecordReader } from '../../migrations/contract/record-reader.js';
import type { RecordSink, StampedRow } from '../ports/record-sink.js';
import type { RowOutcome } from './counters.js';

/** A planned row with its stamp and the record that it is for. */
export interface PendingRow {
  readonly table: string;
  readonly key: StoredItem;
  readonly item: StoredItem;
  readonly digest: string;
  readonly source: string;
}

/** What became of a pending row; `found` is the row that is in the way of a conflict. */
export interface SettledRow {
  readonly pending: PendingRow;
  readonly outcome: RowOutcome;
  readonly detail?: string;
  readonly found?: StoredItem;
}

/** Stamps a planned row for a run. The digest covers everything but the stamp. */
export function pendingRow(row: PlannedRow, keyName: string, source: string, run: string): PendingRow {
  const digest = contentDigest(row.item);
  const key = Object.fromEntries([[keyName, row.item[keyName] ?? { NULL: true as const }]]);
  return { table: row.table, key, digest, source, item: withStamp(row.item, { source, run, digest }) };
}

/** How a stored row relates to what we want to store under its key. */
export type Standing =
  | { readonly kind: 'foreign'; readonly detail: string }
  | { readonly kind: 'edited'; readonly detail: string }
  /** ours, untouched, with the wanted content; `sameRun` if this run wrote it */
  | { readonly kind: 'equal'; readonly sameRun: boolean }
  /** ours, untouched, with other content: the source (or the look-ups) changed since */
  | { readonly kind: 'outdated' };

/** Compares a stored row with a pending one (design, "Writing to DynamoDB"; invariant 4). */
export function standingOf(found: StoredItem, pending: Pick<PendingRow, 'source' | 'digest'>, run: string): Standing {
  const stamp = stampOf(found);
  if (stamp === undefined) return { kind: 'foreign', detail: 'a row that the migration did not write has this key' };
  if (stamp.source !== pending.source) {
    return { kind: 'foreign', detail: `the row with this key was migrated from ${stamp.source}` };
  }
  if (contentDigest(found) !== stamp.digest) {
    return { kind: 'edited', detail: 'the row was changed after the migration wrote it' };
  }
  return stamp.digest === pending.digest ? { kind: 'equal', sameRun: stamp.run === run } : { kind: 'outdated' };
}

/** A row may change between our looks at it; after so many we call it a conflict. */
const MAX_LOOKS = 4;

/**
 * Stores rows without overwriting anything foreign: insert-if-absent in batches; what exists is read and compared;
 * own outdated rows are replaced conditionally on the image just read.
 */
export class RowSettlement {
  constructor(
    private readonly reader: RecordReader,
    private readonly sink: RecordSink,
    private readonly run: string,
  ) {}

  /** Results in the order of the rows. */
  async settle(rows: readonly PendingRow[]): Promise<SettledRow[]> {
    const settled = new Array<SettledRow | undefined>(rows.length);
    let open = rows.map((_, index) => index);
    for (let look = 0; open.length > 0 && look < MAX_LOOKS; look += 1) open = await this.look(rows, open, settled);
    return rows.map(
      (pending, index) =>
        settled[index] ?? { pending, outcome: 'conflict', detail: 'the row kept changing while it was compared' },
    );
  }

  /** One round: insert, read what exists, compare. Gives back the rows that need another look. */
  private async look(
    rows: readonly PendingRow[],
    open: readonly number[],
    settled: (SettledRow | undefined)[],
  ): Promise<number[]> {
    const pendings = open.map((index) => at(rows, index));
    const inserted = await this.sink.insert(pendings);
    const existing: number[] = [];
    open.forEach((index, position) => {
      const pending = at(rows, index);
      const result = at(inserted, position);
      if (result.kind === 'inserted') settled[index] = { pending, outcome: 'created' };
      else if (result.kind === 'exists') existing.push(index);
      else settled[index] = { pending, outcome: 'rejected', detail: `${result.code}: ${result.detail}` };
    });
    const images = await this.images(existing.map((index) => at(rows, index)));
    const again: number[] = [];
    await Promise.all(
      existing.map(async (index, position) => {
        const result = await this.compare(at(rows, index), images[position]);
        if (result === undefined) again.push(index);
        else settled[index] = result;
      }),
    );
    return again.sort((a, b) => a - b);
  }

  /** Undefined: the row is gone or changed while we looked, look again. */
  private async compare(pending: PendingRow, found: StoredItem | undefined): Promise<SettledRow | undefined> {
    if (found === undefined) return undefined;
    const standing = standingOf(found, pending, this.run);
    switch (standing.kind) {
      case 'foreign':
      case 'edited':
        return { pending, outcome: 'conflict', detail: standing.detail, found };
      case 'equal':
        return { pending, outcome: standing.sameRun ? 'created' : 'unchanged' };
      case 'outdated': {
        const replaced = await this.sink.replace(pending, found);
        if (replaced.kind === 'replaced') return { pending, outcome: 'updated' };
        if (replaced.kind === 'changed') return undefined;
        return { pending, outcome: 'rejected', detail: `${replaced.code}: ${replaced.detail}` };
      }
    }
  }

  private async images(rows: readonly PendingRow[]): Promise<(StoredItem | undefined)[]> {
    const byTable = Map.groupBy(
      rows.map((row, index) => ({ row, index })),
      ({ row }) => row.table,
    );
    const images = new Array<StoredItem | undefined>(rows.length);
    for (const [table, group] of byTable) {
      const found = await this.reader.get(
        table,
        group.map(({ row }) => row.key),
      );
      group.forEach(({ index }, position) => (images[index] = found[position]));
    }
    return images;
  }

  /** The stored row under the key of a pending one, if there is one. */
  async imageOf(row: Pick<StampedRow, 'table'> & { readonly key: StoredItem }): Promise<StoredItem | undefined> {
    return (await this.reader.get(row.table, [row.key]))[0];
  }
}

function at<T>(list: readonly T[], index: number): T {
  const value = list[index];
  if (value === undefined) throw new RangeError(`no entry ${index} of ${list.length}`);
  return value;
}
