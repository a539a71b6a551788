import type { Conduct, Phase } from '../cutover/phases/phase.js';
import type { PhaseChange } from '../cutover/phases/phase-store.js';
import type { PlanRequest } from './application.js';

export interface PhaseRequest extends PlanRequest {
  /** of the reads, in percent; undefined: on the way forwards the next one, on the way back none */
  readonly share?: number;
  readonly by: string;
  readonly why: string;
  readonly confirmProduction: boolean;
}

export interface AdvancePhaseRequest extends PhaseRequest {
  /** text of a file of figures, for what is judged by them; undefined: none are given */
  readonly figures?: string;
  /** stops the wait for a lease whose holder shows no sign of life */
  readonly signal?: AbortSignal;
}

/** One thing that has to be so before the next phase. */
export interface PhaseGate {
  readonly gate: 'settled' | 'tables' | 'steps' | 'discrepancies' | 'time' | 'checklist' | 'triggers';
  readonly met: boolean;
  /** how that is known */
  readonly evidence: string;
  /** what to do where it is not met */
  readonly next?: string;
}

export interface PhaseView {
  readonly plan: string;
  readonly env: string;
  readonly phase: Phase;
  readonly conduct: Conduct;
  /** the change that led here; absent: the cutover has not begun */
  readonly last?: PhaseChange;
  /** from this instant on every process acts on the phase; absent: the cutover has not begun */
  readonly settledAt?: string;
  /** absent: this is the last phase */
  readonly next?: { readonly phase: Phase; readonly gates: readonly PhaseGate[] };
  /** where `back` leads without a share; absent: there is no way back */
  readonly back?: Phase;
  /** oldest first */
  readonly history: readonly PhaseChange[];
  /** changes need `--confirm-production` here */
  readonly confirm: boolean;
}

export interface PhaseChangeResult extends Pick<PhaseView, 'plan' | 'env' | 'phase' | 'conduct'> {
  readonly change: PhaseChange;
  /** until then a process may still act on the phase before it */
  readonly settledAt: string;
}
