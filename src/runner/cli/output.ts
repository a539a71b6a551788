import type { Writable } from 'node:stream';

/** Pieces are gathered to about this many characters before they are written. */
const CHUNK = 65_536;

/**
 * One of the two streams. A reader that goes away (`| head`, a terminal that is closed) ends the output quietly; any
 * other trouble, such as a full disk, is thrown.
 */
export class Output {
  #readerGone = false;

  constructor(private readonly stream: Writable & { readonly isTTY?: boolean }) {
    // Without a listener, a broken pipe would be an uncaught exception.
    stream.on('error', (error: NodeJS.ErrnoException) => void this.#notice(error));
  }

  async write(text: string): Promise<void> {
    if (this.#readerGone) return;
    await new Promise<void>((resolve, reject) => {
      this.stream.write(text, (error: NodeJS.ErrnoException | null | undefined) => {
        if (error === null || error === undefined || this.#notice(error)) resolve();
        else reject(error);
      });
    });
  }

  /** Writes and waits for each piece before it asks for the next one; stops asking when the reader is gone. */
  async pipe(pieces: AsyncIterable<string>): Promise<void> {
    for await (const piece of gathered(pieces)) {
      if (this.#readerGone) return;
      await this.write(piece);
    }
  }

  /** Whether the reader is gone: a pipe says EPIPE, a terminal EIO, which of a file would mean a broken disk. */
  #notice(error: NodeJS.ErrnoException): boolean {
    if (error.code === 'EPIPE' || (error.code === 'EIO' && this.stream.isTTY === true))
      this.#readerGone = true;
    return this.#readerGone;
  }
}

/** The same text in fewer pieces. */
export async function* gathered(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let text = '';
  for await (const piece of pieces) {
    text += piece;
    if (text.length < CHUNK) continue;
    yield text;
    text = '';
  }
  if (text !== '') yield text;
}
