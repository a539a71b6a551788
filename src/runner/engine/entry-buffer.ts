import type { Journal, JournalEntry } from '../ports/journal.js';

/** Findings and conflicts that are buffered before they are journalled. */
const JOURNAL_BATCH = 200;

/** Journals entries of a run in batches; what is left needs `flush`. */
export class EntryBuffer {
  private entries: JournalEntry[] = [];

  constructor(
    private readonly journal: Journal,
    private readonly run: string,
  ) {}

  async add(entry: JournalEntry): Promise<void> {
    this.entries.push(entry);
    if (this.entries.length >= JOURNAL_BATCH) await this.flush();
  }

  async flush(): Promise<void> {
    const entries = this.entries;
    this.entries = [];
    if (entries.length > 0) await this.journal.append(this.run, entries);
  }
}
