import { JOURNAL_FORMAT } from './journal-format.js';
import type { JournalKey } from './journal-layout.js';
import { fromRecordAttribute, toRecordAttribute } from './journal-record.mapper.js';
import type { JournalItem } from './journal-table.js';
import { keyItem } from './journal-table.js';

/** An item of our format with nothing but its key in it. */
export function emptyItem(key: JournalKey): JournalItem {
  return { ...keyItem(key), format: { N: String(JOURNAL_FORMAT) } };
}

/** An item that holds a record of plain data. */
export function recordItem(key: JournalKey, record: object): JournalItem {
  return { ...emptyItem(key), record: toRecordAttribute(record) };
}

/** The format of the item was checked when it was read; within a format a record has the shape that it says. */
export function recordOf(item: JournalItem): unknown {
  return fromRecordAttribute(item['record']);
}
