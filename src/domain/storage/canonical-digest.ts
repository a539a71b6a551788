import { hash } from 'node:crypto';

import { CanonicalEncoder } from './canonical-encoding.js';
import type { StoredItem, StoredValue } from './stored-value.js';
import { STAMP_ATTRIBUTE } from './stored.js';

const STAMP_ONLY: ReadonlySet<string> = new Set([STAMP_ATTRIBUTE]);
const NOTHING: ReadonlySet<string> = new Set();

// Encoding is synchronous and every result is used up before the next call, so two buffers serve everybody.
const encoder = new CanonicalEncoder();
const otherEncoder = new CanonicalEncoder();

/**
 * SHA-256 (64 lower-case hex digits) over the canonical encoding (see {@link CanonicalEncoder} for the format) of
 * every attribute but the stamp. Rows that a store holds to be equal have one digest: the order of attributes and
 * of set elements and the spelling of numbers don't count; types, and absent against NULL, do.
 */
export function contentDigest(item: StoredItem): string {
  return digest(item, STAMP_ONLY);
}

/** As {@link contentDigest}, but leaves out exactly the attributes named: the stamp counts unless it is among them. */
export function rowDigest(item: StoredItem, without: Iterable<string> = NOTHING): string {
  return digest(item, without instanceof Set ? (without as ReadonlySet<string>) : new Set(without));
}

/** Whether two rows are equal but for their stamps. */
export function sameContent(left: StoredItem, right: StoredItem): boolean {
  return sameEncoding(left, right, STAMP_ONLY);
}

/** Whether two rows are equal, stamps included. */
export function sameRow(left: StoredItem, right: StoredItem): boolean {
  return sameEncoding(left, right, NOTHING);
}

/** Whether two values, or their absence, are equal as a store sees it: order in sets and spelling of numbers don't count. */
export function sameValue(one: StoredValue | undefined, other: StoredValue | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  if ('S' in one && 'S' in other) return one.S === other.S;
  return sameRow({ value: one }, { value: other });
}

function sameEncoding(left: StoredItem, right: StoredItem, without: ReadonlySet<string>): boolean {
  return encoder.encode(left, without).equals(otherEncoder.encode(right, without));
}

function digest(item: StoredItem, without: ReadonlySet<string>): string {
  return hash('sha256', encoder.encode(item, without), 'hex');
}
