import { createHash } from 'node:crypto';
import type { StoredItem } from '../../domain/storage/stored-value.js';
import {
  sourceName,
  type IMigrationStep,
  type StepContext,
} from '../../migrations/contract/migration-step.js';
import type { ValidateResult } from '../application.js';
import { FindingCollector } from './finding-collector.js';
import { RowProgress } from './row-progress.js';
import { compareRows } from './row-comparison.js';
import { actualRow, rowName, type ActualRow, type ExpectedRow } from './row-sides.js';
import { SideReader } from './side-reader.js';
import type { VerificationParts, VerificationResult } from './verification-parts.js';
import type { JointParts, StepToVerify } from './verify-steps.js';

const SHARES = [0.01, 0.001, 0.0001];
/** Records beyond the sample that are drawn before the highest are dropped again. */
const SORTED_AT_LEAST = 1_000;

/** The chance that a sample of `size` contains none of the bad rows, per share of bad rows: (1 - share)^size. */
export function sampleMisses(size: number, seed: string): NonNullable<ValidateResult['sample']> {
  return { size, seed, misses: SHARES.map((share) => ({ share, chance: (1 - share) ** size })) };
}

interface Drawn {
  readonly rank: string;
  readonly record: StoredItem;
}

/**
 * Compares the rows of a sample of source records. The sample is a function of the seed and the records, not of
 * the order in which they are read. It can't see extra rows at all, so it is a smoke test and never a gate.
 */
export class SampleVerification {
  private readonly findings: FindingCollector;
  private readonly sides: SideReader;

  constructor(
    private readonly parts: VerificationParts,
    private readonly size: number,
    private readonly seed: string,
  ) {
    this.findings = new FindingCollector(parts.conflicts, parts.onFinding);
    this.sides = new SideReader(parts);
  }

  async verify(): Promise<VerificationResult> {
    const sample = await this.draw();
    const expected = new Map<string, ExpectedRow>();
    for (const record of sample) {
      for (const row of await this.expectedRows(record)) expected.set(rowName(row), row);
    }
    const actual = await this.actualRows([...expected.values()]);
    const { step, keys } = this.parts;
    const { findings, conflicts } = compareRows({ step: step.name, expected, actual, keys });
    this.findings.excuse(conflicts);
    for (const { finding, source } of findings) await this.findings.add(finding, source);
    const found = expected.size - this.findings.total;
    const name = `${step.name}: rows of ${sample.length} sampled records`;
    const checks = [{ name, passed: this.findings.total === 0, expected: expected.size, found }];
    return {
      checks,
      findings: this.findings.first,
      findingsTotal: this.findings.total,
      warnings: [...this.findings.excused()],
    };
  }

  private async draw(): Promise<StoredItem[]> {
    const { step, progress } = this.parts;
    const rows = new RowProgress(progress, `${step.name}: draw a sample`);
    let drawn: Drawn[] = [];
    const draw = (record: StoredItem): void => {
      rows.seen(1);
      const rank = createHash('sha256')
        .update(this.seed)
        .update('\0')
        .update(sourceName(step, record))
        .digest('hex');
      drawn.push({ rank, record });
      // room for as many again before the next sort, and never less than a page
      if (drawn.length >= this.size * 2 + SORTED_AT_LEAST) drawn = this.lowest(drawn);
    };
    try {
      await this.sides.surveyed(draw);
    } finally {
      rows.finished();
    }
    return this.lowest(drawn).map(({ record }) => record);
  }

  private lowest(drawn: readonly Drawn[]): Drawn[] {
    return drawn.toSorted((a, b) => (a.rank < b.rank ? -1 : 1)).slice(0, this.size);
  }

  /** Rows around what is pinned: the stored anchor row decides first, as in a run. */
  private async expectedRows(record: StoredItem): Promise<ExpectedRow[]> {
    const { planner, reader, keys } = this.parts;
    const decision = this.sides.decision(record);
    const [anchor] = this.sides.expectedRows(record, decision);
    if (anchor === undefined || decision.kind !== 'rows' || !decision.anchored || planner.pin === undefined) {
      return this.sides.expectedRows(record, decision);
    }
    const [stored] = await reader.get(anchor.table, [keys(anchor.table).of(anchor.item)]);
    if (stored !== undefined) await planner.pin(stored, { record });
    return this.sides.expectedRows(record, this.sides.decision(record));
  }

  private async actualRows(expected: readonly ExpectedRow[]): Promise<Map<string, ActualRow>> {
    const { step, reader, keys } = this.parts;
    const actual = new Map<string, ActualRow>();
    for (const mapper of step.mappers.values()) {
      const own = expected.filter((row) => row.table === mapper.table);
      const items = await reader.get(
        mapper.table,
        own.map((row) => keys(row.table).of(row.item)),
      );
      own.forEach((row, index) => {
        const item = items[index];
        if (item !== undefined) actual.set(rowName(row), actualRow(mapper, row.key, item));
      });
    }
    return actual;
  }
}

/** Verifies a sample of each step's records, one step after the other. */
export async function sampleSteps(
  parts: JointParts,
  steps: readonly StepToVerify[],
  { size, seed }: { readonly size: number; readonly seed: string },
  settled: (step: IMigrationStep, result: VerificationResult) => Promise<void>,
): Promise<void> {
  for (const { repairing, ...own } of steps) {
    const context: StepContext = { ...contextOf(parts), ...(repairing === undefined ? {} : { repairing }) };
    const planner = await own.step.prepare(context);
    try {
      await settled(
        own.step,
        await new SampleVerification({ ...parts, ...own, planner }, size, seed).verify(),
      );
    } finally {
      await planner.close();
    }
  }
}

function contextOf({ reader, indexes, segments, check, signal }: JointParts): StepContext {
  return { reader, indexes, segments, check, ...(signal === undefined ? {} : { signal }) };
}
