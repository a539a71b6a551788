import type { IMigrationStep, RecordPlanner } from '../../migrations/contract/migration-step.js';
import { sourceName } from '../../migrations/contract/migration-step.js';
import type { LookupIndex, LookupIndexes } from '../../migrations/contract/lookup-index.js';
import type { Decision } from '../../migrations/contract/outcome.js';
import type { RecordReader } from '../../migrations/contract/record-reader.js';
import { contentDigest } from '../../domain/storage/canonical-digest.js';
import { textOf, type StoredItem } from '../../domain/storage/stored-value.js';
import type { Finding } from '../application.js';
import { decide, type Check } from '../engine/guarded-planner.js';
import { parallelScan } from '../engine/parallel-scan.js';
import type { CheckResult, Counters } from '../ports/journal.js';
import type { Progress } from '../ports/progress.js';
import { BucketDigests, bucketOf } from './bucket-digests.js';
import { verifyCompanions } from './companion-verification.js';
import { FindingCollector } from './finding-collector.js';
import { compareRows, type SourcedFinding } from './row-comparison.js';
import { actualRow, type ActualRow, type ExpectedRow } from './row-sides.js';
import { stepChecks } from './step-checks.js';

export interface VerificationParts {
  readonly step: IMigrationStep;
  /** fresh: built on the tables as they stand now, not the one that the run wrote with */
  readonly planner: RecordPlanner;
  readonly reader: RecordReader;
  readonly indexes: LookupIndexes;
  readonly check: Check;
  readonly keyOf: (table: string) => string;
  readonly segments: number;
  readonly progress: Progress;
  /** sources that the step's latest run reported as conflicts: their rows are not expected */
  readonly conflicts: (source: string) => boolean;
  /** what the run counted, where the verification follows a run */
  readonly counters?: Counters;
  /** told each finding, so that a report can hold all of them while memory stays bounded */
  readonly onFinding?: (finding: Finding) => Promise<void>;
  readonly estimate?: number;
  readonly signal?: AbortSignal;
}

export interface VerificationResult {
  readonly checks: readonly CheckResult[];
  /** the first ones; `findingsTotal` counts all */
  readonly findings: readonly Finding[];
  readonly findingsTotal: number;
  readonly warnings: readonly string[];
  readonly sources: number;
}

/** Rows of both sides that one drill pass holds at most, so that memory stays bounded (invariant 12). */
const DRILL_ROWS = 20_000;

/**
 * Complete verification of a step in both directions: every expected (source, row) pair against what the
 * repositories load, field by field, and every stamped row against what the source asks for. Reads each side once;
 * only key ranges whose digests differ are read again and compared row by row.
 */
export class StepVerification {
  private readonly expected = new BucketDigests();
  private readonly actual = new BucketDigests();
  private readonly findings: FindingCollector;
  private sources = 0;
  private plannedRows = 0;
  private stampedRows = 0;
  private foreignRows = 0;
  private quarantined = 0;
  private staleRows = 0;

  constructor(private readonly parts: VerificationParts) {
    this.findings = new FindingCollector(parts.conflicts, parts.onFinding);
  }

  async verify(): Promise<VerificationResult> {
    const { indexes, step } = this.parts;
    const faults = indexes.create(`${step.name}-faults`);
    try {
      await this.activity('survey', () => this.survey());
      await this.activity('target', () => this.readTarget(faults));
      await this.activity('source', () => this.readSource());
      await this.drill(faults);
      const suppressed = await verifyCompanions(this.parts, this.findings, faults);
      await this.reportFaults(faults, suppressed);
    } finally {
      await faults.close();
    }
    return this.result();
  }

  private async activity(name: string, work: () => Promise<void>): Promise<void> {
    const { progress, step, estimate } = this.parts;
    progress.started(`${step.name}: verify ${name}`, estimate);
    try {
      await work();
    } finally {
      progress.finished();
    }
  }

  private async survey(): Promise<void> {
    const { planner, step } = this.parts;
    if (planner.survey === undefined) return;
    await this.scan(step.source, async (records) => {
      for (const record of records) await planner.survey?.(record);
    });
  }

  private async readTarget(faults: LookupIndex): Promise<void> {
    await this.eachActual(async (row) => {
      if (row.stamp === undefined) {
        this.foreignRows += 1;
        return;
      }
      this.stampedRows += 1;
      this.actual.add(
        row.table,
        row.key,
        row.stamp.source,
        row.edited ? contentDigest(row.item) : row.digest,
      );
      if (row.edited) this.actual.add(row.table, row.key, 'edited', row.digest);
      await this.pin(row);
      const fault = this.parts.planner.audit?.(row.table, row.item);
      if (fault === undefined) return;
      const referred = textOf(row.item[fault.field]) ?? '';
      await faults.put(rowName(row), JSON.stringify({ ...fault, table: row.table, key: row.key, referred }));
    });
  }

  /** The planner must build the expectation around choices that stored rows pin, even where somebody edited one. */
  private async pin(row: ActualRow): Promise<void> {
    const { planner, reader, step } = this.parts;
    if (planner.pin === undefined || row.stamp === undefined) return;
    if (!row.edited) {
      await planner.pin(row.item);
      return;
    }
    const key = row.stamp.source.slice(step.source.length + 1);
    const [record] = await reader.get(step.source, [Object.fromEntries([[step.sourceKey, { S: key }]])]);
    if (record !== undefined) await planner.pin(row.item, { record });
  }

  private async readSource(): Promise<void> {
    await this.eachDecision((record, decision) => {
      this.sources += 1;
      if (decision.kind === 'quarantined') this.quarantined += 1;
      for (const row of this.expectedRows(record, decision)) {
        this.plannedRows += 1;
        this.expected.add(row.table, row.key, row.source, row.digest);
      }
    });
  }

  /** Reads the key ranges that differ once more, as many as fit in memory at a time, and compares row by row. */
  private async drill(faults: LookupIndex): Promise<void> {
    const differing = this.expected.differences(this.actual);
    let group = new Set<number>();
    let size = 0;
    for (const bucket of differing) {
      const rows = Math.max(this.expected.count(bucket), this.actual.count(bucket));
      if (group.size > 0 && size + rows > DRILL_ROWS) {
        await this.compare(group, faults);
        group = new Set();
        size = 0;
      }
      group.add(bucket);
      size += rows;
    }
    if (group.size > 0) await this.activity('differences', () => this.compare(group, faults));
  }

  private async compare(buckets: ReadonlySet<number>, faults: LookupIndex): Promise<void> {
    const inside = (row: { table: string; key: string }): boolean =>
      buckets.has(bucketOf(row.table, row.key));
    const expected = new Map<string, ExpectedRow>();
    const actual = new Map<string, ActualRow>();
    await this.eachDecision((record, decision) => {
      for (const row of this.expectedRows(record, decision)) if (inside(row)) expected.set(rowName(row), row);
    });
    await this.eachActual((row) => {
      if (inside(row)) actual.set(rowName(row), row);
      return Promise.resolve();
    }, expected);
    const { findings, conflicts } = compareRows({
      step: this.parts.step.name,
      expected,
      actual,
      keyOf: this.parts.keyOf,
    });
    this.findings.excuse(conflicts);
    const stale = await this.quarantinedSources(findings.filter(({ finding }) => finding.kind === 'extra'));
    for (const { finding, source } of findings) {
      // one finding per defect: an orphan is not also extra or different
      if (isOrphan(faults.get(rowName(finding)))) continue;
      if (finding.kind === 'extra' && stale.has(source)) this.staleRows += 1;
      else await this.findings.add(finding, source);
    }
  }

  /**
   * Sources that still exist and are quarantined: rows that they left behind when they were sound. Quarantined records
   * never fail a verification, so these rows are a warning and no finding.
   */
  private async quarantinedSources(extras: readonly SourcedFinding[]): Promise<ReadonlySet<string>> {
    const { step, planner, check, reader } = this.parts;
    const sources = [...new Set(extras.map(({ source }) => source))];
    const keys = sources.map((source) => Object.fromEntries([[step.sourceKey, { S: source.slice(step.source.length + 1) }]]));
    const records = await reader.get(step.source, keys);
    return new Set(
      sources.filter((_, index) => {
        const record = records[index];
        return record !== undefined && decide(step, planner, check, record).kind === 'quarantined';
      }),
    );
  }

  private async reportFaults(faults: LookupIndex, suppressed: ReadonlySet<string>): Promise<void> {
    for await (const [name, text] of faults.entries()) {
      const { kind, field, detail, table, key, referred } = JSON.parse(text) as StoredFault;
      if (kind === 'tenant' && this.findings.names(name)) continue;
      if (kind === 'orphan' && suppressed.has(referred)) continue;
      const finding = {
        kind: kind === 'orphan' ? 'orphan' : 'different',
        step: this.parts.step.name,
        table,
        key,
        field,
        detail,
      } as const;
      await this.findings.add(finding, '');
    }
  }

  private expectedRows(record: StoredItem, decision: Decision): ExpectedRow[] {
    if (decision.kind !== 'rows') return [];
    const source = sourceName(this.parts.step, record);
    return decision.rows.map(({ table, item }) => {
      return {
        table,
        item,
        source,
        key: textOf(item[this.parts.keyOf(table)]) ?? '',
        digest: contentDigest(item),
      };
    });
  }

  private async eachDecision(handle: (record: StoredItem, decision: Decision) => void): Promise<void> {
    const { step, planner, check } = this.parts;
    await this.scan(step.source, (records) => {
      for (const record of records) handle(record, decide(step, planner, check, record));
      return Promise.resolve();
    });
  }

  /** Rows of this step on the target side: its stamped ones, those that stand where one is expected, and the application's own. */
  private async eachActual(
    handle: (row: ActualRow) => Promise<void>,
    expected?: ReadonlyMap<string, ExpectedRow>,
  ): Promise<void> {
    const own = `${this.parts.step.source}#`;
    for (const mapper of this.parts.step.mappers.values()) {
      await this.scan(mapper.table, async (items) => {
        for (const item of items) {
          const row = actualRow(mapper, textOf(item[this.parts.keyOf(mapper.table)]) ?? '', item);
          const relevant =
            row.stamp === undefined || row.stamp.source.startsWith(own) || expected?.has(rowName(row));
          if (relevant === true) await handle(row);
        }
      });
    }
  }

  private async scan(table: string, handle: (items: readonly StoredItem[]) => Promise<void>): Promise<void> {
    const { reader, segments, signal, progress } = this.parts;
    let seen = 0;
    const each = async ({ items }: { readonly items: readonly StoredItem[] }): Promise<void> => {
      await handle(items);
      seen += items.length;
      progress.advanced(seen);
    };
    await parallelScan(reader, table, segments, each, signal === undefined ? {} : { signal });
  }

  private result(): VerificationResult {
    const { step, counters } = this.parts;
    const tally = {
      sources: this.sources,
      plannedRows: this.plannedRows,
      stampedRows: this.stampedRows,
      quarantined: this.quarantined,
      ...(counters === undefined ? {} : { counters }),
    };
    const warnings = [...this.findings.excused()];
    if (this.foreignRows > 0)
      warnings.push(`${step.name}: ${this.foreignRows} rows of the application's own in the target tables`);
    if (this.staleRows > 0) warnings.push(`${step.name}: ${this.staleRows} rows of earlier runs belong to records that are quarantined now`);
    return {
      checks: stepChecks(step.name, tally, this.findings),
      findings: this.findings.first,
      findingsTotal: this.findings.total,
      warnings,
      sources: this.sources,
    };
  }
}

interface StoredFault {
  readonly kind: 'orphan' | 'tenant';
  readonly field: string;
  readonly detail: string;
  readonly table: string;
  readonly key: string;
  readonly referred: string;
}

function isOrphan(text: string | undefined): boolean {
  return text !== undefined && (JSON.parse(text) as StoredFault).kind === 'orphan';
}

export function rowName(row: { readonly table: string; readonly key: string }): string {
  return `${row.table}\0${row.key}`;
}
