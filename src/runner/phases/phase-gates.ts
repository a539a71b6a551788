import type { Phase } from '../../cutover/phases/phase.js';
import { requireSettled, settledAt } from '../../cutover/phases/phase-change.js';
import type { PhaseRecord } from '../../cutover/phases/phase-store.js';
import type { PlanOutline } from '../../migrations/contract/plan-outline.js';
import { standingParts, type ChecklistParts } from '../checklists/checklist.service.js';
import { readFigures, type Figures } from '../checklists/figures.js';
import type { PhaseGate } from '../phase-requests.js';
import { RefusedError } from '../ports/errors.js';
import { confirmation, nextCommand } from '../reports/next-command.js';
import type { HistoryParts } from '../services/service-parts.js';
import { discrepancyGate } from './discrepancy-gate.js';
import { checklistGate, triggerGate } from './list-gates.js';
import { timeGate } from './minimum-hours.js';
import { backfilledGate, validatedGate } from './step-gates.js';

export type PhaseParts = ChecklistParts & Pick<HistoryParts, 'phases' | 'discrepancies' | 'leases'>;

/** What has to be so before a plan goes on to a phase. */
export class PhaseGates {
  constructor(
    private readonly parts: PhaseParts,
    private readonly plan: PlanOutline,
    private readonly record: PhaseRecord,
  ) {}

  /** How everything stands that the phase asks for. `figures`: text of a file; throws UsageError `FIGURES_INVALID`. */
  async before(to: Phase, figures?: string): Promise<readonly PhaseGate[]> {
    const now = this.parts.now();
    const given = figures === undefined ? undefined : readFigures(figures, now);
    const gates = [
      this.settled(now),
      await this.tables(to),
      await this.steps(to),
      await this.discrepancies(to),
      timeGate(to, this.record, this.parts.environment, now),
      ...(await this.lists(to, given, now)),
    ];
    return gates.filter((gate) => gate !== undefined);
  }

  private settled(now: Date): PhaseGate | undefined {
    if (this.record.last === undefined) return undefined;
    try {
      requireSettled(this.record, now);
      return { gate: 'settled', met: true, evidence: 'every process acts on the present phase' };
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      return { gate: 'settled', met: false, evidence: error.message, next: error.next };
    }
  }

  /** A dual write needs something to write to. */
  private async tables(to: Phase): Promise<PhaseGate | undefined> {
    if (to.name !== 'dual-write') return undefined;
    const { admin } = this.parts;
    const missing: string[] = [];
    for (const { name } of this.plan.tables.filter(({ role }) => role === 'target'))
      if ((await admin.describe(name)) === undefined) missing.push(admin.physicalName(name));
    if (missing.length === 0) return { gate: 'tables', met: true, evidence: 'every target table is there' };
    const evidence = `there is no table ${missing.join(', ')}`;
    return { gate: 'tables', met: false, evidence, next: this.command('tables create') };
  }

  private async steps(to: Phase): Promise<PhaseGate | undefined> {
    const { record, plan } = this;
    const { journal, environment } = this.parts;
    const input = { plan, journal, next: this.command('validate') };
    if (to.name === 'backfilled') {
      const next = `${this.command('run')}${confirmation(environment)}`;
      return backfilledGate({ ...input, next, version: await this.version() }, settledAt(record) ?? '');
    }
    if (to.name === 'verified') return validatedGate({ ...input, version: await this.version() });
    if (to.name === 'reading' && record.phase.name === 'verified') {
      const since = record.last?.from.name === 'reading' ? record.last.at : undefined;
      return validatedGate({ ...input, version: await this.version() }, since);
    }
    if (to.name === 'reading' || to.name === 'new-only')
      return validatedGate({ ...input, version: undefined });
    return undefined;
  }

  private async discrepancies(to: Phase): Promise<PhaseGate | undefined> {
    const needs = ['verified', 'reading', 'new-only'].includes(to.name);
    const store = needs ? await this.parts.discrepancies?.() : undefined;
    return store === undefined ? undefined : discrepancyGate(store, this.plan.name, this.parts.now());
  }

  /** Production only, like the gate of a run: a rehearsal has nobody to ask. Figures that are given count everywhere. */
  private async lists(to: Phase, figures: Figures | undefined, now: Date): Promise<readonly PhaseGate[]> {
    const { environment } = this.parts;
    const checklists = await this.plan.checklists?.();
    if (checklists === undefined) return [];
    const isGrowing = to.name === 'reading' && this.record.phase.name === 'reading';
    const asked = environment.production && !isGrowing;
    const lists = checklists.lists.filter(({ gates }) => asked && gates === to.name);
    if (lists.length === 0 && figures === undefined) return [];
    const parts = { ...(await standingParts(this.plan, this.parts, now)), figures };
    const words = { checklist: this.command('checklist'), attest: this.command('attest') };
    const gates: PhaseGate[] = [];
    for (const list of lists) gates.push(await checklistGate(list, parts, words));
    return figures === undefined ? gates : [...gates, await triggerGate(checklists, figures, parts)];
  }

  private async version(): Promise<string> {
    return (await this.parts.all()).planVersion(this.plan.name);
  }

  private command(words: string): string {
    return nextCommand(words, { env: this.parts.environment.name, plan: this.plan.name });
  }
}

/** Throws RefusedError `PHASE_GATE` with every gate that is closed. */
export function requireOpen(to: string, gates: readonly PhaseGate[]): void {
  const closed = gates.filter(({ met }) => !met);
  const [first] = closed;
  if (first === undefined) return;
  throw new RefusedError(
    first.gate === 'settled' && closed.length === 1 ? 'PHASE_NOT_SETTLED' : 'PHASE_GATE',
    `${to} is not open yet: ${closed.map(({ gate, evidence }) => `${gate}: ${evidence}`).join('; ')}`,
    first.next ?? 'See phase show.',
  );
}
