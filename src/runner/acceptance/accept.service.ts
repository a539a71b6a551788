import type { MigrationPlan } from '../../migrations/contract/migration-plan.js';
import type { AcceptRequest, AcceptResult } from '../application.js';
import { openRecords } from '../engine/accepted-reasons.js';
import { selectSteps } from '../engine/step-selection.js';
import type { Acceptance } from '../ports/attestation.js';
import { UsageError } from '../ports/errors.js';
import { nextCommand } from '../reports/next-command.js';
import { formatQuantity } from '../reports/quantities.js';
import { planNamed, type ServiceParts } from '../services/service-parts.js';
import { acceptancesInForce, CONFLICT_REASON, recordsSetAside } from './acceptances.js';
import { requireJournal } from './require-journal.js';
import { requireName } from './require-name.js';
import { reasonCounts, setAsideNow, type StepNow } from './set-aside-now.js';

export type AcceptParts = Pick<
  ServiceParts,
  'environment' | 'plans' | 'admin' | 'journal' | 'journalTable' | 'dryRuns' | 'now'
>;

/** `quarantine accept`: somebody decides that records may be set aside for a reason, or takes that back. */
export class AcceptService {
  constructor(private readonly parts: AcceptParts) {}

  /**
   * Records the decision for good. Throws UsageError: `NAME_MISSING`, `STEP_UNKNOWN`, `REASON_UNKNOWN` (with the reasons
   * that there are: a mistyped one would accept nothing and look as if it did), `NOT_ACCEPTED` where there is no such
   * decision to take back; RefusedError `TABLE_MISSING` where there is no journal.
   */
  async accept(request: AcceptRequest): Promise<AcceptResult> {
    const { environment, journal } = this.parts;
    const plan = planNamed(this.parts, request.plan);
    const by = requireName(request.by, request.revoke ? 'takes it back' : 'accepts it');
    if (request.step !== undefined) selectSteps(plan, [request.step]);
    await requireJournal(this.parts);
    const steps = await setAsideNow(plan, journal);
    const decided = await journal.attestations(plan.name, 'acceptance');
    if (request.revoke) this.requireAccepted(request, acceptancesInForce(decided));
    else await this.requireKnown(plan, request, steps);
    const acceptance = this.acceptance(request, by, decided);
    await journal.attest(plan.name, acceptance);
    const acceptances = acceptancesInForce([acceptance, ...decided]);
    const open = steps.map((step) => openRecords({ plan, flags: step.flags, acceptances }, step));
    return {
      plan: plan.name,
      env: environment.name,
      acceptance,
      records: recordsSetAside(acceptance, steps),
      open: open.reduce((sum, count) => sum + count, 0),
    };
  }

  private acceptance(request: AcceptRequest, by: string, decided: readonly Acceptance[]): Acceptance {
    const { reason, step, revoke } = request;
    const why = request.why?.trim() ?? '';
    return {
      gate: 'acceptance',
      at: after(this.parts.now(), decided),
      by,
      ...(why === '' ? {} : { why }),
      reason,
      ...(step === undefined ? {} : { step }),
      ...(revoke ? { revoked: true } : {}),
    };
  }

  private requireAccepted({ plan, reason, step }: AcceptRequest, inForce: readonly Acceptance[]): void {
    if (inForce.some((one) => one.reason === reason && one.step === step)) return;
    const { name } = this.parts.environment;
    const there = inForce.map((one) => `${one.reason} in ${one.step ?? 'any step'} (by ${one.by})`);
    throw new UsageError(
      'NOT_ACCEPTED',
      `${reason} in ${step ?? 'any step'} is not accepted for plan ${plan} in ${name}`,
      there.length === 0 ? 'Nothing is accepted there.' : `Accepted are: ${there.join('; ')}.`,
    );
  }

  private async requireKnown(
    plan: MigrationPlan,
    { reason, step }: AcceptRequest,
    steps: readonly StepNow[],
  ): Promise<void> {
    const { environment } = this.parts;
    const chosen = step === undefined ? steps : steps.filter((one) => one.step === step);
    const now = reasonCounts(chosen);
    const tried = reasonCounts(await this.dryRunSteps(plan, step));
    const known = new Set([...now.keys(), ...tried.keys(), ...plan.acceptable.keys(), CONFLICT_REASON]);
    if (known.has(reason)) return;
    const there = [...known].sort().map((code) => {
      const count = now.get(code) ?? 0;
      return count === 0 ? code : `${code} (${formatQuantity(count, 'record')})`;
    });
    const list = nextCommand('quarantine list', { env: environment.name, plan: plan.name });
    throw new UsageError(
      'REASON_UNKNOWN',
      `no record of ${step === undefined ? `plan ${plan.name}` : `step ${step}`} is set aside as ${reason} in ${environment.name}`,
      `There are: ${there.join(', ')}. See ${list}`,
    );
  }

  /** A dry run tells before the first run what will be set aside. */
  private async dryRunSteps(plan: MigrationPlan, step: string | undefined) {
    const { dryRuns, environment } = this.parts;
    const [latest] = await dryRuns.runs(plan.name, environment.name);
    const files = latest === undefined ? undefined : await dryRuns.open(latest.run);
    if (latest === undefined || files === undefined) return [];
    const stored = await files.steps(latest.run);
    return stored.filter((record) => step === undefined || record.step === step);
  }
}

/** The newest decision counts, so this one is never older than those before it, whatever this machine's clock says. */
function after(now: Date, decided: readonly Acceptance[]): string {
  const latest = Math.max(0, ...decided.map(({ at }) => Date.parse(at) + 1));
  return new Date(Math.max(now.getTime(), latest)).toISOString();
}
