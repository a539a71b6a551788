import { open } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { EntryKind, JournalEntry } from '../../runner/ports/journal.js';
import { compareKeys, entryKey } from './entry-key.js';
import { fromEntryLine, toEntryLine } from './entry-line.mapper.js';
import { damagedFile } from './journal-format.js';
import { LineFile, linesOf } from './line-file.js';
import { isAbsent } from './owner-only-files.js';
import type { KeyedLine } from './sorted-lines.js';
import { sortedLines } from './sorted-lines.js';

interface EntryFilesOptions {
  /** characters of entries to sort in memory */
  readonly sortCeiling: number;
  /** is told of a line that a crash cut short */
  readonly onTorn: (file: string, bytes: number) => void;
}

/**
 * The entries of one run in a folder, one file per step and kind: appended to as they come, sorted and freed of
 * repetitions when read.
 */
export class EntryFiles {
  readonly #folder: string;
  readonly #options: EntryFilesOptions;
  readonly #files = new Map<string, LineFile>();

  constructor(folder: string, options: EntryFilesOptions) {
    this.#folder = folder;
    this.#options = options;
  }

  async append(entries: readonly JournalEntry[]): Promise<void> {
    const lines = new Map<string, string[]>();
    for (const entry of entries) {
      const path = this.#path(entry.step, entry.kind);
      const added = lines.get(path) ?? [];
      added.push(toEntryLine(entry));
      lines.set(path, added);
    }
    await Promise.all([...lines].map(([path, added]) => this.#file(path).append(added)));
  }

  /**
   * Writes the file anew with the entries that `keep` wants, each once: of an entry that is gone nothing may be left,
   * or an older version of it would come back.
   */
  async prune(step: string, kind: EntryKind, keep: (entry: JournalEntry) => boolean): Promise<number> {
    let removed = 0;
    const kept = async function* (lines: AsyncIterable<KeyedLine>): AsyncIterable<string> {
      for await (const { text } of lines) {
        if (keep(fromEntryLine(text, step, kind, false))) yield text;
        else removed += 1;
      }
    };
    await this.#file(this.#path(step, kind)).replace(() => kept(this.#sorted(step, kind)));
    return removed;
  }

  async *entries(step: string, kind: EntryKind, images: boolean): AsyncIterable<JournalEntry> {
    for await (const { text } of this.#sorted(step, kind)) yield fromEntryLine(text, step, kind, images);
  }

  /** The first entry of the source, with images. */
  async entry(step: string, kind: EntryKind, source: string): Promise<JournalEntry | undefined> {
    let found: { readonly key: string; readonly entry: JournalEntry } | undefined;
    for await (const { key, text } of this.#lines(step, kind)) {
      const entry = fromEntryLine(text, step, kind, true);
      if (entry.source !== source) continue;
      if (found === undefined || compareKeys(key, found.key) <= 0) found = { key, entry };
    }
    return found?.entry;
  }

  #sorted(step: string, kind: EntryKind): AsyncIterable<KeyedLine> {
    const sort = { folder: this.#folder, ceiling: this.#options.sortCeiling };
    return sortedLines(this.#lines(step, kind), sort);
  }

  /** Every line as it was appended; one that a crash cut short is reported and left out. */
  async *#lines(step: string, kind: EntryKind): AsyncIterable<KeyedLine> {
    const path = this.#path(step, kind);
    const file = await open(path, 'r').catch((error: unknown) => {
      if (isAbsent(error)) return undefined;
      throw error;
    });
    if (file === undefined) return;
    try {
      let number = 0;
      for await (const { text, ended } of linesOf(file)) {
        number += 1;
        if (ended) yield { key: keyOf(text, step, kind, `${path}:${number}`), text };
        else this.#options.onTorn(basename(path), Buffer.byteLength(text));
      }
    } finally {
      await file.close();
    }
  }

  #file(path: string): LineFile {
    const known = this.#files.get(path);
    if (known !== undefined) return known;
    const file = new LineFile(path, (bytes) => this.#options.onTorn(basename(path), bytes));
    this.#files.set(path, file);
    return file;
  }

  #path(step: string, kind: EntryKind): string {
    return join(this.#folder, `entries-${kind}-${encodeURIComponent(step)}.jsonl`);
  }
}

function keyOf(text: string, step: string, kind: EntryKind, where: string): string {
  try {
    return entryKey(fromEntryLine(text, step, kind, false));
  } catch (error) {
    // the parser's own words would quote the line
    throw damagedFile(
      `${where} is damaged: it is no entry (${error instanceof Error ? error.name : 'unknown'})`,
    );
  }
}
