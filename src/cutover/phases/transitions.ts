import { RefusedError, UsageError } from '../../runner/ports/errors.js';
import type { Ramp } from '../../runner/ports/ramp.js';
import { phaseNamed, phaseWords } from './conduct.js';
import type { Phase, PhaseName } from './phase.js';

type Whole = Exclude<PhaseName, 'reading'>;

const FORWARDS: Readonly<Partial<Record<PhaseName, Whole>>> = {
  legacy: 'dual-write',
  'dual-write': 'backfilled',
  backfilled: 'verified',
  reading: 'new-only',
  'new-only': 'archived',
};

const BACKWARDS: Readonly<Partial<Record<PhaseName, Whole>>> = {
  'dual-write': 'legacy',
  backfilled: 'dual-write',
  verified: 'dual-write',
  // at once, whatever the share: dual writes stay on (P-40)
  reading: 'verified',
};

/**
 * The phase after this one (P-10): there is never more than one, and none is left out. `share` may be named where the
 * next phase reads; it is the next larger one of the ramp then. Throws UsageError `SHARE_UNKNOWN`, `SHARE_UNEXPECTED`;
 * RefusedError `PHASE_LAST`, `PHASE_ORDER`.
 */
export function nextPhase(from: Phase, ramp: Ramp, share?: number): Phase {
  const next = from.name === 'verified' ? ramp[0] : ramp.find((one) => one > from.share);
  if ((from.name === 'verified' || from.name === 'reading') && next !== undefined) {
    if (share !== undefined) requireOnRamp(share, ramp);
    if (share === undefined || share === next) return { name: 'reading', share: next };
    throw outOfOrder(`after ${phaseWords(from)} comes reading ${next} %, not ${share} %`, `--share ${next}`);
  }
  const name = FORWARDS[from.name];
  if (name === undefined)
    throw new RefusedError(
      'PHASE_LAST',
      `${phaseWords(from)} is the last phase`,
      'The cutover is over: there is nothing to advance to.',
    );
  if (share !== undefined) throw unexpected(`${name} comes after ${phaseWords(from)}`);
  return phaseNamed(name);
}

/**
 * The phase to fall back to: of `reading` a smaller share where one is named, else `verified`; of the others the one
 * whose work has to be done again. Throws as {@link nextPhase}, and RefusedError `PHASE_FIRST`, `PHASE_FINAL`.
 */
export function earlierPhase(from: Phase, ramp: Ramp, share?: number): Phase {
  if (from.name === 'reading' && share !== undefined) {
    requireOnRamp(share, ramp);
    if (share < from.share) return { name: 'reading', share };
    throw outOfOrder(
      `back from ${phaseWords(from)} are smaller shares only, not ${share} %`,
      smaller(from, ramp),
    );
  }
  const name = BACKWARDS[from.name];
  if (name === undefined) throw from.name === 'legacy' ? nowhere() : final(from);
  if (share !== undefined) throw unexpected(`back from ${phaseWords(from)} is ${name}`);
  return phaseNamed(name);
}

function requireOnRamp(share: number, ramp: Ramp): void {
  if (ramp.includes(share)) return;
  throw new UsageError(
    'SHARE_UNKNOWN',
    `the ramp has no share of ${share} %`,
    `Valid shares: ${ramp.join(', ')}.`,
  );
}

function smaller(from: Phase, ramp: Ramp): string {
  const shares = ramp.filter((one) => one < from.share);
  return shares.length === 0
    ? 'no --share, for verified'
    : `--share ${shares.join(' or ')}, or none for verified`;
}

function outOfOrder(message: string, valid: string): RefusedError {
  return new RefusedError('PHASE_ORDER', message, `Shares grow one by one along the ramp: give ${valid}.`);
}

function unexpected(why: string): UsageError {
  return new UsageError('SHARE_UNEXPECTED', `a share is for reads, and ${why}`, 'Leave --share out.');
}

function nowhere(): RefusedError {
  return new RefusedError('PHASE_FIRST', 'legacy is the first phase', 'There is nothing to go back to.');
}

/** P-X30: from the first single write on the legacy model misses changes. */
function final(from: Phase): RefusedError {
  return new RefusedError(
    'PHASE_FINAL',
    `there is no way back from ${phaseWords(from)}: the way back ended when single writes began, and what was written since is not in the legacy model`,
    'Mend it forwards. To return nevertheless, the new rows have to be brought into the legacy tables first, by a reverse transform: a plan of its own, from the new model to the old one.',
  );
}
