import { join } from 'node:path';
import { readdir } from 'node:fs/promises';
import { RefusedError } from '../../runner/ports/errors.js';
import type { RunRecord } from '../../runner/ports/journal.js';
import { compareKeys } from './entry-key.js';
import type { FileJournalOptions } from './file-journal.js';
import { FileJournal } from './file-journal.js';
import { isAbsent } from './owner-only-files.js';

const RUN_ID = /^\d{8}T\d{6}Z-[0-9a-f]{6}$/;

/** The folder of runs (`.waybill/runs`): a {@link FileJournal} in each folder that has one. */
export class FileJournals {
  readonly #root: string;
  readonly #options: FileJournalOptions;

  constructor(root: string, options: FileJournalOptions = {}) {
    this.#root = root;
    this.#options = options;
  }

  /** The journal of a run to write. Throws TypeError for what is no run id. */
  journal(run: string): FileJournal {
    if (!RUN_ID.test(run)) throw new TypeError(`no run id: ${run}`);
    return new FileJournal(join(this.#root, run), this.#options);
  }

  /** The journal of a run to read; undefined where no run of that id was kept here. */
  async open(run: string): Promise<FileJournal | undefined> {
    if (!RUN_ID.test(run)) return undefined;
    const journal = this.journal(run);
    return (await journal.run(run)) === undefined ? undefined : journal;
  }

  /**
   * Runs of a plan in an environment, newest first. A folder of another format or a damaged one is reported
   * (`journal.unreadable-run`) and passed over; `open` refuses it.
   */
  async runs(plan: string, env: string): Promise<RunRecord[]> {
    const found: RunRecord[] = [];
    for (const run of await this.#newestFirst()) {
      const record = await this.#record(run);
      if (record?.plan === plan && record.env === env) found.push(record);
    }
    return found;
  }

  async #newestFirst(): Promise<string[]> {
    try {
      const names = await readdir(this.#root);
      return names.filter((name) => RUN_ID.test(name)).sort((a, b) => compareKeys(b, a));
    } catch (error) {
      if (isAbsent(error)) return [];
      throw error;
    }
  }

  async #record(run: string): Promise<RunRecord | undefined> {
    try {
      return await this.journal(run).run(run);
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      this.#options.log?.event('warn', 'journal.unreadable-run', { run, code: error.code });
      return undefined;
    }
  }
}
