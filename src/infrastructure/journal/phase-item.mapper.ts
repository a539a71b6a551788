import { PHASES, type Phase } from '../../cutover/phases/phase.js';
import type { PhaseChange, PhaseRecord } from '../../cutover/phases/phase-store.js';
import { damaged } from './journal-format.js';
import { phaseChangeKey, phaseKey } from './journal-layout.js';
import type { JournalItem } from './journal-table.js';
import { recordItem, recordOf } from './record-item.js';

/** `version` (N) is what changes are conditional on; the rest is the record. */
export function toPhaseItem({ version, ...record }: PhaseRecord): JournalItem {
  return { ...recordItem(phaseKey(record.plan), record), version: { N: String(version) } };
}

/** Throws `JOURNAL_DAMAGED` where it names no phase: an application must not guess what to write. */
export function fromPhaseItem(plan: string, item: JournalItem): PhaseRecord {
  const record = recordOf(item) as Omit<PhaseRecord, 'version'>;
  const version = Number(item['version']?.N);
  if (!Number.isInteger(version) || version < 1 || !isPhase(record.phase) || record.last === undefined)
    throw damaged(`the phase of plan ${plan} is none`);
  return { ...record, plan, version };
}

export function toPhaseChangeItem(plan: string, version: number, change: PhaseChange): JournalItem {
  return recordItem(phaseChangeKey(plan, version), change);
}

export function fromPhaseChangeItem(item: JournalItem): PhaseChange {
  return recordOf(item) as PhaseChange;
}

/** `reading` has a share of 1 to 100, the phases without dual writes of all or nothing, those with them of nothing. */
function isPhase(value: Partial<Phase> | undefined): boolean {
  const name = PHASES.find((one) => one === value?.name);
  const share = value?.share;
  if (name === 'reading') return Number.isInteger(share) && Number(share) >= 1 && Number(share) <= 100;
  return name !== undefined && share === (name === 'new-only' || name === 'archived' ? 100 : 0);
}
