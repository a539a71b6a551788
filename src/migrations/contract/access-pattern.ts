import type { StoredItem } from '../../domain/storage/stored-value.js';
import type { RecordReader } from './record-reader.js';

/** How long an index may lag behind its table before its answer counts; all in ms. */
export interface IndexLag {
  readonly total: number;
  /** the first pause before it is asked again; each next one is twice as long, up to `cap` */
  readonly base: number;
  readonly cap: number;
}

/** Tables as the application asks them: by key and through indexes. Names are the document's. Throws `StoreError`. */
export interface AccessReader extends Pick<RecordReader, 'get'> {
  /**
   * The rows with these values of the partition key, or of both keys: of the table itself (strongly consistent), or of an
   * index, which lags behind its table.
   */
  query(table: string, key: StoredItem, index?: string): AsyncIterable<StoredItem>;
  /** undefined: indexes never lag */
  readonly lag?: IndexLag;
}

/** A row that an access pattern does not serve as it should. */
export interface AccessFault {
  readonly row: StoredItem;
  /** it is not found, or found with other content */
  readonly kind: 'missing' | 'different';
  /** names, ids and types; no other values */
  readonly detail: string;
}

export interface AccessAnswer {
  /** rows that could be judged: of an answer with very many rows only the first are read */
  readonly tried: number;
  readonly faults: readonly AccessFault[];
}

/** A way in which the application asks for rows that a step has written, tried with some of them after each verification. */
export interface AccessPattern {
  /** its check is called so, behind the step's name */
  readonly name: string;
  /** literal name of the table whose rows it is tried with */
  readonly table: string;
  /** rows that it is tried with at most; omitted: 100 */
  readonly rows?: number;
  /** whether it goes through an index */
  readonly lags: boolean;
  /** whether the application asks for this row so, e.g. because it has the keys of an index */
  applies(row: StoredItem): boolean;
  /** Tries it with rows that it applies to, as they stand in the table. Only reads. */
  tried(rows: readonly StoredItem[], tables: AccessReader): Promise<AccessAnswer>;
}
