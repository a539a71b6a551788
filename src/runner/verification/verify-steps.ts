import type { LookupIndexes } from '../../migrations/contract/lookup-index.js';
import type { MigrationPlan } from '../../migrations/contract/migration-plan.js';
import type { IMigrationStep, StepContext } from '../../migrations/contract/migration-step.js';
import type { RecordReader } from '../../migrations/contract/record-reader.js';
import type { RowKeys } from '../../migrations/contract/row-key.js';
import type { Progress } from '../ports/progress.js';
import { RowProgress } from './row-progress.js';
import { SharedIndexes } from './shared-indexes.js';
import { SingleReads } from './single-reads.js';
import { StepVerification } from './step-verification.js';
import { passOver, type RowTaker } from './target-pass.js';
import { Together } from './together.js';
import type { VerificationParts, VerificationResult } from './verification-parts.js';

/** What steps that are verified together have in common. */
export interface JointParts {
  readonly reader: RecordReader;
  readonly indexes: LookupIndexes;
  readonly check: StepContext['check'];
  readonly keys: RowKeys;
  readonly segments: number;
  readonly progress: Progress;
  /** the plan whose other steps account for their own rows in shared tables; undefined: their rows are read, too */
  readonly plan?: Pick<MigrationPlan, 'steps'>;
  /** rows that are read on both sides, as far as it is known */
  readonly estimate?: number;
  readonly signal?: AbortSignal;
}

/** A step that is verified, and what only it has. */
export interface StepToVerify
  extends
    Pick<VerificationParts, 'step' | 'conflicts' | 'isStray' | 'counters' | 'onFinding'>,
    Pick<StepContext, 'repairing'> {}

/**
 * Verifies steps completely, each on look-ups that are built anew. Each source and each target table is read once for
 * all of them, sources and targets at the same time; what several steps look up is built once. Checks and findings
 * are those of each step on its own. `settled` is told each result as soon as it stands; results and calls are in the
 * order of the steps.
 */
export async function verifySteps<const S extends readonly StepToVerify[]>(
  parts: JointParts,
  steps: S,
  settled: (step: IMigrationStep, result: VerificationResult) => Promise<void> = () => Promise.resolve(),
): Promise<{ readonly [P in keyof S]: VerificationResult }> {
  const together = new Together(parts.signal);
  const shared = new SharedIndexes(parts.indexes);
  const reads = new SingleReads({ ...parts, tables: tablesOf(steps), signal: together.signal });
  const verifications: StepVerification[] = [];
  const names = steps.map(({ step }) => step.name).join(', ');
  const rows = new RowProgress(parts.progress, `${names}: verify`, parts.estimate);
  const opened = (step: StepToVerify, index: number) => async (): Promise<void> => {
    const { indexes, segments, check } = parts;
    const { repairing, ...own } = step;
    const common = { reader: reads, indexes, segments, check, signal: together.signal };
    const context = { ...common, shared, ...(repairing === undefined ? {} : { repairing }) };
    const planner = await step.step.prepare(context);
    const verification = new StepVerification({ ...parts, ...common, ...own, planner });
    verifications[index] = verification;
    await verification.survey();
  };
  try {
    await together.all(steps.map(opened));
    // what is not read yet is not looked up anywhere, so nobody will want it twice
    reads.seal();
    const pass = { ...parts, reader: reads, signal: together.signal, onRows: rows.seen };
    const passes = [...takersOf(verifications)].map(
      ([table, takers]) =>
        () =>
          passOver({ ...pass, table, exceptStampsOf: sourcesOfOthers(parts.plan, steps, table) }, takers),
    );
    await together.all([...passes, ...verifications.map((one) => () => one.expect(rows.seen))]);
    rows.finished();
    const results: VerificationResult[] = [];
    for (const [index, verification] of verifications.entries()) {
      const result = await verification.settle();
      results.push(result);
      await settled((steps[index] as StepToVerify).step, result);
    }
    return results as unknown as { readonly [P in keyof S]: VerificationResult };
  } finally {
    rows.finished();
    await Promise.all(verifications.map((verification) => verification.close()));
    await reads.close();
    await shared.close();
  }
}

/** Tables that may be read more than once: sources are looked up and compared, target and companion tables, too. */
function tablesOf(steps: readonly StepToVerify[]): Set<string> {
  return new Set(
    steps.flatMap(({ step }) => [
      step.source,
      ...step.companionTables,
      ...[...step.mappers.values()].map(({ table }) => table),
    ]),
  );
}

/** Sources of the plan's other steps that write to this table. Steps that share a source with one of these are none. */
function sourcesOfOthers(
  plan: JointParts['plan'],
  steps: readonly StepToVerify[],
  table: string,
): readonly string[] {
  const own = new Set(steps.map(({ step }) => step.source));
  const writers = plan?.steps.filter(({ mappers }) => mappers.has(table)) ?? [];
  return [...new Set(writers.map(({ source }) => source))].filter((source) => !own.has(source));
}

function takersOf(verifications: readonly StepVerification[]): Map<string, RowTaker[]> {
  const takers = new Map<string, RowTaker[]>();
  for (const verification of verifications) {
    for (const [table, taker] of verification.takers())
      takers.set(table, [...(takers.get(table) ?? []), taker]);
  }
  return takers;
}
