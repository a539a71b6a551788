import { isBlank, trimmed } from '../values/white-space.js';

/** What one membership says of its user. */
export interface UserMention {
  readonly serverId: string;
  /** as it was given; undefined where there is none, or none that is text */
  readonly email: string | undefined;
}

/**
 * What all memberships of a user say of the user, in the order of the servers' ids by UTF-16 code units. It does not
 * depend on the order in which they are met (C-X07).
 */
export interface MergedUser {
  /** the membership that comes first: the user's row is made of its record */
  readonly first: string;
  /** the first address that is not blank, as it was given, and the membership that has it */
  readonly email?: { readonly text: string; readonly serverId: string };
  /** there are memberships with other addresses */
  readonly disagree: boolean;
}

/** What is known of a user when one more membership is met. */
export function merged(known: MergedUser | undefined, mention: UserMention): MergedUser {
  const { serverId } = mention;
  const own =
    mention.email === undefined || isBlank(mention.email) ? undefined : { text: mention.email, serverId };
  if (known === undefined)
    return { first: serverId, disagree: false, ...(own === undefined ? {} : { email: own }) };
  const email = earlier(known.email, own);
  return {
    first: serverId < known.first ? serverId : known.first,
    disagree: known.disagree || differ(known.email, own),
    ...(email === undefined ? {} : { email }),
  };
}

type Email = MergedUser['email'];

function earlier(one: Email, other: Email): Email {
  if (one === undefined || other === undefined) return one ?? other;
  return other.serverId < one.serverId ? other : one;
}

/** White space around it and the case of letters make no other mailbox worth a report. */
function differ(one: Email, other: Email): boolean {
  if (one === undefined || other === undefined) return false;
  return trimmed(one.text).toLowerCase() !== trimmed(other.text).toLowerCase();
}
