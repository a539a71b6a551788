import type { JournalEntry } from '../ports/journal.js';

/** `quarantine list`: one object per record. */
export function quarantineDocument(entry: JournalEntry) {
  return {
    step: entry.step,
    source: entry.source,
    reason: entry.reason,
    ...(entry.field === undefined ? {} : { field: entry.field }),
    detail: entry.detail,
  };
}

/** `conflicts list`: the key is that of the target row. */
export function conflictDocument(entry: JournalEntry) {
  return {
    step: entry.step,
    source: entry.source,
    key: entry.key ?? '',
    detail: entry.detail,
    ...(entry.table === undefined ? {} : { table: entry.table }),
  };
}

/** `warnings list` */
export function warningDocument(entry: JournalEntry) {
  return {
    step: entry.step,
    source: entry.source,
    code: entry.reason,
    ...(entry.field === undefined ? {} : { field: entry.field }),
    detail: entry.detail,
  };
}

/** `decisions list`: `rule` is the one by which it was decided, or the reason for which it could not be. */
export function decisionDocument(entry: JournalEntry) {
  return {
    step: entry.step,
    source: entry.source,
    rule: entry.reason,
    ...(entry.key === undefined ? {} : { key: entry.key }),
    detail: entry.detail,
  };
}

/** A finding of the validation, with the fields that `validate` gives it. */
export function findingDocument(entry: JournalEntry) {
  return {
    kind: entry.reason,
    step: entry.step,
    key: entry.key ?? '',
    ...(entry.field === undefined ? {} : { field: entry.field }),
    detail: entry.detail,
    ...(entry.table === undefined ? {} : { table: entry.table }),
  };
}
