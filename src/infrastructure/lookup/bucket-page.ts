export const PAGE_BYTES = 4096;

/** What an entry takes beside key and value: its hash, and the length of each. */
const ENTRY_HEADER = 8;
/** What a page begins with: where its last entry ends. */
const PAGE_HEADER = 2;

/** Bytes that key and value of an entry may have together: a page that can't take another one has four at least. */
export const ENTRY_BYTES = Math.floor((PAGE_BYTES - PAGE_HEADER) / 4) - ENTRY_HEADER;

/** Entries of ASCII keys and values one behind the other, as a hash file keeps those whose hashes begin alike. */
export class BucketPage {
  /** as it stands in the file */
  readonly bytes = Buffer.alloc(PAGE_BYTES);

  clear(): void {
    this.end = PAGE_HEADER;
  }

  get(hash: number, key: string): string | undefined {
    const start = this.find(hash, key);
    if (start === undefined) return undefined;
    const value = start + ENTRY_HEADER + this.keyLength(start);
    return this.bytes.toString('latin1', value, this.after(start));
  }

  /** False where there is no room; what stood under the key before is gone then, too. */
  put(hash: number, key: string, value: string): boolean {
    const former = this.find(hash, key);
    if (former !== undefined) this.remove(former);
    const start = this.end;
    const end = start + ENTRY_HEADER + key.length + value.length;
    if (end > PAGE_BYTES) return false;
    this.bytes.writeUInt32LE(hash, start);
    this.bytes.writeUInt16LE(key.length, start + 4);
    this.bytes.writeUInt16LE(value.length, start + 6);
    this.bytes.write(key, start + ENTRY_HEADER, 'latin1');
    this.bytes.write(value, start + ENTRY_HEADER + key.length, 'latin1');
    this.end = end;
    return true;
  }

  /** Moves the entries whose hash has this bit to an empty page. */
  moveTo(other: BucketPage, bit: number): void {
    let kept = PAGE_HEADER;
    let moved = PAGE_HEADER;
    for (let start = PAGE_HEADER, next; start < this.end; start = next) {
      next = this.after(start);
      if ((this.hash(start) & bit) === 0) kept += this.bytes.copy(this.bytes, kept, start, next);
      else moved += this.bytes.copy(other.bytes, moved, start, next);
    }
    this.end = kept;
    other.end = moved;
  }

  entries(): (readonly [key: string, value: string])[] {
    const all: (readonly [string, string])[] = [];
    for (let start = PAGE_HEADER; start < this.end; start = this.after(start)) {
      const key = start + ENTRY_HEADER;
      const value = key + this.keyLength(start);
      all.push([
        this.bytes.toString('latin1', key, value),
        this.bytes.toString('latin1', value, this.after(start)),
      ]);
    }
    return all;
  }

  private find(hash: number, key: string): number | undefined {
    for (let start = PAGE_HEADER; start < this.end; start = this.after(start)) {
      if (this.hash(start) !== hash || this.keyLength(start) !== key.length) continue;
      const from = start + ENTRY_HEADER;
      if (this.bytes.toString('latin1', from, from + key.length) === key) return start;
    }
    return undefined;
  }

  private remove(start: number): void {
    const next = this.after(start);
    this.bytes.copyWithin(start, next, this.end);
    this.end -= next - start;
  }

  private get end(): number {
    return this.bytes.readUInt16LE(0);
  }

  private set end(end: number) {
    this.bytes.writeUInt16LE(end, 0);
  }

  private hash(start: number): number {
    return this.bytes.readUInt32LE(start);
  }

  private keyLength(start: number): number {
    return this.bytes.readUInt16LE(start + 4);
  }

  /** Where the entry ends and the next one begins. */
  private after(start: number): number {
    return start + ENTRY_HEADER + this.keyLength(start) + this.bytes.readUInt16LE(start + 6);
  }
}
