import type { JournalEntry } from '../../runner/ports/journal.js';
import { packImages } from './entry-images.js';
import { withinLimits } from './entry-limits.js';
import { IMAGE_POINTER, imagePointer, keyOf, partKeys, toHead, toParts } from './journal-entry.mapper.js';
import type { JournalKey } from './journal-layout.js';
import { entryItemKey } from './journal-layout.js';
import type { JournalItem, JournalTable, JournalWrites } from './journal-table.js';
import { keyItem } from './journal-table.js';

interface KeyedEntry {
  readonly key: JournalKey;
  readonly entry: JournalEntry;
}

interface EncodedEntry {
  readonly key: JournalKey;
  readonly head: JournalItem;
  readonly parts: readonly JournalItem[];
}

/** Writes entries into the journal's table: parts of images first, then the entries that point to them. */
export class EntryWriter {
  readonly #table: JournalTable;
  readonly #writes: JournalWrites;

  constructor(table: JournalTable, writes: JournalWrites) {
    this.#table = table;
    this.#writes = writes;
  }

  /** Of several entries with one key the last is kept. Resolves when all of them are stored. */
  async append(run: string, entries: readonly JournalEntry[]): Promise<void> {
    const { rounds: limits } = this.#writes;
    const rounds = roundsOf(lastOfEachKey(run, entries), limits.entries);
    const worker = async (): Promise<void> => {
      for (let round = rounds.pop(); round !== undefined; round = rounds.pop()) await this.#write(round);
    };
    await Promise.all(Array.from({ length: limits.atOnce }, worker));
  }

  async #write(round: readonly KeyedEntry[]): Promise<void> {
    const encoded = await Promise.all(round.map(encode));
    const outdated = await this.#partsNotIn(encoded);
    await this.#writes.writeAll(puts(encoded.flatMap((entry) => entry.parts)));
    await this.#writes.writeAll(puts(encoded.map((entry) => entry.head)));
    await this.#writes.writeAll(outdated.map((key) => ({ DeleteRequest: { Key: keyItem(key) } })));
  }

  /** Parts that entries of these keys point to now and will not any more. */
  async #partsNotIn(encoded: readonly EncodedEntry[]): Promise<JournalKey[]> {
    const keys = encoded.map((entry) => entry.key);
    const heads = await this.#table.getAll(keys, ['pk', 'sk', ...IMAGE_POINTER]);
    const kept = new Set(encoded.flatMap((entry) => entry.parts.map((part) => nameOf(keyOf(part)))));
    return heads.flatMap((head) => {
      const pointer = imagePointer(head);
      if (pointer === undefined) return [];
      return partKeys(keyOf(head), pointer).filter((key) => !kept.has(nameOf(key)));
    });
  }
}

async function encode({ key, entry }: KeyedEntry): Promise<EncodedEntry> {
  const images = await packImages(entry);
  return { key, head: toHead(key, withinLimits(entry), images), parts: toParts(key, images) };
}

function lastOfEachKey(run: string, entries: readonly JournalEntry[]): KeyedEntry[] {
  const last = new Map<string, KeyedEntry>();
  for (const entry of entries) {
    const key = entryItemKey(run, entry);
    last.set(nameOf(key), { key, entry });
  }
  return [...last.values()];
}

function roundsOf(entries: readonly KeyedEntry[], size: number): KeyedEntry[][] {
  const rounds: KeyedEntry[][] = [];
  for (let start = 0; start < entries.length; start += size) rounds.push(entries.slice(start, start + size));
  return rounds;
}

function puts(items: readonly JournalItem[]): { PutRequest: { Item: JournalItem } }[] {
  return items.map((Item) => ({ PutRequest: { Item } }));
}

function nameOf(key: JournalKey): string {
  return JSON.stringify([key.pk, key.sk]);
}
