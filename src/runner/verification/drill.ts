import type { RowKeys } from '../../migrations/contract/row-key.js';
import type { BucketDigests } from './bucket-digests.js';
import { bucketOf } from './bucket-digests.js';
import type { FindingCollector } from './finding-collector.js';
import { compareRows, type SourcedFinding } from './row-comparison.js';
import type { RowFaults } from './row-faults.js';
import { rowName, type ActualRow, type ExpectedRow } from './row-sides.js';
import type { SideReader } from './side-reader.js';

/** Rows of a side that one pass holds at most, so that memory stays bounded (invariant 12). */
const ROWS_PER_PASS = 20_000;

/** Groups the buckets in which two sides differ, so that the rows of a group fit in memory. */
export function drillGroups(
  expected: BucketDigests,
  actual: BucketDigests,
  limit = ROWS_PER_PASS,
): ReadonlySet<number>[] {
  const groups: Set<number>[] = [];
  let size = Number.POSITIVE_INFINITY;
  for (const bucket of expected.differences(actual)) {
    const rows = Math.max(expected.count(bucket), actual.count(bucket));
    if (size + rows > limit) {
      groups.push(new Set());
      size = 0;
    }
    groups.at(-1)?.add(bucket);
    size += rows;
  }
  return groups;
}

/** Reads the rows of some buckets once more and compares them one by one. */
export class Drill {
  /** stamped rows of records that are quarantined now */
  staleRows = 0;
  /** expected rows whose key is held by a row that this step did not write */
  heldKeys = 0;
  /** rows with a stamp of nobody's that stand in the way of a record in conflict: that is told already */
  readonly excusedStrays = new Set<string>();

  constructor(
    private readonly step: string,
    private readonly sides: SideReader,
    private readonly keys: RowKeys,
    private readonly findings: FindingCollector,
    private readonly faults: RowFaults,
  ) {}

  /** `onRows` is told how many rows have been read again. */
  async compare(buckets: ReadonlySet<number>, onRows: (count: number) => void): Promise<void> {
    const inside = (row: { table: string; key: string }): boolean =>
      buckets.has(bucketOf(row.table, row.key));
    const expected = new Map<string, ExpectedRow>();
    const actual = new Map<string, ActualRow>();
    await this.sides.expected((_, rows) => {
      for (const row of rows) if (inside(row)) expected.set(rowName(row), row);
    }, onRows);
    await this.sides.actual(
      (row) => {
        if (inside(row)) actual.set(rowName(row), row);
      },
      expected,
      onRows,
    );
    const isOwn = ({ item, stamp }: ActualRow): boolean =>
      this.sides.isAccountedFor(item, stamp?.source ?? '');
    const strays = new Set<string>();
    for (const name of expected.keys()) {
      const holder = actual.get(name);
      if (holder === undefined || this.sides.isOwn(holder.item, holder.stamp?.source)) continue;
      this.heldKeys += 1;
      if (holder.stamp !== undefined && isOwn(holder)) strays.add(name);
    }
    const { findings, conflicts } = compareRows({
      step: this.step,
      expected,
      actual,
      keys: this.keys,
      isOwn,
    });
    this.findings.excuse(conflicts);
    const stale = await this.quarantined(findings.filter(({ finding }) => finding.kind === 'extra'));
    for (const { finding, source } of findings) {
      const name = rowName(finding);
      if (strays.has(name) && this.findings.isExcused(source)) this.excusedStrays.add(name);
      // one finding per defect: an orphan is not also extra or different
      else if (this.faults.isOrphan(finding)) continue;
      if (finding.kind === 'extra' && stale.has(source)) this.staleRows += 1;
      else await this.findings.add(finding, source);
    }
  }

  /**
   * Sources that still exist and are quarantined: rows that they left behind when they were sound. Quarantined records
   * never fail a verification, so these rows are a warning and no finding.
   */
  private async quarantined(extras: readonly SourcedFinding[]): Promise<ReadonlySet<string>> {
    const sources = [...new Set(extras.map(({ source }) => source))];
    const records = await this.sides.records(sources);
    return new Set(
      sources.filter((_, index) => {
        const record = records[index];
        return record !== undefined && this.sides.decision(record).kind === 'quarantined';
      }),
    );
  }
}
