import type { EntryKind, JournalEntry } from '../../runner/ports/journal.js';
import { withinLimits } from './entry-limits.js';
import { fromStoredJson, toStoredJson } from './stored-json.js';

/** A line of `entries-<kind>-<step>.jsonl`: the entry but for the kind and step, which the file's name says. */
type EntryLine = Omit<JournalEntry, 'kind' | 'step' | 'image' | 'found'> & {
  readonly image?: unknown;
  readonly found?: unknown;
};

/** One line of JSON, without the newline. */
export function toEntryLine(entry: JournalEntry): string {
  const { source, reason, field, detail, table, key, slice, image, found } = withinLimits(entry);
  const line: { [K in keyof EntryLine]: EntryLine[K] | undefined } = {
    source,
    reason,
    field,
    detail,
    table,
    key,
    slice: slice && { segment: slice.segment, number: slice.number },
    image: image === undefined ? undefined : toStoredJson(image),
    found: found === undefined ? undefined : toStoredJson(found),
  };
  return JSON.stringify(line);
}

/** Throws SyntaxError or TypeError for a line that is no entry. */
export function fromEntryLine(text: string, step: string, kind: EntryKind, images: boolean): JournalEntry {
  const line = JSON.parse(text) as Partial<EntryLine> | null;
  if (
    typeof line?.source !== 'string' ||
    typeof line.reason !== 'string' ||
    typeof line.detail !== 'string'
  ) {
    throw new TypeError('a line without source, reason or detail');
  }
  const { source, reason, field, detail, table, key, slice, image, found } = line;
  return {
    kind,
    step,
    source,
    reason,
    detail,
    ...(field !== undefined && { field }),
    ...(table !== undefined && { table }),
    ...(key !== undefined && { key }),
    ...(slice !== undefined && { slice }),
    ...(images && image !== undefined && { image: fromStoredJson(image) }),
    ...(images && found !== undefined && { found: fromStoredJson(found) }),
  };
}
