import { contentDigest } from '../../domain/storage/canonical-digest.js';
import { stampOf } from '../../domain/storage/stored.js';
import type { StoredItem } from '../../domain/storage/stored-value.js';
import { isOwnRow, sourceName, sourceRecordKey } from '../../migrations/contract/migration-step.js';
import type { Decision } from '../../migrations/contract/outcome.js';
import { decide, survey } from '../engine/guarded-planner.js';
import { parallelScan } from '../engine/parallel-scan.js';
import { actualRow, rowName, type ActualRow, type ExpectedRow } from './row-sides.js';
import { passOver } from './target-pass.js';
import type { VerificationParts } from './verification-parts.js';

type Items = readonly StoredItem[];

/** Streams both sides of a step: what its records ask for, and what stands in its target tables. */
export class SideReader {
  constructor(private readonly parts: VerificationParts) {}

  /** Lets the planner see every record once, where it wants to. */
  async survey(): Promise<void> {
    if (this.parts.planner.survey !== undefined) await this.surveyed(() => undefined);
  }

  /** Every source record once, each after the planner has seen it. */
  async surveyed(handle: (record: StoredItem) => void): Promise<void> {
    const { planner, step } = this.parts;
    await this.scan(step.source, async (records) => {
      for (const record of records) {
        await survey(planner, record);
        handle(record);
      }
    });
  }

  /** Every source record with its decision and the rows that it asks for. */
  async expected(
    handle: (decision: Decision, rows: readonly ExpectedRow[]) => void,
    onRows: (count: number) => void,
  ): Promise<void> {
    await this.scan(this.parts.step.source, (records) => {
      for (const record of records) {
        const decision = this.decision(record);
        handle(decision, this.expectedRows(record, decision));
      }
      onRows(records.length);
      return Promise.resolve();
    });
  }

  /**
   * Rows of the target tables: those stamped by this step, those of the application's own, and whatever stands under a
   * key of `expected`.
   */
  async actual(
    handle: (row: ActualRow) => void,
    expected: ReadonlyMap<string, unknown>,
    onRows: (count: number) => void,
  ): Promise<void> {
    const { step, reader, keys, segments, signal } = this.parts;
    for (const mapper of step.mappers.values()) {
      const { table } = mapper;
      const pass = { reader, table, keys, segments, signal, onRows };
      await passOver(pass, [
        ({ key, item, stamp }) => {
          const isOurs = stamp === undefined || this.isAccountedFor(item, stamp.source);
          if (isOurs || expected.has(rowName({ table, key }))) handle(actualRow(mapper, key, item, stamp));
          return undefined;
        },
      ]);
    }
  }

  /**
   * Rows of a companion table that are stamped by this step, and the live record that each stamp names; undefined where
   * that is gone. The records of a page are read together.
   */
  async companions(
    table: string,
    handle: (item: StoredItem, source: string, record: StoredItem | undefined) => Promise<void>,
  ): Promise<void> {
    await this.scan(table, async (items) => {
      const own = items.flatMap((item) => {
        const source = stampOf(item)?.source;
        return source?.startsWith(`${this.parts.step.source}#`) === true ? [{ item, source }] : [];
      });
      if (own.length === 0) return;
      const records = await this.records(own.map(({ source }) => source));
      for (const [index, { item, source }] of own.entries()) await handle(item, source, records[index]);
    });
  }

  decision(record: StoredItem): Decision {
    const { step, planner, check } = this.parts;
    return decide(step, planner, check, record);
  }

  expectedRows(record: StoredItem, decision: Decision): ExpectedRow[] {
    if (decision.kind !== 'rows') return [];
    const source = sourceName(this.parts.step, record);
    return decision.rows.map(({ table, item }) => {
      return {
        table,
        item,
        source,
        key: this.parts.keys(table).text(item),
        digest: contentDigest(item),
      };
    });
  }

  /** The live records behind stamps, in their order; undefined where one is gone, or where no step's table is named. */
  async records(sources: readonly string[]): Promise<(StoredItem | undefined)[]> {
    const { reader, step } = this.parts;
    const keys = sources.map((source) => sourceRecordKey(step, source));
    const found = (
      await reader.get(
        step.source,
        keys.filter((key) => key !== undefined),
      )
    ).values();
    return keys.map((key) => (key === undefined ? undefined : found.next().value));
  }

  /** Whether a stamped row is for this step to account for: its own, and those that no step writes (strays). */
  isAccountedFor(row: StoredItem, source: string): boolean {
    return this.isOwn(row, source) || this.parts.isStray(source);
  }

  /** Whether a row of a target table was written for a record of this step. */
  isOwn(row: StoredItem, source: string | undefined): boolean {
    return isOwnRow(this.parts.step, row, source);
  }

  private async scan(table: string, handle: (items: Items) => Promise<void>): Promise<void> {
    const { reader, segments, signal } = this.parts;
    const options = signal === undefined ? {} : { signal };
    await parallelScan(reader, table, segments, ({ items }) => handle(items), options);
  }
}
