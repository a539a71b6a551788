import { LEGACY_ATTRIBUTES, STAMP_ATTRIBUTE, stampOf } from '../../../domain/storage/stored.js';
import { own, textOf, type StoredItem } from '../../../domain/storage/stored-value.js';
import type { LookupIndex } from '../../contract/lookup-index.js';
import type { Entity } from '../entities.js';
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
  /** company, id → `StoredRow` */
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
  }

  find(companyId: string, id: string): StoredRow | undefined {
    const text = this.index.get(key(companyId, id));
    return text === undefined ? undefined : (JSON.parse(text) as StoredRow);
  }

  close(): Promise<void> {
    return this.index.close();
  }
}

function key(companyId: string, id: string): string {
  return JSON.stringify([companyId, id]);
}
