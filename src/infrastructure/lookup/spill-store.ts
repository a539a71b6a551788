import { mkdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { LargeValues } from './large-values.js';
import { ownedPrefix } from './spill-folders.js';

const MIB = 1024 * 1024;

/**
 * What one open store may hold in memory: two write buffers, the block cache, and the key index and filter of
 * each open file (about 100 KiB for a file of 8 MiB), so some 15 MiB at the very most, whatever the table's size. Pages
 * of its files are mapped on top of that: they are the page cache's, and the kernel takes them back when it needs room.
 */
const LIMITS = {
  writeBufferSize: MIB / 2,
  cacheSize: MIB,
  maxFileSize: 8 * MIB,
  maxOpenFiles: 128,
} as const;

/** Entries per batch when a full map goes to disk; a batch is one copy more in memory. */
const BATCH = 512;

/**
 * Characters from which a value stands in a plain file, and in LevelDB only where: it maps its files into memory, which
 * would grow with every page of rows that is kept, and copies values each time that it merges files.
 */
const LARGE = 4096;

/** The part of a look-up index that is on disk: a LevelDB store and a file in a folder of their own (mode 0700). */
export class SpillStore {
  private constructor(
    private readonly folder: string,
    private readonly level: ClassicLevel,
    private readonly large: LargeValues,
  ) {}

  static async open(root: string, name: string): Promise<SpillStore> {
    mkdirSync(root, { recursive: true, mode: 0o700 });
    const folder = await mkdtemp(join(root, ownedPrefix(name)));
    const level = new ClassicLevel(folder, { keyEncoding: 'utf8', valueEncoding: 'utf8', ...LIMITS });
    try {
      await level.open();
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
    return new SpillStore(folder, level, new LargeValues(join(folder, 'large-values')));
  }

  async write(entries: ReadonlyMap<string, string>): Promise<void> {
    let batch: { type: 'put'; key: string; value: string }[] = [];
    for (const [key, text] of entries) {
      const value = toAscii(text);
      const kept = value.length < LARGE ? value : await this.large.add(value);
      batch.push({ type: 'put', key: toAscii(key), value: kept });
      if (batch.length < BATCH) continue;
      await this.level.batch(batch);
      batch = [];
    }
    if (batch.length > 0) await this.level.batch(batch);
  }

  get(key: string): string | undefined {
    const value = this.level.getSync(toAscii(key));
    return value === undefined ? undefined : this.text(value);
  }

  async *entries(): AsyncIterable<readonly [key: string, value: string]> {
    for await (const [key, value] of this.level.iterator({ highWaterMarkBytes: 256 * 1024 })) {
      yield [fromAscii(key), this.text(value)];
    }
  }

  private text(value: string): string {
    return fromAscii(this.large.isPlace(value) ? this.large.get(value) : value);
  }

  async close(): Promise<void> {
    this.large.close();
    await this.level.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/**
 * Text as ASCII, one to one: `=` and the text itself, or `~` and its UTF-16 units in base64. UTF-8 alone would
 * not do: it turns every unpaired surrogate into the same character, and `getSync` of classic-level 3.0.0 cuts a
 * key short, and so finds another one, where a character of several bytes meets the end of its key buffer.
 */
function toAscii(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are ASCII and may occur in keys
  return /^[\x00-\x7f]*$/.test(text) ? `=${text}` : `~${Buffer.from(text, 'utf16le').toString('base64')}`;
}

function fromAscii(text: string): string {
  return text.startsWith('=') ? text.slice(1) : Buffer.from(text.slice(1), 'base64').toString('utf16le');
}
