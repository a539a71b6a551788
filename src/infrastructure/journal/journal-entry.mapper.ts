import type { EntryKind, JournalEntry, Slice } from '../../runner/ports/journal.js';
import type { PackedImages } from './entry-images.js';
import { imageParts, MAX_INLINE_BYTES } from './entry-images.js';
import { damaged, JOURNAL_FORMAT } from './journal-format.js';
import type { JournalKey } from './journal-layout.js';
import { imagePartKey } from './journal-layout.js';
import type { JournalItem } from './journal-table.js';
import { keyItem } from './journal-table.js';

/** Attributes of an entry that a listing needs. */
export const LISTED_ATTRIBUTES = [
  ...['pk', 'sk', 'source', 'reason', 'field', 'detail', 'table', 'key'],
  ...['segment', 'slice'],
] as const;
/** Where its images are. */
export const IMAGE_POINTER = ['digest', 'parts'] as const;
export const IMAGE_ATTRIBUTES = [...IMAGE_POINTER, 'images'] as const;

/** Where the images of an entry are when they did not fit into it. */
export interface ImagePointer {
  readonly digest: string;
  readonly parts: number;
}

const OPTIONAL = ['field', 'table', 'key'] as const;
const FORMAT = { format: { N: String(JOURNAL_FORMAT) } };

/** The entry's own item, with its images where they are small enough. */
export function toHead(key: JournalKey, entry: JournalEntry, images: PackedImages | undefined): JournalItem {
  const optional = OPTIONAL.flatMap((name) => {
    const text = entry[name];
    return text === undefined ? [] : [[name, { S: text }] as const];
  });
  return {
    ...keyItem(key),
    ...FORMAT,
    source: { S: entry.source },
    reason: { S: entry.reason },
    detail: { S: entry.detail },
    ...Object.fromEntries(optional),
    ...sliceAttributes(entry.slice),
    ...imageAttributes(images),
  };
}

function sliceAttributes(slice: Slice | undefined): JournalItem {
  if (slice === undefined) return {};
  return { segment: { N: String(slice.segment) }, slice: { N: String(slice.number) } };
}

function imageAttributes(images: PackedImages | undefined): JournalItem {
  if (images === undefined) return {};
  if (images.bytes.length <= MAX_INLINE_BYTES) return { images: { B: images.bytes } };
  return { digest: { S: images.digest }, parts: { N: String(imageParts(images.bytes).length) } };
}

/** The items that hold images too large for the head; none where they stand in the head. */
export function toParts(key: JournalKey, images: PackedImages | undefined): JournalItem[] {
  if (images === undefined || images.bytes.length <= MAX_INLINE_BYTES) return [];
  return imageParts(images.bytes).map((part, index) => ({
    ...keyItem(imagePartKey(key, images.digest, index)),
    ...FORMAT,
    part: { B: part },
  }));
}

/** The entry without its images. */
export function fromHead(item: JournalItem, step: string, kind: EntryKind): JournalEntry {
  const optional = OPTIONAL.flatMap((name) => {
    const text = item[name]?.S;
    return text === undefined ? [] : [[name, text] as const];
  });
  return {
    kind,
    step,
    source: textAttribute(item, 'source'),
    reason: textAttribute(item, 'reason'),
    detail: textAttribute(item, 'detail'),
    ...Object.fromEntries(optional),
    ...sliceOf(item),
  };
}

function sliceOf({ segment, slice }: JournalItem): { slice?: Slice } {
  if (segment === undefined || slice === undefined) return {};
  return { slice: { segment: Number(segment.N), number: Number(slice.N) } };
}

export function keyOf(item: JournalItem): JournalKey {
  return { pk: textAttribute(item, 'pk'), sk: textAttribute(item, 'sk') };
}

/** undefined where the entry has no image or holds it itself. */
export function imagePointer(item: JournalItem): ImagePointer | undefined {
  if (item['parts'] === undefined) return undefined;
  return { digest: textAttribute(item, 'digest'), parts: Number(item['parts'].N) };
}

export function partKeys(head: JournalKey, pointer: ImagePointer): JournalKey[] {
  return Array.from({ length: pointer.parts }, (_, index) => imagePartKey(head, pointer.digest, index));
}

function textAttribute(item: JournalItem, name: string): string {
  const text = item[name]?.S;
  if (text === undefined) throw damaged(`an entry has no ${name}`);
  return text;
}
