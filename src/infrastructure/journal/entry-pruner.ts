import type { EntryKind, JournalEntry } from '../../runner/ports/journal.js';
import {
  fromHead,
  IMAGE_POINTER,
  imagePointer,
  keyOf,
  LISTED_ATTRIBUTES,
  partKeys,
} from './journal-entry.mapper.js';
import type { JournalKey } from './journal-layout.js';
import { ENTRY_SHARDS, entryPartition } from './journal-layout.js';
import type { JournalItem, JournalTable, JournalWrites } from './journal-table.js';
import { keyItem } from './journal-table.js';

interface EntryList {
  readonly run: string;
  readonly step: string;
  readonly kind: EntryKind;
}

/** Removes entries from the journal's table, holding one page per shard. */
export class EntryPruner {
  readonly #table: JournalTable;
  readonly #writes: JournalWrites;

  constructor(table: JournalTable, writes: JournalWrites) {
    this.#table = table;
    this.#writes = writes;
  }

  /** Removes what `keep` does not want; it is given entries without images. Gives back how many went. */
  async prune(list: EntryList, keep: (entry: JournalEntry) => boolean): Promise<number> {
    const shards = Array.from({ length: ENTRY_SHARDS }, (_, shard) => this.#pruneShard(list, shard, keep));
    return (await Promise.all(shards)).reduce((sum, removed) => sum + removed, 0);
  }

  async #pruneShard(list: EntryList, shard: number, keep: (entry: JournalEntry) => boolean): Promise<number> {
    const heads = this.#table.query({
      pk: entryPartition(list.run, list.step, list.kind, shard),
      attributes: [...LISTED_ATTRIBUTES, ...IMAGE_POINTER],
    });
    let removed = 0;
    let unwanted: JournalItem[] = [];
    const remove = async (): Promise<void> => {
      await this.#remove(unwanted);
      removed += unwanted.length;
      unwanted = [];
    };
    for await (const head of heads) {
      if (keep(fromHead(head, list.step, list.kind))) continue;
      unwanted.push(head);
      if (unwanted.length === this.#writes.rounds.entries) await remove();
    }
    await remove();
    return removed;
  }

  /** The entries go first: a crash in between leaves parts that nothing points to, never an entry without its parts. */
  async #remove(heads: readonly JournalItem[]): Promise<void> {
    await this.#writes.writeAll(deletes(heads.map(keyOf)));
    const parts = heads.flatMap((head) => {
      const pointer = imagePointer(head);
      return pointer === undefined ? [] : partKeys(keyOf(head), pointer);
    });
    await this.#writes.writeAll(deletes(parts));
  }
}

function deletes(keys: readonly JournalKey[]): { DeleteRequest: { Key: JournalItem } }[] {
  return keys.map((key) => ({ DeleteRequest: { Key: keyItem(key) } }));
}
