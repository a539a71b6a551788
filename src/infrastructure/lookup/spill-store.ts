import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ENTRY_BYTES } from './bucket-page.js';
import { HashFile } from './hash-file.js';
import { LargeValues } from './large-values.js';
import { ownedPrefix } from './spill-folders.js';

/** Entries that are made ready at a time: all those of a full map at once would need as much memory again. */
const BATCH = 2048;

/** Characters up to which a key stands beside its value; of a longer one there is a digest, and itself in front of the value. */
const LONGEST_KEY = Math.floor(ENTRY_BYTES / 2);

/** Characters from which a value stands in a file of its own: entries stay small, and splitting pages copies little. */
const LARGE = Math.floor(ENTRY_BYTES / 2);

/** What the digest of a long key begins with; no ASCII form of a text does. */
const DIGEST = '#';

/** The part of a look-up index that is on disk: two files in a folder of their own (mode 0700). */
export class SpillStore {
  private constructor(
    private readonly folder: string,
    private readonly file: HashFile,
    private readonly large: LargeValues,
  ) {}

  static async open(root: string, name: string): Promise<SpillStore> {
    mkdirSync(root, { recursive: true, mode: 0o700 });
    const folder = await mkdtemp(join(root, ownedPrefix(name)));
    try {
      const large = new LargeValues(join(folder, 'large-values'));
      return new SpillStore(folder, new HashFile(join(folder, 'entries')), large);
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /** Throws what the file system throws; then the store is not to be read any more. */
  async write(entries: ReadonlyMap<string, string>): Promise<void> {
    let added: (readonly [key: string, value: string])[] = [];
    for (const [key, value] of entries) {
      if (added.length === BATCH) {
        await this.file.write(added);
        added = [];
      }
      const [name, text] = [toAscii(key), toAscii(value)];
      if (name.length > LONGEST_KEY) added.push([digestOf(name), await this.large.add(together(name, text))]);
      else added.push([name, text.length < LARGE ? text : await this.large.add(text)]);
    }
    await this.file.write(added);
  }

  get(key: string): string | undefined {
    const name = toAscii(key);
    const stored = name.length > LONGEST_KEY ? digestOf(name) : name;
    const value = this.file.get(stored);
    return value === undefined ? undefined : this.entry(stored, value)[1];
  }

  *entries(): Iterable<readonly [key: string, value: string]> {
    for (const [stored, value] of this.file.entries()) yield this.entry(stored, value);
  }

  private entry(stored: string, value: string): readonly [key: string, value: string] {
    const text = this.large.isPlace(value) ? this.large.get(value) : value;
    const [key, content] = stored.startsWith(DIGEST) ? apart(text) : [stored, text];
    return [fromAscii(key), fromAscii(content)];
  }

  async close(): Promise<void> {
    this.large.close();
    this.file.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}

function digestOf(name: string): string {
  return `${DIGEST}${createHash('sha256').update(name).digest('base64')}`;
}

function together(key: string, value: string): string {
  return `${key.length} ${key}${value}`;
}

function apart(text: string): readonly [key: string, value: string] {
  const space = text.indexOf(' ');
  const end = space + 1 + Number(text.slice(0, space));
  return [text.slice(space + 1, end), text.slice(end)];
}

/**
 * Text as ASCII, one to one: `=` and the text itself, or `~` and its UTF-16 units in base64. UTF-8 alone would not do:
 * it turns every unpaired surrogate into the same character.
 */
function toAscii(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are ASCII and may occur in keys
  return /^[\x00-\x7f]*$/.test(text) ? `=${text}` : `~${Buffer.from(text, 'utf16le').toString('base64')}`;
}

function fromAscii(text: string): string {
  return text.startsWith('=') ? text.slice(1) : Buffer.from(text.slice(1), 'base64').toString('utf16le');
}
