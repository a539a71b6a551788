import type { PlanOutline } from '../../migrations/contract/plan-outline.js';
import { acceptancesInForce } from '../acceptance/acceptances.js';
import { effectiveStep } from '../acceptance/effective-step.js';
import { openRecords } from '../engine/accepted-reasons.js';
import type { Acceptance, StagingEvidence } from '../ports/attestation.js';
import { RefusedError } from '../ports/errors.js';
import type { Journal, RunRecord, StepRecord, StepState } from '../ports/journal.js';
import { nextCommand } from '../reports/next-command.js';
import { formatQuantity } from '../reports/quantities.js';

/** A step as the journal has it; all three are undefined where it never ran. */
interface Standing {
  readonly step: string;
  readonly state?: StepState | undefined;
  readonly run?: RunRecord | undefined;
  readonly record?: StepRecord | undefined;
}

type Passed = Required<{ [K in keyof Standing]: NonNullable<Standing[K]> }>;

/**
 * What a journal proves of a plan in its environment: every step stands validated, by complete runs of one plan version
 * (a dry run, a retry or a rollback is none) whose records that are set aside are all accepted. A complete run has
 * validated each step itself, with the same version. Throws RefusedError `EVIDENCE_MISSING` with what each step lacks.
 */
export async function gatherEvidence(
  plan: PlanOutline,
  env: string,
  journal: Journal,
): Promise<StagingEvidence> {
  const acceptances = acceptancesInForce(await journal.attestations(plan.name, 'acceptance'));
  const states = await journal.states(plan.name);
  const standings = await Promise.all(
    plan.steps.map(({ name }) =>
      standing(
        name,
        states.find(({ step }) => step === name),
        journal,
      ),
    ),
  );
  const passed: Passed[] = [];
  const lacks: string[] = [];
  for (const one of standings) {
    const lack = lackOf(plan, one, acceptances);
    if (lack === undefined) passed.push(one as Passed);
    else lacks.push(`${one.step} ${lack}`);
  }
  const [first] = passed;
  if (lacks.length > 0 || first === undefined) throw missing(plan, env, lacks);
  if (passed.some(({ state }) => state.planVersion !== first.state.planVersion)) {
    const versions = passed.map(({ step, state }) => `${step} ${state.planVersion.slice(0, 12)}`);
    throw missing(plan, env, [`the steps ran under different plan versions (${versions.join(', ')})`]);
  }
  return {
    gate: 'staging',
    at: passed.map(({ state }) => state.at).reduce((latest, at) => (at > latest ? at : latest)),
    plan: plan.name,
    env,
    planVersion: first.state.planVersion,
    steps: passed.map(evidenceOf),
  };
}

async function standing(step: string, state: StepState | undefined, journal: Journal): Promise<Standing> {
  if (state === undefined) return { step };
  const [run, records] = await Promise.all([journal.run(state.run), journal.steps(state.run)]);
  return { step, state, run, record: records.find((record) => record.step === step) };
}

/** Undefined: nothing is lacking. */
function lackOf(
  plan: PlanOutline,
  { step, state, run, record }: Standing,
  acceptances: readonly Acceptance[],
): string | undefined {
  if (state === undefined) return 'has not run there';
  const name = `run ${state.run}`;
  if (state.status === 'running') return `did not finish (${name})`;
  if (state.status === 'failed') return `has not passed its validation (${name})`;
  if (state.status === 'rolled-back') return `was rolled back (${name})`;
  if (run === undefined || record === undefined) return `has no record of its ${name}`;
  if (run.dryRun || (run.kind ?? 'migration') !== 'migration') return `was not migrated by ${name}`;
  const open = openRecords({ plan, flags: run.flags, acceptances }, { ...record, step });
  if (open > 0) return `has ${formatQuantity(open, 'record')} set aside that nobody accepted (${name})`;
  if (run.status !== 'complete') return `was run by a run that is ${run.status}, not complete (${name})`;
  return undefined;
}

function missing(plan: PlanOutline, env: string, lacks: readonly string[]): RefusedError {
  return new RefusedError(
    'EVIDENCE_MISSING',
    `plan ${plan.name} has not passed in ${env}: ${lacks.join('; ')}`,
    `Run all of it there until it ends with exit 0: ${nextCommand('run', { env, plan: plan.name })}`,
  );
}

function evidenceOf({ step, state, record }: Passed): StagingEvidence['steps'][number] {
  return {
    step,
    run: state.run,
    validatedAt: state.at,
    checks: (state.checks ?? record.checks).length,
    records: effectiveStep(record).counters.read,
  };
}
