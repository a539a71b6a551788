import { closeSync, openSync, readSync, write } from 'node:fs';

/** What the place of a value begins with; no ASCII form of a text does. */
const MARK = '@';

/** ASCII values one behind the other in a file, which is made for the first one. None of it stays in this process's memory. */
export class LargeValues {
  private file: number | undefined;
  private end = 0;
  /** what was read last, of the largest value so far: a buffer for each one would be garbage of its size */
  private lastRead = Buffer.alloc(0);

  constructor(private readonly path: string) {}

  /** Gives back the place of the value, for `get`. One call at a time. Throws what the file system throws. */
  async add(value: string): Promise<string> {
    this.file ??= openSync(this.path, 'wx+', 0o600);
    const start = this.end;
    for (let written = 0; written < value.length;)
      written += await writeText(this.file, value.slice(written), start + written);
    this.end = start + value.length;
    return `${MARK}${start} ${value.length}`;
  }

  isPlace(text: string): boolean {
    return text.startsWith(MARK);
  }

  get(place: string): string {
    const [start = NaN, length = NaN] = place.slice(MARK.length).split(' ').map(Number);
    if (this.lastRead.length < length) this.lastRead = Buffer.allocUnsafe(length);
    for (let got = 0; got < length;) {
      const read = readSync(this.file as number, this.lastRead, got, length - got, start + got);
      if (read === 0) throw new RangeError(`${this.path} ends before ${start + length}`);
      got += read;
    }
    return this.lastRead.toString('latin1', 0, length);
  }

  close(): void {
    if (this.file !== undefined) closeSync(this.file);
    this.file = undefined;
  }
}

/** Bytes written. As a text and not as bytes, which would be garbage of the same size for a while. */
function writeText(file: number, text: string, position: number): Promise<number> {
  return new Promise((resolve, reject) => {
    write(file, text, position, 'latin1', (error, written) => {
      if (error === null) resolve(written);
      else reject(error);
    });
  });
}
