import type { AggregateMapper } from '../../../domain/storage/stored.js';
import { LEGACY_ATTRIBUTES, STAMP_ATTRIBUTE } from '../../../domain/storage/stored.js';
import { own, textOf, type StoredItem } from '../../../domain/storage/stored-value.js';
import { Moment } from '../../../domain/values/moment.js';
import type { PlannedRow, Warning } from '../../contract/outcome.js';
import type { Entity } from '../entities.js';
import { COMPANY_ID, CREATED_BY, ledgerFor, withLedger } from './ledger.js';
import { without } from './own.js';
import type { OwnedRecord } from './read-owned.js';

const LEGACY_CREATED_BY = 'legacyCreatedBy';
/** Names that the row computes. What a record has under one of them is kept in the ledger only. */
const RESERVED: readonly string[] = [
  ...[COMPANY_ID, CREATED_BY, LEGACY_CREATED_BY, 'createdAtDerived'],
  ...[LEGACY_ATTRIBUTES, STAMP_ATTRIBUTE],
];
/** the length of `2024-03-01` */
const DAY = 10;

/** All that decides on a row beside its record. */
export interface RowPlace {
  readonly companyId: string;
  readonly id: string;
  readonly userId: string;
  readonly references: Readonly<Record<string, string>>;
  /** other users whose records this row is, too */
  readonly merged: readonly string[];
  /** the time of creation where nothing tells it: that of the run that migrated the record first */
  readonly time: string;
}

/** The row of a record in its company (E-18, E-19): as it is, but for its owner and for what is derived. */
export function rowOf(
  entity: Entity,
  mapper: AggregateMapper<unknown>,
  record: OwnedRecord,
  item: StoredItem,
  place: RowPlace,
): PlannedRow {
  const { companyId, id, userId, references, merged } = place;
  const { moment: createdAt, isDerived } = creationOf(record, place.time);
  const origin = {
    createdBy: userId,
    createdAt,
    ...(isDerived ? { createdAtDerived: true } : {}),
    updatedAt: record.updatedAt === undefined ? createdAt : Moment.restore(record.updatedAt),
  };
  const aggregate = record.restore({ companyId, id, origin, references });
  const otherAttributes = { ...without(record.others, RESERVED), ...formerCreator(item, userId) };
  const row = mapper.toItem({ aggregate, envelope: { otherAttributes } });
  const ledger = ledgerFor(item, row, entity.id, merged);
  return { table: entity.target, item: ledger === undefined ? row : withLedger(row, ledger) };
}

/** What is odd about a row because of attributes or times. */
export function rowWarnings(record: OwnedRecord): Warning[] {
  const names = Object.keys(record.others);
  const carried = names.filter((name) => !RESERVED.includes(name));
  const reserved = names.filter((name) => RESERVED.includes(name) && name !== CREATED_BY);
  const why = record.day === undefined ? 'the run that migrated it first' : 'its day, at midnight in UTC';
  const derived: Warning = {
    code: 'CREATED_AT_DERIVED',
    field: 'createdAt',
    detail: `no time of creation; it is that of ${why}`,
  };
  return [
    ...carried.map((field): Warning => {
      return { code: 'ATTRIBUTE_CARRIED', field, detail: 'unknown attribute, carried as it is', once: true };
    }),
    ...reserved.map((field): Warning => {
      const detail = 'the name is computed; the value is kept in legacyAttributes';
      return { code: 'ATTRIBUTE_RESERVED', field, detail };
    }),
    ...(record.createdAt === undefined ? [derived] : []),
  ];
}

/** What it says itself, else midnight in UTC of its day, else the time of the run that migrated it first. */
function creationOf(
  { createdAt, day }: OwnedRecord,
  time: string,
): { readonly moment: Moment; readonly isDerived: boolean } {
  if (createdAt !== undefined) return { moment: Moment.restore(createdAt), isDerived: false };
  const text = day === undefined ? time : `${day.slice(0, DAY)}T00:00:00.000Z`;
  return { moment: Moment.restore(text), isDerived: true };
}

/** Who the record says has made it, where that is not its user (E-X35). */
function formerCreator(item: StoredItem, userId: string): StoredItem {
  const creator = own(item, CREATED_BY);
  if (creator === undefined || 'NULL' in creator || textOf(creator) === userId) return {};
  return { [LEGACY_CREATED_BY]: creator };
}
