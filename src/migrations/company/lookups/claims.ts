import { rowDigest } from '../../../domain/storage/canonical-digest.js';
import { own, textOf, type StoredItem } from '../../../domain/storage/stored-value.js';
import { isBlank } from '../../../domain/values/white-space.js';
import type { LookupIndex } from '../../contract/lookup-index.js';
import type { Entity } from '../entities.js';

/** A record of a user that asks for an id in their company. */
export interface Claim {
  readonly user: string;
  /** of all that it says, but for its user and what it refers to */
  readonly digest: string;
  /** what it refers to: field → id as the record has it */
  readonly refers: Readonly<Record<string, string>>;
  /** nothing keeps it from being stored in this company. Absent: not asked */
  readonly sound?: boolean;
}

/**
 * Who asks for which id in which company, from the whole old table and whatever becomes of a record there: an id
 * must not go to another one because the first is set aside today and repaired tomorrow.
 */
export class Claims {
  /** company, id → claims in the order of their users */
  constructor(
    private readonly entity: Entity,
    private readonly index: LookupIndex,
  ) {}

  async take(record: StoredItem, companyId: string, sound: boolean | undefined): Promise<void> {
    const [user, id] = [textOf(own(record, 'userId')) ?? '', textOf(own(record, this.entity.id)) ?? ''];
    if (isBlank(id)) return;
    const fields = this.entity.references.map(({ field }) => field);
    const refers = fields.flatMap((field) => {
      const referred = textOf(own(record, field));
      return referred === undefined || isBlank(referred) ? [] : [[field, referred] as const];
    });
    const claim: Claim = {
      user,
      digest: rowDigest(record, ['userId', ...refers.map(([field]) => field)]),
      refers: Object.fromEntries(refers),
      ...(sound === undefined ? {} : { sound }),
    };
    const others = this.of(companyId, id).filter((one) => one.user !== user);
    const claims = [...others, claim].sort((a, b) => (a.user < b.user ? -1 : 1));
    await this.index.put(key(companyId, id), JSON.stringify(claims));
  }

  /** All claims to an id, in the order of the users' ids by UTF-16 code units. */
  of(companyId: string, id: string): readonly Claim[] {
    const text = this.index.get(key(companyId, id));
    return text === undefined ? [] : (JSON.parse(text) as Claim[]);
  }

  close(): Promise<void> {
    return this.index.close();
  }
}

function key(companyId: string, id: string): string {
  return JSON.stringify([companyId, id]);
}
