import { isBlank } from '../values/white-space.js';
import { companyIdOf } from './company.js';

/** By which rule a user came to a company, in the order in which they are tried; an override comes before all. */
export type ResolutionRule = 'override' | 'company-users' | 'companies' | 'created';

/** Why a user has no company. */
export type UnresolvedReason = 'USER_MISSING' | 'COMPANY_AMBIGUOUS' | 'COMPANY_MISSING' | 'OVERRIDE_INVALID';

export type Resolution =
  | { readonly ok: true; readonly companyId: string; readonly rule: ResolutionRule }
  | {
      readonly ok: false;
      readonly reason: UnresolvedReason;
      /** ids of the companies that it could be, sorted */
      readonly candidates: readonly string[];
      /** ids only, no other values */
      readonly detail: string;
    };

/** What is known of a user's companies. */
export interface UserFacts {
  /** companies that they are a member of, but for the one that was made for them */
  readonly memberOf: readonly string[];
  /** companies that they own, but for the one that was made for them */
  readonly owns: readonly string[];
  /** the company that was made for them, or its membership, is there */
  readonly hasOwn: boolean;
  /** what the operator decided; `known`: there is such a company */
  readonly override?: { readonly companyId: string; readonly known: boolean };
}

/**
 * The company to which the records of a user go (E-31): what the operator decided, then the company made for them
 * earlier, which holds their records by now, then the one they are a member of, then the one they own, then a new one.
 * Of several nobody chooses for them (E-X05, A-12). Pure.
 */
export function resolve(userId: string | undefined, factsOf: (userId: string) => UserFacts): Resolution {
  if (userId === undefined || isBlank(userId)) {
    return unresolved('USER_MISSING', [], 'no user is named, so nobody says whose company it is');
  }
  const { override, hasOwn, memberOf, owns } = factsOf(userId);
  if (override !== undefined) return overridden(override);
  if (hasOwn) return { ok: true, companyId: companyIdOf(userId), rule: 'created' };
  if (memberOf.length > 0) return onlyOne(memberOf, 'company-users', 'is a member of');
  if (owns.length > 0) return onlyOne(owns, 'companies', 'owns');
  return { ok: true, companyId: companyIdOf(userId), rule: 'created' };
}

function overridden({ companyId, known }: NonNullable<UserFacts['override']>): Resolution {
  if (known) return { ok: true, companyId, rule: 'override' };
  const detail = `the override names company ${companyId}, which does not exist`;
  return unresolved('OVERRIDE_INVALID', [companyId], detail);
}

function onlyOne(companies: readonly string[], rule: ResolutionRule, what: string): Resolution {
  const candidates = [...new Set(companies)].sort();
  const [companyId] = candidates;
  if (companyId !== undefined && candidates.length === 1) return { ok: true, companyId, rule };
  const detail = `the user ${what} ${candidates.length} companies: ${candidates.join(', ')}`;
  return unresolved('COMPANY_AMBIGUOUS', candidates, detail);
}

function unresolved(reason: UnresolvedReason, candidates: readonly string[], detail: string): Resolution {
  return { ok: false, reason, candidates, detail };
}
