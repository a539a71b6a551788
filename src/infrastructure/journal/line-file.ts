import type { FileHandle } from 'node:fs/promises';
import { open, stat } from 'node:fs/promises';
import { isAbsent, OWNER_FILE, replaceFile } from './owner-only-files.js';

const NEWLINE = 0x0a;
const TAIL_BLOCK = 64 * 1024;

/** A line without its newline. `ended` is false for a last line that has none: its write was cut short. */
interface Line {
  readonly text: string;
  readonly ended: boolean;
}

/** The lines of an open file from its start, holding one block and one line. */
export async function* linesOf(file: FileHandle): AsyncIterable<Line> {
  let held: Buffer[] = [];
  for await (const chunk of file.createReadStream({ start: 0, autoClose: false })) {
    const block = chunk as Buffer;
    let start = 0;
    for (let end = block.indexOf(NEWLINE); end >= 0; end = block.indexOf(NEWLINE, start)) {
      yield { text: Buffer.concat([...held, block.subarray(start, end)]).toString(), ended: true };
      held = [];
      start = end + 1;
    }
    if (start < block.length) held.push(block.subarray(start));
  }
  if (held.length > 0) yield { text: Buffer.concat(held).toString(), ended: false };
}

/**
 * Appends lines to a file that only its owner may read, one `append` after the other. A line that a crash cut
 * short is removed before anything is written behind it; `onTorn` is told its length in bytes.
 */
export class LineFile {
  readonly #path: string;
  readonly #onTorn: (bytes: number) => void;
  #last: Promise<void> = Promise.resolve();
  #intact = false;

  constructor(path: string, onTorn: (bytes: number) => void) {
    this.#path = path;
    this.#onTorn = onTorn;
  }

  /** Resolves when the lines are with the operating system. */
  append(lines: readonly string[]): Promise<void> {
    return this.#inTurn(() => this.#write(lines));
  }

  /**
   * Puts other lines in the place of all that were appended before, which `lines` may read meanwhile. After a crash
   * the file has the old ones or the new ones. Does nothing where there is no file.
   */
  replace(lines: () => AsyncIterable<string>): Promise<void> {
    return this.#inTurn(async () => {
      if (!(await exists(this.#path))) return;
      await replaceFile(this.#path, ended(lines()));
      this.#intact = true;
    });
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const mine = this.#last.then(work);
    this.#last = mine.catch(() => undefined);
    return mine;
  }

  async #write(lines: readonly string[]): Promise<void> {
    const file = await open(this.#path, 'a+', OWNER_FILE);
    try {
      if (!this.#intact) await this.#removeTorn(file);
      this.#intact = false;
      await file.appendFile(lines.map((line) => `${line}\n`).join(''));
      this.#intact = true;
    } finally {
      await file.close();
    }
  }

  async #removeTorn(file: FileHandle): Promise<void> {
    const { size } = await file.stat();
    const end = await endOfLastLine(file, size);
    if (end === size) return;
    await file.truncate(end);
    this.#onTorn(size - end);
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (isAbsent(error)) return false;
    throw error;
  }
}

async function* ended(lines: AsyncIterable<string>): AsyncIterable<string> {
  for await (const line of lines) yield `${line}\n`;
}

async function endOfLastLine(file: FileHandle, size: number): Promise<number> {
  const block = Buffer.alloc(TAIL_BLOCK);
  for (let end = size; end > 0;) {
    const start = Math.max(0, end - TAIL_BLOCK);
    const { bytesRead } = await file.read(block, 0, end - start, start);
    const newline = block.subarray(0, bytesRead).lastIndexOf(NEWLINE);
    if (newline >= 0) return start + newline + 1;
    end = start;
  }
  return 0;
}
