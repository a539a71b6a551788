import { open, readdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type {
  EntryKind,
  Journal,
  JournalEntry,
  RunRecord,
  StepRecord,
  StepState,
} from '../../runner/ports/journal.js';
import type { RunLog } from '../../runner/ports/run-log.js';
import { compareKeys, entryKey } from './entry-key.js';
import { fromEntryLine, toEntryLine } from './entry-line.mapper.js';
import { damaged, JOURNAL_FORMAT, requireFormat } from './journal-format.js';
import { LineFile, linesOf } from './line-file.js';
import { isAbsent, ownerOnlyFolder, readJson, replaceJson } from './owner-only-files.js';
import type { KeyedLine } from './sorted-lines.js';
import { sortedLines } from './sorted-lines.js';

export interface FileJournalOptions {
  /** is told of lines that a crash cut short (`journal.torn-line`) */
  readonly log?: RunLog;
  /** characters of entries to sort in memory; undefined: 32 million */
  readonly sortCeiling?: number;
}

const SORT_CEILING = 32_000_000;

/**
 * The journal of one run in a folder named after it, for dry runs: `run.json`, `steps/<step>.json` and
 * `entries-<kind>-<step>.jsonl`, readable by their owner only. Entries are appended as they come, and sorted and
 * freed of repetitions when read. One process writes at a time.
 *
 * Throws RefusedError `JOURNAL_FORMAT` for a folder of another format, `JOURNAL_DAMAGED` for one that was changed.
 */
export class FileJournal implements Journal {
  readonly #folder: string;
  readonly #run: string;
  readonly #log: RunLog | undefined;
  readonly #sortCeiling: number;
  readonly #files = new Map<string, LineFile>();

  /** The folder's own name is the run's id; it is created by the first write. */
  constructor(folder: string, options: FileJournalOptions = {}) {
    this.#folder = resolve(folder);
    this.#run = basename(this.#folder);
    this.#log = options.log;
    this.#sortCeiling = options.sortCeiling ?? SORT_CEILING;
  }

  async saveRun(run: RunRecord): Promise<void> {
    this.#requireOwn(run.run);
    await ownerOnlyFolder(this.#folder);
    await replaceJson(this.#runFile(), formatted(run));
  }

  async run(run: string): Promise<RunRecord | undefined> {
    return run === this.#run ? ((await this.#read(this.#runFile())) as RunRecord | undefined) : undefined;
  }

  /** At most the one run that this folder is of. */
  async runs(plan: string, limit: number): Promise<RunRecord[]> {
    const own = await this.run(this.#run);
    return own?.plan === plan && limit > 0 ? [own] : [];
  }

  async saveStep(step: StepRecord): Promise<void> {
    this.#requireOwn(step.run);
    await ownerOnlyFolder(this.#folder);
    await ownerOnlyFolder(join(this.#folder, 'steps'));
    await replaceJson(join(this.#folder, 'steps', `${encodeURIComponent(step.step)}.json`), formatted(step));
  }

  async steps(run: string): Promise<StepRecord[]> {
    if (run !== this.#run) return [];
    await this.#requireFormat();
    const folder = join(this.#folder, 'steps');
    const names = (await namesIn(folder)).filter((name) => name.endsWith('.json'));
    const records = await Promise.all(names.map((name) => this.#read(join(folder, name))));
    return records.filter((record) => record !== undefined) as StepRecord[];
  }

  /** Does nothing: a dry run establishes nothing that later steps could go by. */
  saveState(_state: StepState): Promise<void> {
    return Promise.resolve();
  }

  /** Always none, see {@link saveState}. */
  states(_plan: string): Promise<StepState[]> {
    return Promise.resolve([]);
  }

  async append(run: string, entries: readonly JournalEntry[]): Promise<void> {
    this.#requireOwn(run);
    if (entries.length === 0) return;
    await ownerOnlyFolder(this.#folder);
    const lines = new Map<string, string[]>();
    for (const entry of entries) {
      const path = this.#entryFile(entry.step, entry.kind);
      const added = lines.get(path) ?? [];
      added.push(toEntryLine(entry));
      lines.set(path, added);
    }
    await Promise.all([...lines].map(([path, added]) => this.#file(path).append(added)));
  }

  async *entries(
    run: string,
    step: string,
    kind: EntryKind,
    options: { readonly images?: boolean } = {},
  ): AsyncIterable<JournalEntry> {
    const sort = { folder: this.#folder, ceiling: this.#sortCeiling };
    for await (const { text } of sortedLines(this.#lines(run, step, kind), sort)) {
      yield fromEntryLine(text, step, kind, options.images === true);
    }
  }

  async entry(run: string, step: string, kind: EntryKind, source: string): Promise<JournalEntry | undefined> {
    let found: { readonly key: string; readonly entry: JournalEntry } | undefined;
    for await (const { key, text } of this.#lines(run, step, kind)) {
      const entry = fromEntryLine(text, step, kind, true);
      if (entry.source !== source) continue;
      if (found === undefined || compareKeys(key, found.key) <= 0) found = { key, entry };
    }
    return found?.entry;
  }

  /** Every line as it was appended; one that a crash cut short is reported and left out. */
  async *#lines(run: string, step: string, kind: EntryKind): AsyncIterable<KeyedLine> {
    if (run !== this.#run) return;
    await this.#requireFormat();
    const path = this.#entryFile(step, kind);
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
        else this.#torn(path, Buffer.byteLength(text));
      }
    } finally {
      await file.close();
    }
  }

  #file(path: string): LineFile {
    const known = this.#files.get(path);
    if (known !== undefined) return known;
    const file = new LineFile(path, (bytes) => this.#torn(path, bytes));
    this.#files.set(path, file);
    return file;
  }

  #torn(path: string, bytes: number): void {
    this.#log?.event('warn', 'journal.torn-line', { run: this.#run, file: basename(path), bytes });
  }

  #runFile(): string {
    return join(this.#folder, 'run.json');
  }

  #entryFile(step: string, kind: EntryKind): string {
    return join(this.#folder, `entries-${kind}-${encodeURIComponent(step)}.jsonl`);
  }

  async #read(path: string): Promise<unknown> {
    const data = await readJson(path);
    if (data === undefined) return undefined;
    const { format, record } = (data ?? {}) as { readonly format?: unknown; readonly record?: unknown };
    requireFormat(format, path);
    return record;
  }

  async #requireFormat(): Promise<void> {
    await this.#read(this.#runFile());
  }

  #requireOwn(run: string): void {
    if (run !== this.#run)
      throw new TypeError(`the journal of run ${this.#run} was given something of ${run}`);
  }
}

function formatted(record: object): object {
  return { format: JOURNAL_FORMAT, record };
}

function keyOf(text: string, step: string, kind: EntryKind, where: string): string {
  try {
    return entryKey(fromEntryLine(text, step, kind, false));
  } catch (error) {
    // the parser's own words would quote the line
    throw damaged(`${where} is no entry (${error instanceof Error ? error.name : 'unknown'})`);
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isAbsent(error)) return [];
    throw error;
  }
}
