import type { PlanOutline } from '../../migrations/contract/plan-outline.js';
import type { PhaseGate } from '../phase-requests.js';
import type { Journal, StepState } from '../ports/journal.js';

export interface StepGateInput {
  readonly plan: Pick<PlanOutline, 'name' | 'steps'>;
  readonly journal: Pick<Journal, 'states' | 'run'>;
  /** the plan's present version; undefined: any will do */
  readonly version: string | undefined;
  /** what to type where it is not met */
  readonly next: string;
}

/**
 * Every step has been run to its end, by a run that began when every process wrote to both models: an earlier one may have
 * read a record before a change that went to the legacy model alone, and nobody would bring it over. `begun`: ISO instant.
 */
export async function backfilledGate(input: StepGateInput, begun: string): Promise<PhaseGate> {
  return judged(input, `run to its end since ${begun}`, async (state) => {
    const run = await input.journal.run(state.run);
    const isEnded = state.status === 'validated' || (state.status === 'failed' && run?.status === 'complete');
    if (!isEnded) return `is ${state.status}`;
    if (run === undefined || Date.parse(run.startedAt) < Date.parse(begun))
      return `was run before every process wrote to both models (${begun})`;
    return undefined;
  });
}

/** Every step stands validated; with `since`, by a validation after that instant (P-40: revalidate, then switch again). */
export async function validatedGate(input: StepGateInput, since?: string): Promise<PhaseGate> {
  const words = since === undefined ? 'validated' : `validated since ${since}`;
  return judged(input, words, (state) => {
    if (state.status !== 'validated') return Promise.resolve(`is ${state.status}`);
    const isOld = since !== undefined && Date.parse(state.at) < Date.parse(since);
    return Promise.resolve(isOld ? `was validated before ${since}` : undefined);
  });
}

async function judged(
  { plan, journal, version, next }: StepGateInput,
  words: string,
  faultOf: (state: StepState) => Promise<string | undefined>,
): Promise<PhaseGate> {
  const states = await journal.states(plan.name);
  const faults: string[] = [];
  for (const { name } of plan.steps) {
    const state = states.find(({ step }) => step === name);
    const fault =
      state === undefined ? 'has not run' : (otherVersion(state, version) ?? (await faultOf(state)));
    if (fault !== undefined) faults.push(`${name} ${fault}`);
  }
  if (faults.length > 0) return { gate: 'steps', met: false, evidence: faults.join('; '), next };
  return { gate: 'steps', met: true, evidence: `every step is ${words}` };
}

function otherVersion({ planVersion }: StepState, version: string | undefined): string | undefined {
  if (version === undefined || planVersion === version) return undefined;
  return `was run with another version of the plan (${planVersion.slice(0, 12)}, this is ${version.slice(0, 12)})`;
}
