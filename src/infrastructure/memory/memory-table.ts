import { sameRow } from '../../domain/storage/canonical-digest.js';
import { isStampedAfter } from '../../domain/storage/stored.js';
import type { StoredItem, StoredValue } from '../../domain/storage/stored-value.js';
import type { Cursor, Page, ScanOptions } from '../../migrations/contract/record-reader.js';
import type { TableDefinition } from '../../migrations/contract/table.js';
import { keyIdentity, keyNames } from '../dynamodb/key-identity.js';
import { frozenItem } from './frozen-item.js';

interface Position {
  readonly hash: number;
  readonly identity: string;
}

/** Rows of one table by key, scanned in the order of their keys' hashes as DynamoDB does it. */
export class MemoryTable {
  private readonly rows = new Map<string, StoredItem>();
  private readonly keys: readonly string[];
  private order: readonly Position[] | undefined;

  constructor(readonly definition: TableDefinition) {
    this.keys = keyNames(definition);
  }

  get(key: StoredItem): StoredItem | undefined {
    return this.rows.get(keyIdentity(key, this.keys));
  }

  put(item: StoredItem): void {
    const identity = keyIdentity(item, this.keys);
    if (!this.rows.has(identity)) this.order = undefined;
    this.rows.set(identity, frozenItem(item));
  }

  erase(key: StoredItem): boolean {
    this.order = undefined;
    return this.rows.delete(keyIdentity(key, this.keys));
  }

  /** Removes the row if it is the image, nothing more and nothing less. */
  remove(image: StoredItem): boolean {
    const stored = this.get(image);
    return stored !== undefined && sameRow(stored, image) && this.erase(image);
  }

  positionBehind(row: StoredItem): Cursor {
    return pick(row, this.keys);
  }

  /** False if a row with this key is there; it is then left as it is. */
  insert(item: StoredItem): boolean {
    if (this.get(item) !== undefined) return false;
    this.put(item);
    return true;
  }

  /**
   * Turns the image into the row if the stored row still has every attribute of the image and none that the row
   * would add. Attributes that are in neither stay. A row that is already there whole counts as done.
   */
  replace(row: StoredItem, image: StoredItem): boolean {
    const stored = this.get(image);
    if (stored === undefined) return false;
    if (!isStill(stored, image, row)) return sameRow(stored, row);
    const kept = Object.entries(stored).filter(([name]) => !Object.hasOwn(image, name));
    this.put({ ...Object.fromEntries(kept), ...row });
    return true;
  }

  /** Rows in key order. */
  all(): StoredItem[] {
    return [...this.rows].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, item]) => item);
  }

  /** As in DynamoDB, a page that is full has a `next` even where nothing follows. */
  page(options: ScanOptions, from: Cursor | undefined, size: number): Page {
    const order = this.sorted();
    const items: StoredItem[] = [];
    for (let index = from === undefined ? 0 : this.after(order, from); index < order.length; index += 1) {
      const { hash, identity } = order[index] as Position;
      if (!inSegment(hash, options.segment)) continue;
      const item = this.rows.get(identity) as StoredItem;
      if (isStampedAfter(item, options.exceptStampsOf ?? [])) continue;
      items.push(options.attributes === undefined ? item : pick(item, options.attributes));
      if (items.length === size) return { items, next: this.positionBehind(item) };
    }
    return { items };
  }

  private sorted(): readonly Position[] {
    this.order ??= [...this.rows.keys()]
      .map((identity) => ({ hash: hashOf(identity), identity }))
      .sort(comparePositions);
    return this.order;
  }

  /** The index of the first row behind the cursor, whose own row may be gone by now. */
  private after(order: readonly Position[], cursor: Cursor): number {
    const identity = keyIdentity(cursor, this.keys);
    const position = { hash: hashOf(identity), identity };
    let [low, high] = [0, order.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (comparePositions(order[middle] as Position, position) <= 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function isStill(stored: StoredItem, image: StoredItem, row: StoredItem): boolean {
  const unchanged = Object.entries(image).every(([name, value]) => sameAttribute(stored, name, value));
  return (
    unchanged && Object.keys(row).every((name) => Object.hasOwn(image, name) || !Object.hasOwn(stored, name))
  );
}

function sameAttribute(stored: StoredItem, name: string, value: StoredValue): boolean {
  const found = Object.hasOwn(stored, name) ? stored[name] : undefined;
  return found !== undefined && sameRow({ value: found }, { value });
}

function pick(item: StoredItem, names: readonly string[]): StoredItem {
  const wanted = new Set(names);
  return Object.freeze(Object.fromEntries(Object.entries(item).filter(([name]) => wanted.has(name))));
}

function inSegment(hash: number, segment: ScanOptions['segment']): boolean {
  return segment === undefined || hash % segment.total === segment.index;
}

function comparePositions(left: Position, right: Position): number {
  if (left.hash !== right.hash) return left.hash - right.hash;
  return left.identity < right.identity ? -1 : left.identity > right.identity ? 1 : 0;
}

/** FNV-1a with a final mix, so that similar keys spread over the segments. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x7feb352d);
  return (hash ^ (hash >>> 15)) >>> 0;
}
