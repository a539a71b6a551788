import type { MigrationPlan } from '../../migrations/contract/migration-plan.js';
import type { RunRequest } from '../application.js';
import { backupGate } from '../backup/backup-gate.js';
import { stagingGate } from '../ladder/staging-gate.js';
import { attestationGate } from '../checklists/attestation-gate.js';
import { standingParts } from '../checklists/checklist.service.js';
import type { StandingParts } from '../checklists/item-standing.js';
import type { ServiceParts } from './service-parts.js';

/**
 * The gates before the first write of a new run: evidence of the environment before this one, what people have to vouch for,
 * and a backup. Gives back
 * what the operator should know; throws RefusedError where a gate is closed and nobody overrides it.
 */
export async function requireGates(
  parts: ServiceParts,
  plan: MigrationPlan,
  { overrides }: Pick<RunRequest, 'overrides'>,
): Promise<readonly string[]> {
  const { environment, journal, admin, now, planVersion, evidenceBefore } = parts;
  const pass = await stagingGate({
    ...{ plan, environment, overrides, planVersion: planVersion(plan.name) },
    imported: await journal.attestations(plan.name, 'staging'),
    predecessor: () => evidenceBefore?.(plan) ?? Promise.resolve(undefined),
  });
  const backups = (): ReturnType<typeof journal.attestations<'backup'>> =>
    journal.attestations(plan.name, 'backup');
  await attestationGate({ plan, environment, standing: () => standingNow(parts, plan) });
  const notice = await backupGate({ plan, environment, admin, overrides, backups, now: now() });
  const overridden =
    pass.by === 'override'
      ? [`The staging gate was overridden by ${pass.override.by} (${pass.override.why}).`]
      : [];
  return notice === undefined ? overridden : [...overridden, notice];
}

function standingNow(parts: ServiceParts, plan: MigrationPlan): Promise<StandingParts> {
  return standingParts(plan, { ...parts, all: () => Promise.resolve(parts) }, parts.now());
}
