import type { EntityPolicy } from '../entity-policy.js';
import { derivedId, ENTITIES, type EntityKind } from '../entities.js';
import type { Claim, Claims } from './claims.js';
import type { StoredRows } from './stored-rows.js';

/** Where a record of a user goes. */
export type Place =
  /** to a row of its own; `merged`: users whose records are the very same and have no other row, in order */
  | {
      readonly kind: 'own';
      readonly id: string;
      readonly derived: boolean;
      readonly merged: readonly string[];
    }
  /** to the row of another user's record that says the very same */
  | { readonly kind: 'merged'; readonly id: string; readonly into: string }
  /** nowhere: another record has the id, and no other may be made up */
  | { readonly kind: 'refused' };

/** The old and the new table of a kind, as far as places go. */
export interface EntityTables {
  readonly claims: Claims;
  readonly stored: StoredRows;
}

export type TablesOf = (kind: EntityKind) => EntityTables;

/** A claim that gets a row, and what tells whether another one says the same. */
interface Keeper {
  readonly claim: Claim;
  readonly id: string;
  readonly meaning: string;
  /** those that say the same and have no other row */
  readonly others: Claim[];
}

/**
 * Which row each record becomes (A-11, E-X02). Of the records of one company that have one id, the first in the order of
 * users keeps it; one that says the very same is merged into that row; one that says something else gets an id derived
 * from its user and its id. A record whose row is stored keeps that row, whoever came since. All of it follows from the
 * tables alone: not from the order in which records are met, nor from how often a run was killed.
 */
export class Places {
  constructor(
    private readonly tablesOf: TablesOf,
    private readonly policy: EntityPolicy,
  ) {}

  /** Undefined: the record appeared after the look-up was built. */
  find(kind: EntityKind, companyId: string, user: string, id: string): Place | undefined {
    const claims = this.tablesOf(kind).claims.of(companyId, id);
    if (!claims.some((claim) => claim.user === user)) return undefined;
    if (claims.length > 1) return this.shared(kind, companyId, id, claims).get(user);
    // the rule, and worth its own line: with nobody to be compared with there is nothing to work out
    const own = this.tablesOf(kind).stored.idOf(companyId, user, id) ?? id;
    return { kind: 'own', id: own, derived: own !== id, merged: [] };
  }

  /** The claim of the record that has the row with this id, and keeps its own. */
  keeper(kind: EntityKind, companyId: string, id: string): Claim | undefined {
    const claims = this.tablesOf(kind).claims.of(companyId, id);
    return claims.find(({ user }) => {
      const place = this.find(kind, companyId, user, id);
      return place?.kind === 'own' && !place.derived;
    });
  }

  private shared(
    kind: EntityKind,
    companyId: string,
    id: string,
    claims: readonly Claim[],
  ): ReadonlyMap<string, Place> {
    const { stored } = this.tablesOf(kind);
    const storedId = (claim: Claim): string | undefined => stored.idOf(companyId, claim.user, id);
    const first = claims.find((claim) => storedId(claim) === id) ?? claims.find((one) => !storedId(one));
    const keepers: Keeper[] = [];
    const keep = (claim: Claim, own: string): void => {
      keepers.push({ claim, id: own, meaning: this.meaning(kind, companyId, claim), others: [] });
    };
    if (first !== undefined) keep(first, id);
    for (const claim of claims) {
      const own = storedId(claim);
      if (claim !== first && own !== undefined) keep(claim, own);
    }
    const places = new Map<string, Place>();
    for (const claim of claims) {
      if (keepers.some((keeper) => keeper.claim === claim)) continue;
      const meaning = this.meaning(kind, companyId, claim);
      const same = keepers.find(
        (keeper) =>
          keeper.meaning === meaning &&
          [keeper.claim, ...keeper.others].every((one) => this.meanSame(kind, companyId, id, one, claim)),
      );
      if (same !== undefined) {
        same.others.push(claim);
        places.set(claim.user, { kind: 'merged', id: same.id, into: same.claim.user });
      } else if (this.policy.onCollision === 'fail') places.set(claim.user, { kind: 'refused' });
      else keep(claim, derivedId(kind, claim.user, id));
    }
    for (const { claim, id: own, others } of keepers) {
      const merged = others.map(({ user }) => user);
      places.set(claim.user, { kind: 'own', id: own, derived: own !== id, merged });
    }
    return places;
  }

  /**
   * Two records say the same where this is the same, and `meanSame` does not deny it: what they refer to is told by what
   * that becomes.
   */
  private meaning(kind: EntityKind, companyId: string, { user, digest, refers }: Claim): string {
    const references = ENTITIES[kind].references.flatMap(({ field, to, later }) => {
      const id = refers[field];
      if (id === undefined) return [];
      if (later !== true) return [[field, this.becomes(to, companyId, user, id)]];
      return [[field, [id, this.isShared(to, companyId, user, id) ? 'own' : '']]];
    });
    return JSON.stringify([digest, references]);
  }

  /** Whether the user has a record with this id, and others have one, too. */
  private isShared(kind: EntityKind, companyId: string, user: string, id: string): boolean {
    const claims = this.tablesOf(kind).claims.of(companyId, id);
    return claims.length > 1 && claims.some((claim) => claim.user === user);
  }

  /**
   * Whether two records of one meaning refer to the same where that moves later. What it becomes may depend on what they
   * become themselves, so each of them is taken to be one with the other while that is asked.
   */
  private meanSame(kind: EntityKind, companyId: string, id: string, one: Claim, other: Claim): boolean {
    return ENTITIES[kind].references.every(({ field, to, later }) => {
      const referred = later === true ? one.refers[field] : undefined;
      if (referred === undefined || !this.isShared(to, companyId, one.user, referred)) return true;
      return this.areTwins(to, companyId, referred, [one.user, other.user], { kind, id });
    });
  }

  /**
   * Whether the records of two users with this id become one row if what they refer back to does. Where they refer to
   * another record of that kind they are held to be different: whether that is one could depend on any number of others.
   */
  private areTwins(
    kind: EntityKind,
    companyId: string,
    id: string,
    users: readonly [string, string],
    back: { readonly kind: EntityKind; readonly id: string },
  ): boolean {
    const { claims, stored } = this.tablesOf(kind);
    const all = claims.of(companyId, id);
    const [said, saidToo] = users.map((user) => {
      const claim = all.find((candidate) => candidate.user === user);
      const references = ENTITIES[kind].references.map(({ field, to }) => {
        const referred = claim?.refers[field];
        if (referred === undefined) return '';
        if (to !== back.kind) return this.becomes(to, companyId, user, referred);
        return referred === back.id ? 'back' : [user, referred];
      });
      return JSON.stringify([claim?.digest, references]);
    });
    const [row, otherRow] = users.map((user) => stored.idOf(companyId, user, id));
    return said === saidToo && (row === undefined || otherRow === undefined || row === otherRow);
  }

  private becomes(kind: EntityKind, companyId: string, user: string, id: string): readonly string[] {
    const place = this.find(kind, companyId, user, id);
    if (place === undefined) return [id];
    return place.kind === 'refused' ? [id, user] : [place.id];
  }
}
