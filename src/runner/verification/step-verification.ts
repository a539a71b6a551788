import type { AggregateMapper } from '../../domain/storage/stored.js';
import { contentDigest } from '../../domain/storage/canonical-digest.js';
import type { LookupIndex } from '../../migrations/contract/lookup-index.js';
import { BucketDigests } from './bucket-digests.js';
import { verifyCompanions } from './companion-verification.js';
import { Drill, drillGroups } from './drill.js';
import { FindingCollector } from './finding-collector.js';
import { RowProgress } from './row-progress.js';
import { RowFaults } from './row-faults.js';
import { actualRow, type ActualRow } from './row-sides.js';
import { SideReader } from './side-reader.js';
import { stepChecks } from './step-checks.js';
import type { RowTaker } from './target-pass.js';
import { TotalsOfSides } from './totals-of-sides.js';
import type { VerificationParts, VerificationResult } from './verification-parts.js';

/** What the records of a step ask for, all of them. */
interface Expectation {
  readonly rows: BucketDigests;
  sources: number;
  quarantined: number;
  plannedRows: number;
}

/**
 * Complete verification of a step in both directions: every expected (source, row) pair against what the
 * repositories load, field by field, and every stamped row against what its source asks for. Each side is taken
 * once: `survey`, then `takers` and `expect` in any order or at once, then `settle`. Only key ranges whose digests
 * differ are read again and compared row by row (ADR 0008).
 */
export class StepVerification {
  private expected: Expectation = nothingExpected();
  private readonly actual = new BucketDigests();
  private readonly findings: FindingCollector;
  private readonly sides: SideReader;
  private readonly index: LookupIndex;
  private readonly faults: RowFaults;
  private readonly totals: TotalsOfSides;
  /** a stored row has changed what records ask for, so that what was expected before is not valid any more */
  private outdated = false;
  private stampedRows = 0;
  private foreignRows = 0;
  private tenantBreaches = 0;

  constructor(private readonly parts: VerificationParts) {
    this.findings = new FindingCollector(parts.conflicts, parts.onFinding);
    this.sides = new SideReader(parts);
    this.index = parts.indexes.create(`${parts.step.name}-faults`);
    this.faults = new RowFaults(this.index);
    this.totals = new TotalsOfSides(parts.step.totals, parts.conflicts);
  }

  survey(): Promise<void> {
    return this.sides.survey();
  }

  /** Who takes the rows of the step's target tables, by table. */
  takers(): Map<string, RowTaker> {
    const mappers = [...this.parts.step.mappers.values()];
    return new Map(mappers.map((mapper) => [mapper.table, this.taker(mapper)]));
  }

  /** Plans every record. `onRows` is told how many records have been planned. */
  async expect(onRows: (count: number) => void): Promise<void> {
    const expected = nothingExpected();
    this.totals.expectAnew();
    await this.sides.expected((decision, rows) => {
      expected.sources += 1;
      if (decision.kind === 'quarantined') expected.quarantined += 1;
      expected.plannedRows += rows.length;
      for (const row of rows) {
        expected.rows.add(row.table, row.key, row.source, row.digest);
        this.totals.expect(row.table, row.source, row.item);
      }
    }, onRows);
    this.expected = expected;
  }

  /** Both sides, where they have been taken by others and found equal; in place of `takers` and `expect`. */
  adopt(taken: Pick<Expectation, 'sources' | 'quarantined'> & { rows: number; foreignRows: number }): void {
    const { sources, quarantined, rows, foreignRows } = taken;
    this.expected = { ...nothingExpected(), sources, quarantined, plannedRows: rows };
    this.stampedRows = rows;
    this.foreignRows = foreignRows;
  }

  /** After both sides have been taken. */
  async settle(): Promise<VerificationResult> {
    const { step, keys } = this.parts;
    const rows = new RowProgress(this.parts.progress, `${step.name}: compare`);
    const drill = new Drill(step.name, this.sides, keys, this.findings, this.faults);
    try {
      if (this.outdated) await this.expect(rows.seen);
      const groups = drillGroups(this.expected.rows, this.actual);
      for (const group of groups) await drill.compare(group, rows.seen);
    } finally {
      rows.finished();
    }
    const told = await verifyCompanions(this.parts, this.sides, this.findings, this.faults);
    this.tenantBreaches = await this.faults.report(step.name, this.findings, {
      told,
      excused: drill.excusedStrays,
    });
    return this.result(drill);
  }

  async close(): Promise<void> {
    await Promise.all([this.index.close(), this.parts.planner.close()]);
  }

  private taker(mapper: AggregateMapper<unknown>): RowTaker {
    return ({ key, item, stamp }) => {
      if (stamp === undefined) {
        this.foreignRows += 1;
        return undefined;
      }
      if (!this.sides.isAccountedFor(item, stamp.source)) return undefined;
      return this.take(actualRow(mapper, key, item, stamp), stamp.source);
    };
  }

  private take(row: ActualRow, source: string): Promise<void> | undefined {
    this.stampedRows += 1;
    this.totals.find(row.table, source, row.item);
    // an edited row must differ whatever it holds, also where the edit happens to give the expected content
    const digest = row.edited ? contentDigest({ edited: { S: row.digest } }) : row.digest;
    this.actual.add(row.table, row.key, source, digest);
    const pinned = this.pin(row, source);
    return typeof pinned === 'boolean'
      ? this.audit(row, pinned)
      : pinned.then((outdated) => this.audit(row, outdated));
  }

  private audit(row: ActualRow, outdated: boolean): Promise<void> | undefined {
    if (outdated) this.outdated = true;
    const fault = this.parts.planner.audit?.(row.table, row.item);
    return fault === undefined ? undefined : this.faults.add(row, fault);
  }

  /** The planner must build the expectation around choices that stored rows pin, even where somebody edited one. */
  private pin(row: ActualRow, source: string): Promise<boolean> | boolean {
    const { planner } = this.parts;
    if (planner.pin === undefined) return false;
    return row.edited ? this.pinEdited(row, source) : planner.pin(row.item);
  }

  private async pinEdited(row: ActualRow, source: string): Promise<boolean> {
    const [record] = await this.sides.records([source]);
    return record !== undefined && ((await this.parts.planner.pin?.(row.item, { record })) ?? false);
  }

  private result({ staleRows, heldKeys, excusedStrays }: Drill): VerificationResult {
    const { step, counters } = this.parts;
    const { expected, findings, foreignRows } = this;
    const warnings = [...findings.excused()].map((warning) => `${step.name}: ${warning}`);
    if (staleRows > 0)
      warnings.push(
        `${step.name}: ${staleRows} rows of earlier runs belong to records that are quarantined now`,
      );
    if (foreignRows > 0)
      warnings.push(`${step.name}: ${foreignRows} rows of the application's own in the target tables`);
    const tally = {
      sources: expected.sources,
      quarantined: expected.quarantined,
      tenantBreaches: this.tenantBreaches,
      // rows that nobody expects (of records in conflict or quarantined now) count on neither side
      plannedRows: expected.plannedRows - heldKeys - findings.excusedCount('missing'),
      stampedRows: this.stampedRows - staleRows - excusedStrays.size - findings.excusedCount('extra'),
      ...(counters === undefined ? {} : { counters }),
    };
    return {
      checks: [
        ...stepChecks(step.name, tally, findings),
        // rows of records that are quarantined now are warned of above, and would count on one side only
        ...(staleRows > 0 ? [] : this.totals.checks(step.name)),
      ],
      findings: findings.first,
      findingsTotal: findings.total,
      warnings,
    };
  }
}

function nothingExpected(): Expectation {
  return { rows: new BucketDigests(), sources: 0, quarantined: 0, plannedRows: 0 };
}
