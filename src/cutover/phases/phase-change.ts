import { RefusedError } from '../../runner/ports/errors.js';
import { isSameWriting, phaseWords, writingOf, type Writing } from './conduct.js';
import { PHASES, type Phase } from './phase.js';
import type { PhaseRecord } from './phase-store.js';
import { PHASE_TIMES } from './phase-times.js';

export interface Reasons {
  readonly by: string;
  readonly why: string;
  readonly now: Date;
}

/**
 * The record after a change. Until a change has settled, processes may still act on the phase before it, so no change may
 * bring a third way to write into effect (E-X18); one that returns to a way that is in effect anyway, such as an emergency
 * rollback (P-40), is never held up. Throws RefusedError `PHASE_NOT_SETTLED`.
 */
export function changed(record: PhaseRecord, to: Phase, { by, why, now }: Reasons): PhaseRecord {
  const { plan, phase: from, version, last } = record;
  const at = new Date(Math.max(now.getTime(), last === undefined ? 0 : Date.parse(last.at) + 1));
  const settling = settlingAfter(record, writingOf(to), at);
  return {
    plan,
    phase: to,
    version: version + 1,
    last: { from, to, by, why, at: at.toISOString() },
    ...(settling === undefined ? {} : { settling }),
  };
}

/** Throws RefusedError `PHASE_NOT_SETTLED` for a way forwards before every process acts on the phase that stands. */
export function requireSettled({ phase, last }: PhaseRecord, now: Date): void {
  if (last === undefined) return;
  const until = Date.parse(last.at) + PHASE_TIMES.settled;
  if (now.getTime() < until) throw notSettled(phase, new Date(until).toISOString());
}

/**
 * Two people who take the reads back in an emergency mean one way back: where no reads come from the new model any more, the
 * next way back after another one waits until that has settled. Throws RefusedError `PHASE_NOT_SETTLED`.
 */
export function requireNoEcho(record: PhaseRecord, now: Date): void {
  const { phase, last } = record;
  if (last === undefined || phase.share > 0) return;
  if (PHASES.indexOf(last.to.name) < PHASES.indexOf(last.from.name)) requireSettled(record, now);
}

/** Until when a process may act otherwise than the phase says, ISO instant; undefined: the cutover has not begun. */
export function settledAt({ last, settling }: PhaseRecord): string | undefined {
  return settling?.until ?? last?.at;
}

function settlingAfter(record: PhaseRecord, next: Writing, at: Date): PhaseRecord['settling'] {
  const present = writingOf(record.phase);
  const other = inEffect(record, at);
  if (isSameWriting(next, present)) return other;
  if (other !== undefined && !isSameWriting(next, other)) throw notSettled(record.phase, other.until);
  return { ...present, until: new Date(at.getTime() + PHASE_TIMES.settled).toISOString() };
}

function inEffect({ settling }: PhaseRecord, at: Date): PhaseRecord['settling'] {
  return settling === undefined || at.getTime() >= Date.parse(settling.until) ? undefined : settling;
}

function notSettled(phase: Phase, until: string): RefusedError {
  return new RefusedError(
    'PHASE_NOT_SETTLED',
    `${phaseWords(phase)} has not reached every process yet: until ${until} one may act on the phase before it`,
    'Wait until then; what the next phase asks for counts from then on.',
  );
}
