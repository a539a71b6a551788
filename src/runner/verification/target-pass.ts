import { stampOf, type Stamp } from '../../domain/storage/stored.js';
import type { StoredItem } from '../../domain/storage/stored-value.js';
import type { RecordReader } from '../../migrations/contract/record-reader.js';
import type { RowKeys } from '../../migrations/contract/row-key.js';
import { parallelScan } from '../engine/parallel-scan.js';

/** A row of a target table, before anybody has loaded it. */
export interface StoredRow {
  readonly key: string;
  readonly item: StoredItem;
  readonly stamp: Stamp | undefined;
}

export interface TargetPass {
  readonly reader: RecordReader;
  readonly table: string;
  readonly keys: RowKeys;
  readonly segments: number;
  readonly signal: AbortSignal | undefined;
  /** sources whose rows no taker counts; undefined: none */
  readonly exceptStampsOf?: readonly string[];
  /** told how many rows have been taken of a page */
  readonly onRows: (count: number) => void;
}

/** Who takes rows; each one is asked for every row, in the order in which they are read. */
export type RowTaker = (row: StoredRow) => Promise<void> | undefined;

/** Reads a target table once for all who take rows of it. */
export async function passOver(pass: TargetPass, takers: readonly RowTaker[]): Promise<void> {
  const { reader, table, segments, signal, exceptStampsOf = [], onRows } = pass;
  const key = pass.keys(table);
  await parallelScan(
    reader,
    table,
    segments,
    async ({ items }) => {
      for (const item of items) {
        const row = { key: key.text(item), item, stamp: stampOf(item) };
        for (const take of takers) {
          // most rows leave nothing to wait for, and a turn for each of them adds up
          const taken = take(row);
          if (taken !== undefined) await taken;
        }
      }
      onRows(items.length);
    },
    {
      ...(signal === undefined ? {} : { signal }),
      ...(exceptStampsOf.length === 0 ? {} : { exceptStampsOf }),
    },
  );
}
