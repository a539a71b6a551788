import type { MigrationPlan } from '../../migrations/contract/migration-plan.js';
import type { StagingEvidence } from '../ports/attestation.js';
import { RefusedError } from '../ports/errors.js';
import type { Journal } from '../ports/journal.js';
import { gatherEvidence } from './gather-evidence.js';

/**
 * Keeps what a journal proves now, for a rehearsal may roll the very rows back on which the proof rests. Does nothing
 * where nothing is proven yet, e.g. after a run of some of the steps.
 */
export async function recordEvidence(plan: MigrationPlan, env: string, journal: Journal): Promise<void> {
  const evidence = await provenNow(plan, env, journal);
  if (!(evidence instanceof RefusedError)) await journal.attest(plan.name, evidence);
}

/**
 * What an environment proves of a plan: what stands there now, or else, where rows were rolled back since and no step
 * has failed, what was recorded when it stood. Throws RefusedError `EVIDENCE_MISSING`.
 */
export async function provenEvidence(
  plan: MigrationPlan,
  env: string,
  journal: Journal,
): Promise<StagingEvidence> {
  const now = await provenNow(plan, env, journal);
  if (!(now instanceof RefusedError)) return now;
  const states = await journal.states(plan.name);
  const rolledBack = states.length > 0 && states.every(({ status }) => status === 'rolled-back');
  const recorded = (await journal.attestations(plan.name, 'staging')).filter((one) => one.env === env);
  const newest = recorded.toSorted((a, b) => (a.at < b.at ? 1 : -1))[0];
  if (rolledBack && newest !== undefined) return newest;
  throw now;
}

async function provenNow(
  plan: MigrationPlan,
  env: string,
  journal: Journal,
): Promise<StagingEvidence | RefusedError> {
  try {
    return await gatherEvidence(plan, env, journal);
  } catch (error) {
    if (error instanceof RefusedError && error.code === 'EVIDENCE_MISSING') return error;
    throw error;
  }
}
