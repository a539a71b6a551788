import type { Instant, Moment } from '../values/moment.js';
import type { Rules } from '../values/rules.js';

/** Who made a record of a company, and when. */
export interface OriginState {
  readonly createdBy: string;
  readonly createdAt: Moment;
  /** nobody wrote the time down: it was derived from something else. Absent: somebody did. */
  readonly createdAtDerived?: boolean | undefined;
  readonly updatedAt: Moment;
}

export interface Origin {
  readonly userId: string;
}

/** The origin of something that is made now. Throws DomainRuleError for a blank user. */
export function born(rules: Rules, { userId }: Origin, now: Instant): OriginState {
  rules.notBlank('createdBy', userId);
  return { createdBy: userId, createdAt: now, updatedAt: now };
}
