import type { EntityPolicy } from '../entity-policy.js';
import { derivedId, ENTITIES, sourceOf, type EntityKind } from '../entities.js';
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
  readonly merged: string[];
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
    const places = this.shared(kind, companyId, id, claims);
    return places.get(user);
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
    const storedId = (claim: Claim): string | undefined => this.storedId(kind, companyId, id, claim.user);
    const first = claims.find((claim) => storedId(claim) === id) ?? claims.find((one) => !storedId(one));
    const keepers: Keeper[] = [];
    const keep = (claim: Claim, own: string): void => {
      keepers.push({ claim, id: own, meaning: this.meaning(kind, companyId, claim), merged: [] });
    };
    if (first !== undefined) keep(first, id);
    for (const claim of claims) {
      const stored = storedId(claim);
      if (claim !== first && stored !== undefined) keep(claim, stored);
    }
    const places = new Map<string, Place>();
    for (const claim of claims) {
      if (keepers.some((keeper) => keeper.claim === claim)) continue;
      const meaning = this.meaning(kind, companyId, claim);
      const same = keepers.find((keeper) => keeper.meaning === meaning);
      if (same !== undefined) {
        same.merged.push(claim.user);
        places.set(claim.user, { kind: 'merged', id: same.id, into: same.claim.user });
      } else if (this.policy.onCollision === 'fail') places.set(claim.user, { kind: 'refused' });
      else keep(claim, derivedId(kind, claim.user, id));
    }
    for (const { claim, id: own, merged } of keepers)
      places.set(claim.user, { kind: 'own', id: own, derived: own !== id, merged });
    return places;
  }

  /** The id under which the row of this very record is stored. */
  private storedId(kind: EntityKind, companyId: string, id: string, user: string): string | undefined {
    const { stored } = this.tablesOf(kind);
    const source = sourceOf(ENTITIES[kind], user, id);
    const isOwn = (one: string): boolean => stored.find(companyId, one)?.source === source;
    if (isOwn(id)) return id;
    const derived = derivedId(kind, user, id);
    return isOwn(derived) ? derived : undefined;
  }

  /** Two records say the same where this is the same: what they refer to is told by what that becomes. */
  private meaning(kind: EntityKind, companyId: string, { user, digest, refers }: Claim): string {
    const references = ENTITIES[kind].references.flatMap(({ field, to, later }) => {
      const id = refers[field];
      if (id === undefined) return [];
      if (later !== true) return [[field, this.becomes(to, companyId, user, id)]];
      // what that becomes may depend on what this becomes: where users share the id, they are held to be different
      const claims = this.tablesOf(to).claims.of(companyId, id);
      const isShared = claims.length > 1 && claims.some((claim) => claim.user === user);
      return [[field, id, isShared ? user : '']];
    });
    return JSON.stringify([digest, references]);
  }

  private becomes(kind: EntityKind, companyId: string, user: string, id: string): readonly string[] {
    const place = this.find(kind, companyId, user, id);
    if (place === undefined) return [id];
    return place.kind === 'refused' ? [id, user] : [place.id];
  }
}
