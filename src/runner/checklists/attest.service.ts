import { requireJournal } from '../acceptance/require-journal.js';
import { requireName } from '../acceptance/require-name.js';
import type { AttestRequest, AttestResult } from '../application.js';
import type { SignOff } from '../ports/attestation.js';
import { RefusedError, UsageError } from '../ports/errors.js';
import { nextCommand } from '../reports/next-command.js';
import { planNamed } from '../services/service-parts.js';
import { standingParts, type ChecklistParts } from './checklist.service.js';
import { earliness } from './item-standing.js';
import { attestedItem, checklistsOf, type AttestedItem } from './plan-items.js';
import { isExpired, signOffsInForce } from './sign-offs.js';

const HOUR_MS = 3_600_000;

/** `attest`: somebody vouches for what no program can measure, or takes it back. Both stay in the journal. */
export class AttestService {
  constructor(private readonly parts: ChecklistParts) {}

  /**
   * Throws UsageError: `NAME_MISSING`, `CHECKLIST_MISSING`, `ITEM_UNKNOWN`, `ITEM_COMPUTED`, `OPTION_INVALID` for an end
   * that lies in the past or is later than the plan lets the item count, `NOT_ATTESTED` where there is nothing to take
   * back; RefusedError: `ATTESTED_TOO_EARLY` before the time that has to pass is over, `TABLE_MISSING` without a journal.
   */
  async attest(request: AttestRequest): Promise<AttestResult> {
    const { environment, journal, now } = this.parts;
    const plan = planNamed(this.parts, request.plan);
    const by = requireName(request.by, request.withdraw ? 'takes it back' : 'vouches for it');
    const item = attestedItem(plan.name, await checklistsOf(plan), request.item);
    await requireJournal(this.parts);
    const said = await journal.attestations(plan.name, 'checklist');
    const at = after(
      now(),
      said.filter((one) => one.item === item.id),
    );
    const note = request.note?.trim() ?? '';
    const words = { gate: 'checklist' as const, at, by, item: item.id, ...(note === '' ? {} : { note }) };
    if (request.withdraw) {
      this.requireAttested(plan.name, item.id, said);
      return this.recorded(plan.name, item, { ...words, withdrawn: true });
    }
    const clock = now();
    const parts = await standingParts(plan, this.parts, clock);
    const early = await earliness(item, clock.toISOString(), parts);
    if (early !== undefined) throw tooEarly(item, early, { env: environment.name, plan: plan.name });
    const until = endOf(item, request, new Date(at));
    return this.recorded(plan.name, item, { ...words, ...(until === undefined ? {} : { until }) });
  }

  private async recorded(
    plan: string,
    { requirement, text }: AttestedItem,
    signOff: SignOff,
  ): Promise<AttestResult> {
    await this.parts.journal.attest(plan, signOff);
    return { plan, env: this.parts.environment.name, requirement, text, attestation: signOff };
  }

  private requireAttested(plan: string, item: string, said: readonly SignOff[]): void {
    const inForce = signOffsInForce(said);
    if (inForce.has(item)) return;
    const there = [...inForce.keys()];
    throw new UsageError(
      'NOT_ATTESTED',
      `${item} is not attested for plan ${plan} in ${this.parts.environment.name}`,
      there.length === 0 ? 'Nothing is attested there.' : `Attested are: ${there.join(', ')}.`,
    );
  }
}

/** When it ends to count: as asked for, else as the plan says. Throws UsageError `OPTION_INVALID`. */
function endOf(
  { id, answer: { validHours } }: AttestedItem,
  { until, validHours: asked }: AttestRequest,
  at: Date,
): string | undefined {
  const hours = asked ?? validHours;
  const end =
    until ?? (hours === undefined ? undefined : new Date(at.getTime() + hours * HOUR_MS).toISOString());
  if (end === undefined) return undefined;
  const [flag, last] = [until === undefined ? '--valid-for' : '--until', (validHours ?? Infinity) * HOUR_MS];
  if (isExpired({ until: end }, at)) throw invalid(`${flag} ends before it begins`, 'Name a later time.');
  if (Date.parse(end) - at.getTime() <= last) return end;
  throw invalid(
    `${id} counts for ${validHours ?? 0} hours at most, and ${flag} asks for more`,
    'Ask for less.',
  );
}

/** The newest word on an item counts, so this one is never older than those before it, whatever this machine's clock says. */
function after(now: Date, said: readonly SignOff[]): string {
  const latest = Math.max(0, ...said.map(({ at }) => Date.parse(at) + 1));
  return new Date(Math.max(now.getTime(), latest)).toISOString();
}

function invalid(message: string, next: string): UsageError {
  return new UsageError('OPTION_INVALID', message, next);
}

function tooEarly(
  { id, text }: AttestedItem,
  early: string,
  target: { readonly env: string; readonly plan: string },
): RefusedError {
  return new RefusedError(
    'ATTESTED_TOO_EARLY',
    `${id} (${text}) can't be attested yet: ${early}`,
    `Attest what it waits for first, or wait; how it stands: ${nextCommand('checklist', target)}`,
  );
}
