import { ContentSum } from '../../domain/storage/content-sum.js';
import type { BackedUpTable, BackupArchive } from '../ports/backup-archive.js';
import type { BackupTables } from '../ports/backup-tables.js';
import type { Progress } from '../ports/progress.js';

/** A table of a backup and the table that it goes into. */
export interface RestoreTarget {
  readonly from: BackedUpTable;
  readonly physicalName: string;
}

export interface LoadOptions {
  /** undefined: the table is there */
  readonly create: { readonly deletionProtection: boolean } | undefined;
  readonly segments: number;
  readonly progress: Progress;
  readonly signal: AbortSignal | undefined;
}

/**
 * Creates the table where it must, inserts the rows whose keys are absent, then reads the table again. Gives back what
 * is in it now: whether that is what the backup holds, the caller decides.
 */
export async function loadTable(
  archive: BackupArchive,
  tables: BackupTables,
  { from, physicalName }: RestoreTarget,
  { create, segments, progress, signal }: LoadOptions,
): Promise<ContentSum> {
  const stop = signal === undefined ? {} : { signal };
  if (create !== undefined) await tables.create(physicalName, from.schema, { ...create, ...stop });
  progress.started(`restore ${physicalName}`, from.items);
  try {
    let done = 0;
    for await (const rows of archive.rows(from, signal)) {
      await tables.load(physicalName, rows);
      done += rows.length;
      progress.advanced(done);
    }
  } finally {
    progress.finished();
  }
  return contentOf(tables, physicalName, { segments, progress, signal, items: from.items });
}

export function isSameContent(sum: ContentSum, { items, digest }: BackedUpTable): boolean {
  return sum.count === items && sum.digest === digest;
}

/** Stored names of the key attributes, partition key first. */
export function keysOf({ schema }: BackedUpTable): string[] {
  const inOrder = schema.keys.toSorted((left, right) => left.role.localeCompare(right.role));
  return inOrder.map(({ name }) => name);
}

async function contentOf(
  tables: BackupTables,
  physicalName: string,
  options: Pick<LoadOptions, 'segments' | 'progress' | 'signal'> & { readonly items: number },
): Promise<ContentSum> {
  const { segments: total, progress, signal } = options;
  const sum = new ContentSum();
  const segment = async (index: number): Promise<void> => {
    const part = { segment: { index, total }, ...(signal === undefined ? {} : { signal }) };
    for await (const rows of tables.rows(physicalName, part)) {
      sum.add(rows);
      progress.advanced(sum.count);
    }
  };
  progress.started(`compare ${physicalName}`, options.items);
  try {
    const outcomes = await Promise.allSettled(Array.from({ length: total }, (_, index) => segment(index)));
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
    return sum;
  } finally {
    progress.finished();
  }
}
