import { conductOf, phaseWords } from '../../cutover/phases/conduct.js';
import type { Phase } from '../../cutover/phases/phase.js';
import { changed, requireNoEcho, settledAt } from '../../cutover/phases/phase-change.js';
import type { PhaseRecord, PhaseStore } from '../../cutover/phases/phase-store.js';
import { earlierPhase, nextPhase } from '../../cutover/phases/transitions.js';
import { requireJournal } from '../acceptance/require-journal.js';
import { requireName } from '../acceptance/require-name.js';
import type { PlanRequest } from '../application.js';
import type { AdvancePhaseRequest, PhaseChangeResult, PhaseRequest, PhaseView } from '../phase-requests.js';
import { PhaseGates, requireOpen, type PhaseParts } from '../phases/phase-gates.js';
import { RefusedError, UsageError } from '../ports/errors.js';
import { DEFAULT_RAMP, type Ramp } from '../ports/ramp.js';
import { leased } from './leased-work.js';
import { requireConfirmation } from './production-confirmation.js';
import { planNamed } from './service-parts.js';

/** `phase`: where a plan stands between its two models, and how it gets on and back. */
export class PhaseService {
  constructor(private readonly parts: PhaseParts) {}

  /** Throws RefusedError `TABLE_MISSING` where there is no journal. */
  async show(request: PlanRequest): Promise<PhaseView> {
    const plan = planNamed(this.parts, request.plan);
    await requireJournal(this.parts);
    const { store, record } = await this.standing(plan.name);
    const { phase, last } = record;
    const next = orNone(() => nextPhase(phase, this.ramp()));
    const back = orNone(() => earlierPhase(phase, this.ramp()));
    const settled = settledAt(record);
    return {
      plan: plan.name,
      env: this.parts.environment.name,
      phase,
      conduct: conductOf(phase),
      ...(last === undefined ? {} : { last }),
      ...(settled === undefined ? {} : { settledAt: settled }),
      ...(next === undefined
        ? {}
        : { next: { phase: next, gates: await new PhaseGates(this.parts, plan, record).before(next) } }),
      ...(back === undefined ? {} : { back }),
      history: await store.history(plan.name),
      confirm: this.parts.environment.production,
    };
  }

  /**
   * Under the plan's lease: what the gates have seen is not run, validated or rolled back meanwhile. Throws UsageError
   * `NAME_MISSING`, `WHY_MISSING`, `SHARE_UNKNOWN`, `SHARE_UNEXPECTED`, `FIGURES_INVALID`; RefusedError
   * `PRODUCTION_UNCONFIRMED`, `TABLE_MISSING`, `LEASE_HELD`, `PHASE_LAST`, `PHASE_ORDER`, `PHASE_GATE`, `PHASE_NOT_SETTLED`, and
   * `PHASE_CHANGED` where somebody else was faster.
   */
  async advance(request: AdvancePhaseRequest): Promise<PhaseChangeResult> {
    const reasons = this.reasons(request, 'advances the phase');
    const plan = planNamed(this.parts, request.plan);
    await requireJournal(this.parts);
    return leased(this.parts, 'phase advance', request, async () => {
      const { store, record } = await this.standing(plan.name);
      const to = nextPhase(record.phase, this.ramp(), request.share);
      const gates = await new PhaseGates(this.parts, plan, record).before(to, request.figures);
      requireOpen(phaseWords(to), gates);
      return this.made(store, changed(record, to, { ...reasons, now: this.parts.now() }));
    });
  }

  /** Asks for a name and a reason only, and for no lease: a way back that waits for others is none. Throws as `advance` (`PHASE_NOT_SETTLED` right
   * after another way back), and `PHASE_FIRST`, `PHASE_FINAL`. */
  async back(request: PhaseRequest): Promise<PhaseChangeResult> {
    const reasons = this.reasons(request, 'takes the phase back');
    const { store, record } = await this.standing(planNamed(this.parts, request.plan).name);
    const to: Phase = earlierPhase(record.phase, this.ramp(), request.share);
    requireNoEcho(record, this.parts.now());
    return this.made(store, changed(record, to, { ...reasons, now: this.parts.now() }));
  }

  private reasons(request: PhaseRequest, what: string): { readonly by: string; readonly why: string } {
    requireConfirmation(this.parts.environment, { ...request, dryRun: false });
    const by = requireName(request.by, what);
    const why = request.why.trim();
    if (why !== '') return { by, why };
    throw new UsageError('WHY_MISSING', 'nothing is said why the phase changes', 'Say why: --why TEXT');
  }

  private async standing(
    plan: string,
  ): Promise<{ readonly store: PhaseStore; readonly record: PhaseRecord }> {
    const store = await this.parts.phases?.();
    if (store === undefined) throw new TypeError('this composition knows no phases');
    return { store, record: await store.read(plan) };
  }

  private async made(store: PhaseStore, record: PhaseRecord): Promise<PhaseChangeResult> {
    const { plan, phase, last: change } = record;
    if (change === undefined) throw new TypeError('a change without its record');
    await store.change(record);
    const env = this.parts.environment.name;
    return { plan, env, phase, conduct: conductOf(phase), change, settledAt: settledAt(record) ?? change.at };
  }

  private ramp(): Ramp {
    return this.parts.environment.cutover?.ramp ?? DEFAULT_RAMP;
  }
}

/** Where there is no such way, a view says so by leaving it out. */
function orNone(way: () => Phase): Phase | undefined {
  try {
    return way();
  } catch (error) {
    if (error instanceof RefusedError) return undefined;
    throw error;
  }
}
