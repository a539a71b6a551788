import { MemoryIndexes } from '../../../src/migrations/contract/memory-indexes.js';
import type { MigrationPlan } from '../../../src/migrations/contract/migration-plan.js';
import { rowKeys } from '../../../src/migrations/contract/row-key.js';
import { strayStamps } from '../../../src/runner/verification/stray-stamps.js';
import { StepVerification } from '../../../src/runner/verification/step-verification.js';
import { passOver } from '../../../src/runner/verification/target-pass.js';
import type { VerificationResult } from '../../../src/runner/verification/verification-parts.js';
import type { KpiTrial } from './kpi-trial.js';
import { quietProgress } from './quiet.js';

/**
 * Verifies each step of the plan on its own, one thing after the other, on the tables themselves: look-ups, the survey,
 * the target tables, and only then the records. What a joint verification has to come to as well.
 */
export async function verifiedStepByStep(
  trial: KpiTrial,
  plan: MigrationPlan,
  segments: number,
): Promise<VerificationResult[]> {
  const indexes = new MemoryIndexes();
  const inConflict = await conflicts(trial);
  const results: VerificationResult[] = [];
  for (const step of plan.steps) {
    const { store: reader } = trial;
    const check = (): undefined => undefined;
    const keys = rowKeys(plan.tables);
    const context = { reader, indexes, segments, check, repairing: { inConflict } };
    const planner = await step.prepare(context);
    const verification = new StepVerification({
      ...{ step, planner, reader, indexes, segments, check, keys },
      progress: quietProgress,
      conflicts: inConflict,
      isStray: strayStamps(plan, step),
    });
    const pass = { reader, keys, segments, signal: undefined, onRows: () => undefined };
    await verification.survey();
    for (const [table, taker] of verification.takers()) await passOver({ ...pass, table }, [taker]);
    await verification.expect(() => undefined);
    results.push(await verification.settle());
    await verification.close();
  }
  return results;
}

async function conflicts(trial: KpiTrial): Promise<(source: string) => boolean> {
  const sources = new Set<string>();
  for (const state of await trial.journal.states('kpi')) {
    const entries = trial.journal.entries(state.run, state.step, 'conflict');
    for await (const { source } of entries) sources.add(source);
  }
  return (source) => sources.has(source);
}
