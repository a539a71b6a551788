import { closeSync, openSync, readSync, write } from 'node:fs';
import { promisify } from 'node:util';

const writeAt = promisify(write);

/** What the place of a value begins with; no ASCII form of a text does. */
const MARK = '@';

/** ASCII values one behind the other in a file, which is made for the first one. None of it stays in this process's memory. */
export class LargeValues {
  private file: number | undefined;
  private end = 0;

  constructor(private readonly path: string) {}

  /** Gives back the place of the value, for `get`. One call at a time. Throws what the file system throws. */
  async add(value: string): Promise<string> {
    this.file ??= openSync(this.path, 'wx+', 0o600);
    const bytes = Buffer.from(value, 'latin1');
    const start = this.end;
    for (let written = 0; written < bytes.length;) {
      const left = bytes.length - written;
      written += (await writeAt(this.file, bytes, written, left, start + written)).bytesWritten;
    }
    this.end = start + bytes.length;
    return `${MARK}${start} ${bytes.length}`;
  }

  isPlace(text: string): boolean {
    return text.startsWith(MARK);
  }

  get(place: string): string {
    const [start = NaN, length = NaN] = place.slice(MARK.length).split(' ').map(Number);
    const bytes = Buffer.allocUnsafe(length);
    for (let got = 0; got < length;) {
      const read = readSync(this.file as number, bytes, got, length - got, start + got);
      if (read === 0) throw new RangeError(`${this.path} ends before ${start + length}`);
      got += read;
    }
    return bytes.toString('latin1');
  }

  close(): void {
    if (this.file !== undefined) closeSync(this.file);
    this.file = undefined;
  }
}
