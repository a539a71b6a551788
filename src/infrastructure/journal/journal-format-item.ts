import { damaged, JOURNAL_FORMAT } from './journal-format.js';
import { FORMAT_KEY } from './journal-layout.js';
import type { JournalTable } from './journal-table.js';
import { keyItem } from './journal-table.js';

/** An older version may mark an empty table just before us: then there is a second mark to make, and a third look. */
const MAX_LOOKS = 4;

/**
 * The table's own word on its format, looked at once per process. Reading refuses a format that we can't read and
 * writes nothing; the first write marks a table that has no format yet, and upgrades one of an older format, so that
 * older versions of this code leave it alone from then on.
 */
export class JournalFormatItem {
  readonly #table: JournalTable;
  #read: Promise<unknown> | undefined;
  #marked: Promise<void> | undefined;

  constructor(table: JournalTable) {
    this.#table = table;
  }

  /** Throws `JOURNAL_FORMAT` where the table is of another format. */
  async beforeReading(): Promise<void> {
    this.#read ??= this.#found();
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

  /** Where somebody else marks it at the same time, ours does nothing, and what is there then counts. */
  async #mark(): Promise<void> {
    const marker = { ...keyItem(FORMAT_KEY), format: { N: String(JOURNAL_FORMAT) } };
    for (let look = 0; look < MAX_LOOKS; look++) {
      const found = await this.#found();
      if (found === JOURNAL_FORMAT) return;
      if (found === undefined) await this.#table.putIfAbsent(marker);
      else await this.#table.putOverFormat(found, marker);
    }
    throw damaged('the mark of its format keeps changing');
  }

  /** undefined where the table has no format yet */
  async #found(): Promise<number | undefined> {
    const item = await this.#table.get(FORMAT_KEY);
    return item === undefined ? undefined : Number(item['format']?.N);
  }
}
