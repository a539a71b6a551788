import { RefusedError } from '../../runner/ports/errors.js';
import type { LeaseView } from '../../runner/ports/lease.js';

/** Somebody else is at work. */
export function leaseHeld(view: LeaseView, env: string): RefusedError {
  const { plan, command, holder, acquiredAt, expiresAt } = view;
  return new RefusedError(
    'LEASE_HELD',
    `Plan ${plan} is being worked on in ${env}: ${command} by ${holder.user} on ${holder.host} (process ${holder.pid}) ` +
      `since ${acquiredAt}. Its lease ends at ${expiresAt}, unless it is renewed.`,
    `Wait until it is done, or ask it to stop: node runner stop --env ${env} --plan ${plan}. ` +
      'If it was killed, run the command again after that time.',
  );
}

/** This process must not write for the plan any more. `why`: a clause. */
export function leaseLost(plan: string, env: string, why: string): RefusedError {
  return new RefusedError(
    'LEASE_LOST',
    `The lease of plan ${plan} in ${env} is lost: ${why}. Nothing more is written.`,
    `See who is at work: node runner status --env ${env}. Then run the command again: what is done stays done.`,
  );
}
