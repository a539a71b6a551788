import { RefusedError } from '../../runner/ports/errors.js';

export function phaseChanged(plan: string): RefusedError {
  return new RefusedError(
    'PHASE_CHANGED',
    `somebody else changed the phase of plan ${plan} at the same time; this change was not made`,
    'See what it is now with phase show, and decide anew.',
  );
}
