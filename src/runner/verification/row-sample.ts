import type { StoredItem } from '../../domain/storage/stored-value.js';
import type { RecordReader } from '../../migrations/contract/record-reader.js';
import type { RowKey } from '../../migrations/contract/row-key.js';

interface Member {
  readonly rank: number;
  readonly text: string;
  readonly key: StoredItem;
}

/** FNV-1a (32 bits), ended as MurmurHash3 ends, so that keys which differ in their last letters rank far apart. */
function rankOf(seed: string, text: string): number {
  let hash = 0x811c9dc5;
  for (const part of [seed, text]) {
    for (let at = 0; at < part.length; at += 1) hash = Math.imul(hash ^ part.charCodeAt(at), 0x01000193);
    hash = Math.imul(hash ^ 0xff, 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/**
 * Some of the rows that are read anyway: those whose keys rank first by a hash with the seed. So they are spread over the
 * whole table (P-X21), and the same rows give the same sample in whatever order and how often they are seen.
 */
export class RowSample {
  /** by rank */
  private readonly members: Member[] = [];

  constructor(
    private readonly key: RowKey,
    private readonly size: number,
    private readonly seed: string,
    /** by its key: rows may have been read without anything else */
    private readonly isMeant: (row: StoredItem) => boolean,
  ) {}

  seen(row: StoredItem): void {
    if (!this.key.names.every((name) => Object.hasOwn(row, name)) || !this.isMeant(row)) return;
    const text = this.key.text(row);
    const rank = rankOf(this.seed, text);
    const last = this.members.at(-1);
    if (last !== undefined && this.members.length === this.size && rank >= last.rank) return;
    if (this.members.some((member) => member.text === text)) return;
    const place = this.members.findIndex((member) => member.rank > rank);
    this.members.splice(place === -1 ? this.members.length : place, 0, { rank, text, key: this.key.of(row) });
    if (this.members.length > this.size) this.members.pop();
  }

  keys(): readonly StoredItem[] {
    return this.members.map(({ key }) => key);
  }
}

/** The same reader; `seen` is told every row that it gives of a table. */
export function observed(
  reader: RecordReader,
  seen: (table: string) => ((row: StoredItem) => void) | undefined,
): RecordReader {
  return {
    positionBehind: (table, row) => reader.positionBehind(table, row),
    async *scan(table, options) {
      const tell = seen(table);
      for await (const page of reader.scan(table, options)) {
        if (tell !== undefined) page.items.forEach(tell);
        yield page;
      }
    },
    async get(table, keys) {
      const rows = await reader.get(table, keys);
      const tell = seen(table);
      if (tell !== undefined) for (const row of rows) if (row !== undefined) tell(row);
      return rows;
    },
  };
}
