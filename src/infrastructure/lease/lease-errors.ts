import { RefusedError } from '../../runner/ports/errors.js';
import type { Fence, LeaseView } from '../../runner/ports/lease.js';
import type { JournalKey } from '../journal/journal-layout.js';

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

/** Why a lease is lost: a clause. */
export const TAKEN_OVER = 'another runner took it over';
export const REMOVED = 'somebody removed it from the journal';
export const CHANGED = 'somebody changed it in the journal';
/** All that a refused heartbeat tells. */
export const NOT_OURS = `${TAKEN_OVER}, or somebody removed or changed it in the journal`;

/**
 * This process must not write for the plan any more, whether it knows by its own clock or a write that came too late was
 * refused. `why`: a clause.
 */
export function leaseLost(
  { plan, env }: Pick<Fence, 'plan' | 'env'>,
  why: string,
  options?: ErrorOptions,
): RefusedError {
  const [where, ofEnv] = env === undefined ? ['', ''] : [` in ${env}`, ` --env ${env}`];
  return new RefusedError(
    'LEASE_LOST',
    `The lease of plan ${plan}${where} is lost: ${why}. Nothing more is written.`,
    `See who is at work: node runner status${ofEnv}. Then run the command again: what is done stays done.`,
    options,
  );
}

/**
 * An item of the lease can't be what a runner wrote. Beginning anew would find the same item. The other one of the two
 * still has the last token, so a later holder gets a larger one.
 */
export function leaseDamaged(plan: string, attribute: string, { pk, sk }: JournalKey): RefusedError {
  return new RefusedError(
    'JOURNAL_DAMAGED',
    `the journal is damaged: the lease of plan ${plan} has no usable ${attribute}`,
    `Make sure that nobody works on the plan, then remove this one item from the journal's table: pk "${pk}", ` +
      `sk "${sk}". Then run the command again: what is done stays done.`,
  );
}
