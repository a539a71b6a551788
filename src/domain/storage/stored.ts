import type { StoredItem, StoredValue } from './stored-value.js';
import { textOf } from './stored-value.js';

/** The attribute under which the engine stamps each row that it writes. */
export const STAMP_ATTRIBUTE = '_migration';

/** The attribute that carries legacy attributes that the new model does not know (never dropped silently). */
export const LEGACY_ATTRIBUTES = 'legacyAttributes';

/** Who wrote a row: legacy table and id (`<table>#<id as stored>`), the run, and the digest of the content. */
export interface Stamp {
  readonly source: string;
  readonly run: string;
  /** SHA-256 (hex) of every attribute but the stamp itself; see `canonical-digest.ts`. */
  readonly digest: string;
}

/** What a repository keeps beside an aggregate: facts of storage that the model itself does not know. */
export interface StorageEnvelope {
  /** The tenant of the row where the aggregate has none of its own (K-X30). */
  readonly tenantId?: string;
  /** Legacy attributes that the model does not know, as they were stored. */
  readonly legacyAttributes?: StoredItem;
  /** Attributes that neither the model nor the engine knows (written by somebody else), kept as they are. */
  readonly otherAttributes?: StoredItem;
  readonly stamp?: Stamp;
}

/** An aggregate together with its storage envelope: what a repository gives back. */
export interface Stored<A> {
  readonly aggregate: A;
  readonly envelope: StorageEnvelope;
}

/**
 * Between an aggregate and its row; the only caller of `restore` on rows of the new model.
 * `fromItem` throws `RestoreError` for a row that is structurally no such aggregate.
 */
export interface AggregateMapper<A> {
  readonly table: string;
  toItem(stored: Stored<A>): StoredItem;
  fromItem(item: StoredItem): Stored<A>;
}

/** The stamp of a row, or undefined where there is none that is complete. */
export function stampOf(item: StoredItem): Stamp | undefined {
  const stamp = item[STAMP_ATTRIBUTE];
  if (stamp === undefined || !('M' in stamp)) return undefined;
  const [source, run, digest] = [
    textOf(stamp.M['source']),
    textOf(stamp.M['run']),
    textOf(stamp.M['digest']),
  ];
  if (source === undefined || run === undefined || digest === undefined) return undefined;
  return { source, run, digest };
}

/** Whether a row has a stamp that names a record of one of these tables. */
export function isStampedAfter(item: StoredItem, tables: readonly string[]): boolean {
  const source = stampOf(item)?.source;
  return source !== undefined && tables.some((table) => source.startsWith(`${table}#`));
}

const STAMP_PARTS = 3;

/** Whether a stamp is as the engine writes it: its three parts, and nothing that somebody has added. */
export function isPlainStamp(value: StoredValue): boolean {
  if (!('M' in value) || stampOf({ [STAMP_ATTRIBUTE]: value }) === undefined) return false;
  return Object.keys(value.M).length === STAMP_PARTS;
}

/** The row with the stamp of its envelope; one that has a stamp already (it was not plain) stays as it is. */
export function stampedAs(item: StoredItem, { stamp }: StorageEnvelope): StoredItem {
  return stamp === undefined || Object.hasOwn(item, STAMP_ATTRIBUTE) ? item : withStamp(item, stamp);
}

/** The row with this stamp (replacing any other). */
export function withStamp(item: StoredItem, stamp: Stamp): StoredItem {
  return {
    ...item,
    [STAMP_ATTRIBUTE]: {
      M: { source: { S: stamp.source }, run: { S: stamp.run }, digest: { S: stamp.digest } },
    },
  };
}
