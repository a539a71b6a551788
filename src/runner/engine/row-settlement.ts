import { contentDigest } from '../../domain/storage/canonical-digest.js';
import { stampOf, withStamp } from '../../domain/storage/stored.js';
import type { StoredItem } from '../../domain/storage/stored-value.js';
import type { PlannedRow } from '../../migrations/contract/outcome.js';
import type { RecordReader } from '../../migrations/contract/record-reader.js';
import type { RowKey } from '../../migrations/contract/row-key.js';
import { StoreError } from '../ports/errors.js';
import type { RecordSink } from '../ports/record-sink.js';
import type { RowOutcome } from './counters.js';

/** A planned row with its stamp and the record that it is for. */
export interface PendingRow {
  readonly table: string;
  readonly key: StoredItem;
  /** for logs, findings and journal entries */
  readonly keyText: string;
  readonly item: StoredItem;
  readonly digest: string;
  readonly source: string;
  readonly checked?: true;
}

/** What became of a pending row; `found` is the row that is in the way of a conflict. */
export interface SettledRow {
  readonly pending: PendingRow;
  readonly outcome: RowOutcome;
  readonly detail?: string;
  readonly found?: StoredItem;
}

/** Stamps a planned row for a run. The digest covers everything but the stamp. */
export function pendingRow(
  { table, item }: PlannedRow,
  rowKey: RowKey,
  source: string,
  run: string,
): PendingRow {
  const digest = contentDigest(item);
  const [key, keyText] = [rowKey.of(item), rowKey.text(item)];
  return { table, key, keyText, digest, source, item: withStamp(item, { source, run, digest }) };
}

/** The same of a row that `decide` let pass. */
export function checkedRow(row: PlannedRow, rowKey: RowKey, source: string, run: string): PendingRow {
  return { ...pendingRow(row, rowKey, source, run), checked: true };
}

/** How a stored row relates to what we want to store under its key. */
export type Standing =
  | { readonly kind: 'foreign'; readonly detail: string }
  | { readonly kind: 'edited'; readonly detail: string }
  /** ours, untouched, with the wanted content; `sameRun` if this run wrote it */
  | { readonly kind: 'equal'; readonly sameRun: boolean }
  /** ours, untouched, with other content: the source (or the look-ups) changed since it was written */
  | { readonly kind: 'outdated'; readonly sameRun: boolean };

/** Compares a stored row with a pending one (design, "Writing to DynamoDB"; invariant 4). */
export function standingOf(
  found: StoredItem,
  pending: Pick<PendingRow, 'source' | 'digest'>,
  run: string,
): Standing {
  const stamp = stampOf(found);
  if (stamp === undefined)
    return { kind: 'foreign', detail: 'a row that the migration did not write has this key' };
  if (stamp.source !== pending.source) {
    return { kind: 'foreign', detail: `the row with this key was migrated from ${stamp.source}` };
  }
  if (contentDigest(found) !== stamp.digest) {
    return { kind: 'edited', detail: 'the row was changed after the migration wrote it' };
  }
  return { kind: stamp.digest === pending.digest ? 'equal' : 'outdated', sameRun: stamp.run === run };
}

/**
 * A second thought on a row whose key is taken, before anything is compared or replaced: the row that is wanted now
 * that the stored one is known. Gives back the pending row itself where nothing changes, undefined where the stored
 * row is to stand as it is.
 */
export type Revise = (pending: PendingRow, found: StoredItem) => Promise<PendingRow | undefined>;

/**
 * What a slice has told the journal before it did it. A row that carries this run's stamp was created by it, unless a
 * replacement was announced for its record: then a process that was killed had replaced it.
 */
export interface Announcements {
  has(source: string): boolean;
  /** Resolves when the announcement is stored. */
  announce(sources: readonly string[]): Promise<void>;
}

/** A dry run leaves nothing behind that a later process would have to understand. */
export const UNANNOUNCED: Announcements = { has: () => false, announce: () => Promise.resolve() };

export interface SettleOptions {
  readonly revise?: Revise;
  readonly announcements?: Announcements;
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
  async settle(rows: readonly PendingRow[], options: SettleOptions = {}): Promise<SettledRow[]> {
    const { revise = (pending) => Promise.resolve(pending), announcements = UNANNOUNCED } = options;
    const attempt: Attempt = { revise, announcements, replacing: new Map() };
    const settled = new Array<SettledRow | undefined>(rows.length);
    let open = rows.map((_, index) => index);
    for (let look = 0; open.length > 0 && look < MAX_LOOKS; look += 1)
      open = await this.look(rows, open, settled, attempt);
    return rows.map(
      (pending, index) =>
        settled[index] ?? {
          pending,
          outcome: 'conflict',
          detail: 'the row kept changing while it was compared',
        },
    );
  }

  /** Inserts rows that are absent and leaves those that exist as they are. Gives back how many were inserted. */
  async insertOnly(rows: readonly PendingRow[]): Promise<number> {
    const results = await this.sink.insert(rows);
    const rejected = results.find((result) => result.kind === 'rejected');
    if (rejected !== undefined) {
      throw new StoreError(
        'STORE_FAILED',
        `the store rejected a row for ${rows[0]?.table ?? 'a table'}: ${rejected.code}`,
        'See the log of the run for the reason.',
      );
    }
    return results.filter((result) => result.kind === 'inserted').length;
  }

  /** One round: insert, read what exists, compare. Gives back the rows that need another look. */
  private async look(
    rows: readonly PendingRow[],
    open: readonly number[],
    settled: (SettledRow | undefined)[],
    attempt: Attempt,
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
    const compared = await Promise.all(
      existing.map((index, position) => this.compare(at(rows, index), images[position], attempt)),
    );
    const outdated = compared.flatMap((result) =>
      result.kind === 'outdated' && result.as === 'updated' ? [result.pending.source] : [],
    );
    if (outdated.length > 0) await attempt.announcements.announce(outdated);
    const again: number[] = [];
    await Promise.all(
      existing.map(async (index, position) => {
        const result = await this.replaced(at(rows, index), at(compared, position), attempt);
        if (result === undefined) again.push(index);
        else settled[index] = result;
      }),
    );
    return again.sort((a, b) => a - b);
  }

  private async compare(
    original: PendingRow,
    found: StoredItem | undefined,
    attempt: Attempt,
  ): Promise<Compared> {
    if (found === undefined) return { kind: 'again' };
    const pending = await attempt.revise(original, found);
    if (pending === undefined) return settledAs({ pending: original, outcome: 'unchanged' });
    const standing = standingOf(found, pending, this.run);
    if (standing.kind === 'foreign' || standing.kind === 'edited')
      return settledAs({ pending, outcome: 'conflict', detail: standing.detail, found });
    const created = standing.sameRun && !attempt.announcements.has(pending.source);
    if (standing.kind === 'outdated')
      return { kind: 'outdated', pending, found, as: created ? 'created' : 'updated' };
    // a replace whose acknowledgement was lost is refused when the SDK repeats it, yet it did happen
    const replaced = attempt.replacing.get(original);
    if (replaced !== undefined) return settledAs({ pending, outcome: replaced });
    const outcome = created ? 'created' : standing.sameRun ? 'updated' : 'unchanged';
    return settledAs({ pending, outcome });
  }

  /** Undefined: the row is gone or changed while we looked, look again. */
  private async replaced(
    original: PendingRow,
    compared: Compared,
    attempt: Attempt,
  ): Promise<SettledRow | undefined> {
    if (compared.kind === 'again') return undefined;
    if (compared.kind === 'settled') return compared.row;
    const { pending, found, as } = compared;
    attempt.replacing.set(original, as);
    const replaced = await this.sink.replace(pending, found);
    if (replaced.kind === 'replaced') return { pending, outcome: as };
    if (replaced.kind === 'changed') return undefined;
    return { pending, outcome: 'rejected', detail: `${replaced.code}: ${replaced.detail}` };
  }

  private async images(rows: readonly PendingRow[]): Promise<(StoredItem | undefined)[]> {
    const images = new Array<StoredItem | undefined>(rows.length);
    for (const table of new Set(rows.map((row) => row.table))) {
      const indexes = rows.flatMap((row, index) => (row.table === table ? [index] : []));
      const found = await this.reader.get(
        table,
        indexes.map((index) => at(rows, index).key),
      );
      indexes.forEach((index, position) => (images[index] = found[position]));
    }
    return images;
  }
}

/** What a look at a stored row says: settled, gone meanwhile, or ours and to be replaced. */
type Compared =
  | { readonly kind: 'settled'; readonly row: SettledRow }
  | { readonly kind: 'again' }
  | {
      readonly kind: 'outdated';
      readonly pending: PendingRow;
      readonly found: StoredItem;
      /** `created`: this run inserted it, and its record was changed before a killed process was taken up again */
      readonly as: 'created' | 'updated';
    };

function settledAs(row: SettledRow): Compared {
  return { kind: 'settled', row };
}

interface Attempt {
  readonly revise: Revise;
  readonly announcements: Announcements;
  /** rows for which a replace was sent in this settlement → what they count as then */
  readonly replacing: Map<PendingRow, 'created' | 'updated'>;
}

function at<T>(list: readonly T[], index: number): T {
  const value = list[index];
  if (value === undefined) throw new RangeError(`no entry ${index} of ${list.length}`);
  return value;
}
