import { LEGACY_ATTRIBUTES, STAMP_ATTRIBUTE, stampOf } from '../../../domain/storage/stored.js';
import { own, textOf, type StoredItem } from '../../../domain/storage/stored-value.js';
import type { LookupIndex } from '../../contract/lookup-index.js';
import { derivedId, sourceOf, userOf, type Entity } from '../entities.js';
import { ledgerOf } from '../translation/ledger.js';

/** What is known of a row of a company's table. */
export interface StoredRow {
  /** the record that its stamp names; absent: the application's own */
  readonly source?: string;
  /** the time of creation that an earlier run chose for it */
  readonly createdAt?: string;
}

/** The rows that stand in a target table. */
export class StoredRows {
  /** company, id → `StoredRow`; user → companies with rows that were written for records of theirs */
  constructor(
    private readonly entity: Entity,
    private readonly index: LookupIndex,
  ) {}

  /** The attributes that `take` reads. */
  static attributes(entity: Entity): readonly string[] {
    return ['companyId', entity.id, LEGACY_ATTRIBUTES, STAMP_ATTRIBUTE];
  }

  async take(row: StoredItem): Promise<void> {
    const [companyId, id] = [textOf(row['companyId']) ?? '', textOf(own(row, this.entity.id)) ?? ''];
    const source = stampOf(row)?.source;
    const createdAt = source === undefined ? undefined : textOf(ledgerOf(row)?.written['createdAt']);
    const stored: StoredRow = {
      ...(source === undefined ? {} : { source }),
      ...(createdAt === undefined ? {} : { createdAt }),
    };
    await this.index.put(key(companyId, id), JSON.stringify(stored));
    const user = source === undefined ? undefined : userOf(this.entity, source);
    if (user === undefined) return;
    const known = this.companiesOf(user);
    if (!known.includes(companyId))
      await this.index.put(key(user), JSON.stringify([...known, companyId].sort()));
  }

  find(companyId: string, id: string): StoredRow | undefined {
    const text = this.index.get(key(companyId, id));
    return text === undefined ? undefined : (JSON.parse(text) as StoredRow);
  }

  /** The id under which the row of this very record stands in a company. */
  idOf(companyId: string, user: string, id: string): string | undefined {
    const source = sourceOf(this.entity, user, id);
    const isOwn = (one: string): boolean => this.find(companyId, one)?.source === source;
    if (isOwn(id)) return id;
    const derived = derivedId(this.entity.kind, user, id);
    return isOwn(derived) ? derived : undefined;
  }

  /** The other company in which the row of this record stands, where none of it stands in this one. */
  elsewhere(companyId: string | undefined, user: string, id: string): string | undefined {
    const others = this.companiesOf(user).filter((one) => one !== companyId);
    if (others.length === 0) return undefined;
    if (companyId !== undefined && this.idOf(companyId, user, id) !== undefined) return undefined;
    return others.find((one) => this.idOf(one, user, id) !== undefined);
  }

  close(): Promise<void> {
    return this.index.close();
  }

  private companiesOf(user: string): readonly string[] {
    const text = this.index.get(key(user));
    return text === undefined ? [] : (JSON.parse(text) as string[]);
  }
}

/** Of a row, or of a user: the number of parts tells them apart. */
function key(...parts: readonly string[]): string {
  return JSON.stringify(parts);
}
