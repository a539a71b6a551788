import type { JournalEntry } from '../../runner/ports/journal.js';
import { wholeCharacters } from './entry-key.js';

/** Bytes of UTF-8 that the detail of an entry may have; longer ones end in an ellipsis. */
const MAX_DETAIL_BYTES = 1024;

const ELLIPSIS = '…';

/** The entry as every journal keeps it: with a detail of bounded length. */
export function withinLimits(entry: JournalEntry): JournalEntry {
  const detail = Buffer.from(entry.detail);
  if (detail.length <= MAX_DETAIL_BYTES) return entry;
  const kept = wholeCharacters(detail, MAX_DETAIL_BYTES - Buffer.byteLength(ELLIPSIS));
  return { ...entry, detail: kept + ELLIPSIS };
}

/** The entry as a listing shows it. */
export function withoutImages(entry: JournalEntry): JournalEntry {
  const listed: { -readonly [K in keyof JournalEntry]: JournalEntry[K] } = { ...entry };
  delete listed.image;
  delete listed.found;
  return listed;
}
