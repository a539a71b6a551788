import { contentDigest } from '../../domain/storage/canonical-digest.js';
import { BucketDigests } from './bucket-digests.js';
import { verifyCompanions } from './companion-verification.js';
import { Drill, drillGroups } from './drill.js';
import { FindingCollector } from './finding-collector.js';
import { RowFaults } from './row-faults.js';
import type { ActualRow } from './row-sides.js';
import { SideReader } from './side-reader.js';
import { stepChecks } from './step-checks.js';
import type { VerificationParts, VerificationResult } from './verification-parts.js';

/**
 * Complete verification of a step in both directions: every expected (source, row) pair against what the
 * repositories load, field by field, and every stamped row against what its source asks for. Reads each side once;
 * only key ranges whose digests differ are read again and compared row by row (ADR 0008).
 */
export class StepVerification {
  private readonly expected = new BucketDigests();
  private readonly actual = new BucketDigests();
  private readonly findings: FindingCollector;
  private readonly sides: SideReader;
  private sources = 0;
  private quarantined = 0;
  private plannedRows = 0;
  private stampedRows = 0;
  private foreignRows = 0;
  private tenantBreaches = 0;

  constructor(private readonly parts: VerificationParts) {
    this.findings = new FindingCollector(parts.conflicts, parts.onFinding);
    this.sides = new SideReader(parts);
  }

  async verify(): Promise<VerificationResult> {
    const { indexes, step, keyOf } = this.parts;
    const index = indexes.create(`${step.name}-faults`);
    const faults = new RowFaults(index);
    const drill = new Drill(step.name, this.sides, keyOf, this.findings, faults);
    try {
      await this.sides.survey();
      await this.sides.actual((row) => this.take(row, faults));
      await this.sides.expected((decision, rows) => {
        this.sources += 1;
        if (decision.kind === 'quarantined') this.quarantined += 1;
        this.plannedRows += rows.length;
        for (const row of rows) this.expected.add(row.table, row.key, row.source, row.digest);
      });
      for (const group of drillGroups(this.expected, this.actual)) await drill.compare(group);
      const told = await verifyCompanions(this.parts, this.sides, this.findings, faults);
      this.tenantBreaches = await faults.report(step.name, this.findings, told);
    } finally {
      await index.close();
    }
    return this.result(drill);
  }

  private async take(row: ActualRow, faults: RowFaults): Promise<void> {
    if (row.stamp === undefined) {
      this.foreignRows += 1;
      return;
    }
    this.stampedRows += 1;
    // an edited row must differ whatever it holds, also where the edit happens to give the expected content
    const digest = row.edited ? contentDigest({ edited: { S: row.digest } }) : row.digest;
    this.actual.add(row.table, row.key, row.stamp.source, digest);
    await this.pin(row, row.stamp.source);
    const fault = this.parts.planner.audit?.(row.table, row.item);
    if (fault !== undefined) await faults.add(row, fault);
  }

  /** The planner must build the expectation around choices that stored rows pin, even where somebody edited one. */
  private async pin(row: ActualRow, source: string): Promise<void> {
    const { planner } = this.parts;
    if (planner.pin === undefined) return;
    if (!row.edited) {
      await planner.pin(row.item);
      return;
    }
    const [record] = await this.sides.records([source]);
    if (record !== undefined) await planner.pin(row.item, { record });
  }

  private result({ staleRows, heldKeys }: Drill): VerificationResult {
    const { step, counters } = this.parts;
    const { sources, quarantined, findings, foreignRows } = this;
    const warnings = [...findings.excused()].map((warning) => `${step.name}: ${warning}`);
    if (staleRows > 0)
      warnings.push(
        `${step.name}: ${staleRows} rows of earlier runs belong to records that are quarantined now`,
      );
    if (foreignRows > 0)
      warnings.push(`${step.name}: ${foreignRows} rows of the application's own in the target tables`);
    const tally = {
      sources,
      quarantined,
      tenantBreaches: this.tenantBreaches,
      // rows that nobody expects (of records in conflict or quarantined now) count on neither side
      plannedRows: this.plannedRows - heldKeys - findings.excusedCount('missing'),
      stampedRows: this.stampedRows - staleRows - findings.excusedCount('extra'),
      ...(counters === undefined ? {} : { counters }),
    };
    return {
      checks: stepChecks(step.name, tally, findings),
      findings: findings.first,
      findingsTotal: findings.total,
      warnings,
    };
  }
}
