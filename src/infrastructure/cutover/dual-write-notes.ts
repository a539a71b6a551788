import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { textOf } from '../../domain/storage/stored-value.js';
import type { Discrepancy } from '../../cutover/dual-writes/discrepancies.js';
import type { NoteChange, Tombstone } from '../../cutover/dual-writes/two-models.js';
import { fromAttributes } from '../dynamodb/attribute-values.js';
import { damaged } from '../journal/journal-format.js';
import { discrepancyKey, tombstoneKey, type JournalKey } from '../journal/journal-layout.js';
import { keyItem, type JournalItem } from '../journal/journal-table.js';
import { emptyItem, recordItem, recordOf } from '../journal/record-item.js';

/** What dual writes note as items of the journal's table (ADR 0006). */
export function noteAction(table: string, plan: string, note: NoteChange): TransactWriteItem {
  if (note.kind === 'open') {
    const Item = discrepancyItem(note.discrepancy);
    return { Put: { TableName: table, Item, ...conditionOver(note.over) } };
  }
  if (note.kind === 'bury') {
    const key = tombstoneKey(plan, note.source);
    const Item = { ...emptyItem(key), source: { S: note.source }, at: { S: note.at } };
    return { Put: { TableName: table, Item } };
  }
  if (note.kind === 'unbury' || note.kind === 'buried') {
    const Key = keyItem(tombstoneKey(plan, note.source));
    if (note.kind === 'unbury') return { Delete: { TableName: table, Key } };
    return { ConditionCheck: { TableName: table, Key, ...ofValue('at', note.at) } };
  }
  const Key = keyItem(discrepancyKey(plan, note.source));
  if (note.kind === 'held') return { ConditionCheck: { TableName: table, Key, ...ofVersion(note.version) } };
  return {
    Delete: { TableName: table, Key, ...(note.version === undefined ? {} : ofVersion(note.version)) },
  };
}

export function discrepancyOf(item: JournalItem): Discrepancy {
  const record = recordOf(item) as Partial<Discrepancy> | undefined;
  const [source, version] = [textOf(fromAttributes(item)['source']), textOf(fromAttributes(item)['version'])];
  if (record === undefined || source === undefined || version === undefined)
    throw damaged('what dual writes have noted is not whole');
  return { ...(record as Omit<Discrepancy, 'source' | 'version'>), source, version };
}

export function tombstoneOf(item: JournalItem): Tombstone {
  const [source, at] = [item['source']?.S, item['at']?.S];
  if (source === undefined || at === undefined) throw damaged('a tombstone of dual writes is not whole');
  return { source, at };
}

function discrepancyItem({ source, version, ...record }: Discrepancy): JournalItem {
  const key: JournalKey = discrepancyKey(record.plan, source);
  return { ...recordItem(key, record), source: { S: source }, version: { S: version } };
}

interface Condition {
  readonly ConditionExpression: string;
  readonly ExpressionAttributeNames?: Record<string, string>;
  readonly ExpressionAttributeValues?: JournalItem;
}

function conditionOver(over: Extract<NoteChange, { kind: 'open' }>['over']): Partial<Condition> {
  if (over === 'any') return {};
  return over === 'nothing' ? { ConditionExpression: 'attribute_not_exists(pk)' } : ofVersion(over.version);
}

function ofVersion(version: string): Required<Condition> {
  return ofValue('version', version);
}

function ofValue(name: string, value: string): Required<Condition> {
  return {
    ConditionExpression: '#name = :value',
    ExpressionAttributeNames: { '#name': name },
    ExpressionAttributeValues: { ':value': { S: value } },
  };
}
