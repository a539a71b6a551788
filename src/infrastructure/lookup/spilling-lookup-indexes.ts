import type { LookupIndex, LookupIndexes } from '../../migrations/contract/lookup-index.js';
import { EXIT, WaybillError } from '../../runner/ports/errors.js';
import { removeAbandoned } from './spill-folders.js';
import { SpillStore } from './spill-store.js';

interface SpillingOptions {
  /** folder for what does not fit into memory; each index gets a private folder in it, made when needed */
  readonly root: string;
  /** bytes that one index may hold in memory before it goes on in files; omitted: 16 MiB */
  readonly ceilingBytes?: number;
}

const DEFAULT_CEILING = 16 * 1024 * 1024;

/** Once an index is on disk, only its newest entries are kept in memory, in groups of at most this size. */
const TAIL_BYTES = 256 * 1024;

/**
 * Look-up indexes in memory up to a ceiling and in files beyond it (design, "Look-ups"; invariant 12). An index on disk
 * takes its newest entries, one page and some ten bytes for each four kilobytes of its file.
 */
export class SpillingLookupIndexes implements LookupIndexes {
  private swept = false;

  constructor(private readonly options: SpillingOptions) {}

  create(name: string): SpillingLookupIndex {
    if (!this.swept) removeAbandoned(this.options.root);
    this.swept = true;
    return new SpillingLookupIndex(name, this.options.root, this.options.ceilingBytes ?? DEFAULT_CEILING);
  }
}

/**
 * Newest entries in a map; when the map is full it is written to the store and a new one begins. A map that is
 * being written stays readable until the store has it, so no entry is ever out of sight.
 */
class SpillingLookupIndex implements LookupIndex {
  private recent = new Map<string, string>();
  private recentBytes = 0;
  private leaving: ReadonlyMap<string, string> | undefined;
  private writing: Promise<void> | undefined;
  private store: SpillStore | undefined;
  private entryCount = 0;
  private failed: WaybillError | undefined;
  private closed = false;

  constructor(
    private readonly name: string,
    private readonly root: string,
    private readonly ceilingBytes: number,
  ) {}

  get size(): number {
    return this.entryCount;
  }

  /** Whether it outgrew its memory and goes on in files. */
  get spilled(): boolean {
    return this.store !== undefined;
  }

  async put(key: string, value: string): Promise<void> {
    if (this.get(key) === undefined) this.entryCount++;
    const replaced = this.recent.get(key);
    if (replaced !== undefined) this.recentBytes -= entryBytes(key, replaced);
    this.recent.set(key, value);
    this.recentBytes += entryBytes(key, value);
    while (this.recentBytes > this.limit()) await this.spill();
  }

  get(key: string): string | undefined {
    this.mustBeOpen();
    // what a write has left half done may be anything
    if (this.failed !== undefined) throw this.failed;
    return this.recent.get(key) ?? this.leaving?.get(key) ?? this.store?.get(key);
  }

  async *entries(): AsyncIterable<readonly [key: string, value: string]> {
    this.mustBeOpen();
    if (this.store !== undefined || this.writing !== undefined) await this.spill();
    yield* this.store === undefined ? this.recent : this.store.entries();
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    this.recent = new Map();
    this.recentBytes = 0;
    // a write that failed was reported by its `put`; the files have to go all the same
    await this.writing?.catch(() => undefined);
    this.leaving = undefined;
    await this.store?.close();
    this.store = undefined;
  }

  private limit(): number {
    const spilling = this.store !== undefined || this.writing !== undefined;
    return spilling ? Math.min(this.ceilingBytes, TAIL_BYTES) : this.ceilingBytes;
  }

  /** Brings all that was put so far to disk. One writer at a time, so that the newest value of a key stays last. */
  private async spill(): Promise<void> {
    while (this.writing !== undefined) await this.writing;
    if (this.closed || this.recent.size === 0) return;
    this.writing = this.writeRecent();
    try {
      await this.writing;
    } finally {
      this.writing = undefined;
    }
  }

  private async writeRecent(): Promise<void> {
    this.leaving = this.recent;
    this.recent = new Map();
    this.recentBytes = 0;
    try {
      this.store ??= await SpillStore.open(this.root, this.name);
      await this.store.write(this.leaving);
    } catch (error) {
      this.failed = this.failure(error);
      throw this.failed;
    }
    this.leaving = undefined;
  }

  private failure(cause: unknown): WaybillError {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
    return new WaybillError(
      EXIT.aborted,
      'LOOKUP_STORAGE',
      `The look-up index ${this.name} could not be written below ${this.root} (${code}).`,
      'Make room on that disk or make it writable, then run the command again.',
      { cause },
    );
  }

  private mustBeOpen(): void {
    if (this.closed) throw new Error(`look-up index ${this.name} is closed`);
  }
}

/**
 * Memory of a map entry in V8, 64-bit: its slot in the map with the slack of a map that has just doubled, and two
 * strings, each with a header of 16 bytes and padded to 8, of one byte per character or of two.
 */
function entryBytes(key: string, value: string): number {
  return 64 + textBytes(key) + textBytes(value);
}

function textBytes(text: string): number {
  // eslint-disable-next-line no-control-regex -- Latin-1 is what V8 keeps in one byte
  const width = /^[\x00-\xff]*$/.test(text) ? 1 : 2;
  return 16 + 8 * Math.ceil((text.length * width) / 8);
}
