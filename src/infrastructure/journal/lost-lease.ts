import { RefusedError } from '../../runner/ports/errors.js';

/** What a runner is told whose write came after another runner had taken the plan's lease. */
export function leaseLost(plan: string, options?: ErrorOptions): RefusedError {
  return new RefusedError(
    'LEASE_LOST',
    `Another runner took over plan ${plan}; nothing more was written here.`,
    'See who is at work: node runner status. When it has ended, run the command again: what is done stays done.',
    options,
  );
}
