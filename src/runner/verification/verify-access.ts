import type { AccessReader } from '../../migrations/contract/access-pattern.js';
import type { RecordReader } from '../../migrations/contract/record-reader.js';
import type { IMigrationStep } from '../../migrations/contract/migration-step.js';
import { tryAccess, type TriedPattern } from './access-trial.js';
import { observed, RowSample } from './row-sample.js';
import type { VerificationResult } from './verification-parts.js';
import type { JointParts, StepToVerify } from './verify-steps.js';

type Settled = (step: IMigrationStep, result: VerificationResult) => Promise<void>;

interface AccessOptions {
  /** undefined: nothing is tried, e.g. because rows were only imagined */
  readonly access: AccessReader | undefined;
  readonly seed?: string | undefined;
}

/** Rows of each table that a step's patterns are tried with (P-31). */
const ROWS = 100;
/** Pages that are read where nothing else has read any. */
const PAGES = 10;

/**
 * Carries out a verification of steps and adds to each result how the step's rows are found by those who ask for them
 * (P-08, C-23). What is tried with are rows that the verification reads anyway. Steps without access patterns are
 * verified as ever. Where the verification itself found a fault, in this step or in one before it, nothing is tried: a row
 * that is gone is one finding, and not one for each question that it was the answer to.
 */
export async function verifyAccess(
  parts: JointParts,
  steps: readonly StepToVerify[],
  { access, seed = '1' }: AccessOptions,
  verify: (parts: JointParts, settled: Settled) => Promise<unknown>,
  settled: Settled,
): Promise<void> {
  if (access === undefined || steps.every(({ step }) => (step.accessPatterns ?? []).length === 0)) {
    await verify(parts, settled);
    return;
  }
  const samples = new Map(steps.map((one) => [one.step, samplesOf(one.step, parts, seed)]));
  const all = [...samples.values()];
  const seen = (table: string) => {
    const own = all.flatMap((tables) => tables.get(table) ?? []);
    return own.length === 0
      ? undefined
      : (row: Parameters<RowSample['seen']>[0]) => own.forEach((one) => one.seen(row));
  };
  let sound = true;
  const reader = observed(parts.reader, seen);
  await verify({ ...parts, reader }, async (step, result) => {
    sound &&= result.checks.every(({ passed }) => passed);
    const patterns = step.accessPatterns ?? [];
    if (!sound && patterns.length > 0) {
      const untried = `${step.name}: how its rows are asked for was not tried, because rows are not as they should be`;
      await settled(step, { ...result, warnings: [...result.warnings, untried] });
      return;
    }
    const tried: TriedPattern[] = [];
    for (const pattern of patterns) {
      const sample = samples.get(step)?.get(pattern.table);
      // what the verification began in another process, that one has read
      if (sample?.keys().length === 0) await glance(reader, pattern.table, sample);
      const keys = sample?.keys() ?? [];
      tried.push(await tryAccess({ ...parts, step, access }, pattern, keys));
    }
    const findings = tried.flatMap((one) => one.findings);
    const told = steps.find((one) => one.step === step);
    for (const finding of findings) await told?.onFinding?.(finding);
    await settled(step, {
      ...result,
      checks: [...result.checks, ...tried.map(({ check }) => check)],
      findings: [...result.findings, ...findings],
      findingsTotal: result.findingsTotal + findings.length,
    });
  });
}

/** Reads a little of a table that is observed. */
async function glance(reader: RecordReader, table: string, sample: RowSample): Promise<void> {
  const pages = reader.scan(table)[Symbol.asyncIterator]();
  for (let read = 0; read < PAGES && sample.keys().length === 0; read += 1)
    if ((await pages.next()).done === true) return;
  await pages.return?.();
}

/** Table → the rows of it that a step's patterns are tried with. */
function samplesOf(step: IMigrationStep, { keys }: JointParts, seed: string): Map<string, RowSample> {
  const tables = new Set((step.accessPatterns ?? []).map(({ table }) => table));
  const isMeant = (row: Parameters<RowSample['seen']>[0]): boolean => step.owns?.(row) !== false;
  return new Map([...tables].map((table) => [table, new RowSample(keys(table), ROWS, seed, isMeant)]));
}
