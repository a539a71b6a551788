import { JOURNAL_FORMAT } from './journal-format.js';
import { FORMAT_KEY } from './journal-layout.js';
import type { JournalTable } from './journal-table.js';
import { keyItem } from './journal-table.js';

/**
 * The table's own word on its format, looked at once per process. Reading refuses another format and writes
 * nothing; the first write marks a table that has no format yet.
 */
export class JournalFormatItem {
  readonly #table: JournalTable;
  #read: Promise<boolean> | undefined;
  #marked: Promise<void> | undefined;

  constructor(table: JournalTable) {
    this.#table = table;
  }

  /** Throws `JOURNAL_FORMAT` where the table is of another format. */
  async beforeReading(): Promise<void> {
    this.#read ??= this.#isMarked();
    try {
      await this.#read;
    } catch (error) {
      this.#read = undefined;
      throw error;
    }
  }

  /** As {@link beforeReading}, and the table is marked as of our format afterwards. */
  async beforeWriting(): Promise<void> {
    this.#marked ??= this.#mark();
    try {
      await this.#marked;
    } catch (error) {
      this.#marked = undefined;
      throw error;
    }
  }

  async #mark(): Promise<void> {
    if (await this.#isMarked()) return;
    await this.#table.putIfAbsent({ ...keyItem(FORMAT_KEY), format: { N: String(JOURNAL_FORMAT) } });
    await this.#isMarked();
  }

  async #isMarked(): Promise<boolean> {
    return (await this.#table.get(FORMAT_KEY)) !== undefined;
  }
}
