import { readdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import type { Attestation, Gate } from '../../runner/ports/attestation.js';
import type {
  EntryKind,
  Journal,
  JournalEntry,
  RunRecord,
  SegmentCheckpoint,
  StepRecord,
  StepState,
} from '../../runner/ports/journal.js';
import type { Fence } from '../../runner/ports/lease.js';
import type { RunLog } from '../../runner/ports/run-log.js';
import { EntryFiles } from './entry-files.js';
import { JOURNAL_FORMAT, requireFormat } from './journal-format.js';
import { isAbsent, ownerOnlyFolder, readJson, replaceJson } from './owner-only-files.js';

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
 * A dry run takes no lease, is never resumed and establishes nothing: no states, checkpoints or attestations are kept.
 *
 * Throws RefusedError `JOURNAL_FORMAT` for a folder of another format, `JOURNAL_DAMAGED` for one that was changed.
 */
export class FileJournal implements Journal {
  readonly #folder: string;
  readonly #run: string;
  readonly #entries: EntryFiles;
  #ready: Promise<void> = Promise.resolve();
  #readable = false;

  /** The folder's own name is the run's id; it is created by the first write. */
  constructor(folder: string, options: FileJournalOptions = {}) {
    this.#folder = resolve(folder);
    this.#run = basename(this.#folder);
    this.#entries = new EntryFiles(this.#folder, {
      sortCeiling: options.sortCeiling ?? SORT_CEILING,
      onTorn: (file, bytes) =>
        options.log?.event('warn', 'journal.torn-line', { run: this.#run, file, bytes }),
    });
  }

  async saveRun(run: RunRecord): Promise<void> {
    this.#requireOwn(run.run);
    await this.#beforeWriting();
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
    await this.#beforeWriting();
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

  /** Does nothing: a dry run is never resumed. */
  saveCheckpoint(_checkpoint: SegmentCheckpoint): Promise<void> {
    return Promise.resolve();
  }

  /** Always none, see {@link saveCheckpoint}. */
  checkpoints(_run: string, _step: string): Promise<SegmentCheckpoint[]> {
    return Promise.resolve([]);
  }

  async append(run: string, entries: readonly JournalEntry[]): Promise<void> {
    this.#requireOwn(run);
    if (entries.length === 0) return;
    await this.#beforeWriting();
    await this.#entries.append(entries);
  }

  async prune(
    run: string,
    step: string,
    kind: EntryKind,
    keep: (entry: JournalEntry) => boolean,
  ): Promise<number> {
    this.#requireOwn(run);
    await this.#beforeWriting();
    return this.#entries.prune(step, kind, keep);
  }

  async *entries(
    run: string,
    step: string,
    kind: EntryKind,
    options: { readonly images?: boolean } = {},
  ): AsyncIterable<JournalEntry> {
    if (run !== this.#run) return;
    await this.#requireFormat();
    yield* this.#entries.entries(step, kind, options.images === true);
  }

  async entry(run: string, step: string, kind: EntryKind, source: string): Promise<JournalEntry | undefined> {
    if (run !== this.#run) return undefined;
    await this.#requireFormat();
    return this.#entries.entry(step, kind, source);
  }

  /** Does nothing: a dry run proves nothing, and decisions are not made in one. */
  attest(_plan: string, _attestation: Attestation): Promise<void> {
    return Promise.resolve();
  }

  /** Always none, see {@link attest}. */
  attestations(_plan: string, _gate: Gate): Promise<never[]> {
    return Promise.resolve([]);
  }

  /** This journal itself: a dry run takes no lease, and nobody else writes to its folder. */
  fencedBy(_fence: Fence): Journal {
    return this;
  }

  #runFile(): string {
    return join(this.#folder, 'run.json');
  }

  async #read(path: string): Promise<unknown> {
    return (await this.#formatted(path)).record;
  }

  /** empty where there is no such file */
  async #formatted(path: string): Promise<{ readonly format?: unknown; readonly record?: unknown }> {
    const data = await readJson(path);
    if (data === undefined) return {};
    const { format, record } = (data ?? {}) as { readonly format?: unknown; readonly record?: unknown };
    requireFormat(format, path);
    return { format, record };
  }

  /**
   * Makes the folder; refuses one of a format that we can't read, and upgrades one of an older format. Calls pass in
   * the order they are made: an append that overtook a prune would be pruned with the rest.
   */
  #beforeWriting(): Promise<void> {
    const mine = this.#ready.then(() => this.#makeReady());
    this.#ready = mine.catch(() => undefined);
    return mine;
  }

  async #makeReady(): Promise<void> {
    await ownerOnlyFolder(this.#folder);
    if (this.#readable) return;
    const { format, record } = await this.#formatted(this.#runFile());
    if (format !== undefined && format !== JOURNAL_FORMAT)
      await replaceJson(this.#runFile(), formatted(record));
    this.#readable = true;
  }

  async #requireFormat(): Promise<void> {
    await this.#read(this.#runFile());
  }

  #requireOwn(run: string): void {
    if (run !== this.#run)
      throw new TypeError(`the journal of run ${this.#run} was given something of ${run}`);
  }
}

function formatted(record: unknown): object {
  return { format: JOURNAL_FORMAT, record };
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isAbsent(error)) return [];
    throw error;
  }
}
