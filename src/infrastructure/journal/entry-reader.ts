import type { EntryKind, JournalEntry } from '../../runner/ports/journal.js';
import { compareKeys, KEY_SEPARATOR, sourceKey } from './entry-key.js';
import type { Images } from './entry-images.js';
import { imagesDigest, unpackImages } from './entry-images.js';
import type { ImagePointer } from './journal-entry.mapper.js';
import {
  fromHead,
  IMAGE_ATTRIBUTES,
  imagePointer,
  keyOf,
  LISTED_ATTRIBUTES,
  partKeys,
} from './journal-entry.mapper.js';
import { damaged } from './journal-format.js';
import type { JournalKey } from './journal-layout.js';
import { ENTRY_SHARDS, entryPartition, entryShard } from './journal-layout.js';
import type { JournalItem, JournalTable } from './journal-table.js';
import { mergeSorted } from './merge-sorted.js';

const WITH_IMAGES = [...LISTED_ATTRIBUTES, ...IMAGE_ATTRIBUTES];
/** How often an entry is read anew that is being replaced while we read it. */
const MAX_READS = 5;

interface EntryList {
  readonly run: string;
  readonly step: string;
  readonly kind: EntryKind;
}

/** Reads entries out of the journal's table, holding one page per shard. */
export class EntryReader {
  readonly #table: JournalTable;

  constructor(table: JournalTable) {
    this.#table = table;
  }

  /** In order of `source`; parts of images are read only where images are asked for. */
  async *entries(list: EntryList, images: boolean): AsyncIterable<JournalEntry> {
    const shards = Array.from({ length: ENTRY_SHARDS }, (_, shard) =>
      this.#table.query({
        pk: entryPartition(list.run, list.step, list.kind, shard),
        attributes: images ? WITH_IMAGES : LISTED_ATTRIBUTES,
      }),
    );
    for await (const head of mergeSorted(shards, bySortKey)) {
      yield images ? await this.#whole(head, list) : fromHead(head, list.step, list.kind);
    }
  }

  /** The first entry of the source, with images. */
  async entry(list: EntryList, source: string): Promise<JournalEntry | undefined> {
    const heads = this.#table.query({
      pk: entryPartition(list.run, list.step, list.kind, entryShard(source)),
      prefix: sourceKey(source) + KEY_SEPARATOR,
      attributes: WITH_IMAGES,
      pageSize: 1,
    });
    for await (const head of heads) return this.#whole(head, list);
    return undefined;
  }

  /** The head is read again where its parts are gone: then somebody has replaced the entry meanwhile. */
  async #whole(found: JournalItem, list: EntryList): Promise<JournalEntry> {
    let head = found;
    const key = keyOf(head);
    for (let reads = 0; reads < MAX_READS; reads++) {
      const images = await this.#images(key, head);
      if (images !== undefined) return { ...fromHead(head, list.step, list.kind), ...images };
      const digest = imagePointer(head)?.digest;
      const again = await this.#table.get(key, WITH_IMAGES);
      if (again === undefined || imagePointer(again)?.digest === digest) break;
      head = again;
    }
    throw damaged(`parts of the image of ${fromHead(head, list.step, list.kind).source} are missing`);
  }

  /** undefined where parts are missing */
  async #images(key: JournalKey, head: JournalItem): Promise<Images | undefined> {
    const pointer = imagePointer(head);
    if (pointer === undefined) return head['images']?.B === undefined ? {} : unpackImages(head['images'].B);
    const bytes = await this.#joined(key, pointer);
    return bytes === undefined ? undefined : unpackImages(bytes);
  }

  async #joined(key: JournalKey, pointer: ImagePointer): Promise<Uint8Array | undefined> {
    const parts: Uint8Array[] = [];
    for (const partKey of partKeys(key, pointer)) {
      const part = (await this.#table.get(partKey))?.['part']?.B;
      if (part === undefined) return undefined;
      parts.push(part);
    }
    const bytes = Buffer.concat(parts);
    return imagesDigest(bytes) === pointer.digest ? bytes : undefined;
  }
}

function bySortKey(a: JournalItem, b: JournalItem): number {
  return compareKeys(keyOf(a).sk, keyOf(b).sk);
}
