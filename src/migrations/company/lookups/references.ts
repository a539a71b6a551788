import type { StepContext } from '../../contract/migration-step.js';
import { ENTITIES, sourceOf, type EntityKind, type ReferenceField } from '../entities.js';
import type { Claim } from './claims.js';
import type { Places, TablesOf } from './places.js';
import type { StoredRow } from './stored-rows.js';

/** What became of a record that another one names, or why nothing is named any more. */
export type ResolvedReference =
  { readonly ok: true; readonly id: string } | { readonly ok: false; readonly detail: string };

/** Finds what records refer to, within their company only (E-X11). */
export class References {
  constructor(
    private readonly tablesOf: TablesOf,
    private readonly places: Places,
    private readonly repairing: StepContext['repairing'],
  ) {}

  /** What a record of this user means by an id: its user's own record of that id, else the one of the company. */
  resolve(
    { to, later = false }: ReferenceField,
    companyId: string,
    user: string,
    id: string,
  ): ResolvedReference {
    const place = this.places.find(to, companyId, user, id);
    const aside = { ok: false, detail: `the ${to} ${id} of the user is set aside` } as const;
    if (place?.kind === 'refused') return { ok: false, detail: `${aside.detail}: its id is taken` };
    if (place === undefined && this.isElsewhere(to, companyId, user, id)) return aside;
    const [own, owner] =
      place === undefined ? [id, undefined] : [place.id, place.kind === 'merged' ? place.into : user];
    const claim = this.claimOf(to, companyId, id, owner);
    const holder = this.tablesOf(to).stored.find(companyId, own);
    // its row, also where the record is set aside by now
    if (claim !== undefined && holder?.source === sourceOf(ENTITIES[to], claim.user, id))
      return { ok: true, id: own };
    // somebody else's has the id: it is what is meant unless the record itself is set aside
    if (holder !== undefined && owner !== undefined)
      return claim?.sound === false ? aside : { ok: true, id: own };
    if (this.isThere(to, later, holder, id, claim)) return { ok: true, id: own };
    return { ok: false, detail: `there is no ${to} ${own} in company ${companyId}` };
  }

  /** Whether the reference of a stored row leads somewhere; `original`: the id that its record had for it. */
  leads(reference: ReferenceField, companyId: string, user: string, id: string, original = id): boolean {
    if (this.tablesOf(reference.to).stored.find(companyId, id) !== undefined) return true;
    const resolved = this.resolve(reference, companyId, user, original);
    return resolved.ok && resolved.id === id;
  }

  private claimOf(
    kind: EntityKind,
    companyId: string,
    id: string,
    owner: string | undefined,
  ): Claim | undefined {
    if (owner === undefined) return this.places.keeper(kind, companyId, id);
    return this.tablesOf(kind)
      .claims.of(companyId, id)
      .find(({ user }) => user === owner);
  }

  /** Whether the user has such a record, and its row stands in another company. */
  private isElsewhere(kind: EntityKind, companyId: string, user: string, id: string): boolean {
    const { claims, stored } = this.tablesOf(kind);
    const other = stored.elsewhere(companyId, user, id);
    return other !== undefined && claims.of(other, id).some((claim) => claim.user === user);
  }

  private isThere(
    kind: EntityKind,
    later: boolean,
    holder: StoredRow | undefined,
    id: string,
    claim: Claim | undefined,
  ): boolean {
    // rows of ours come and go with their records, which are asked below: before and after they move alike
    if (holder !== undefined && (!later || holder.source === undefined)) return true;
    if (claim?.sound !== true) return false;
    if (later) return true;
    const isDecided = this.repairing?.inConflict(sourceOf(ENTITIES[kind], claim.user, id));
    // one damaged row is one finding, and not one for each that refers to it
    return isDecided === false;
  }
}
