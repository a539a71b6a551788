import type { LookupIndex, LookupIndexes } from '../../migrations/contract/lookup-index.js';
import type { EntryKind, Journal, JournalEntry, RetrySelection, StepRecord } from '../ports/journal.js';

/** Entries with their images that are held at a time. */
const COPIED_AT_ONCE = 50;

/** Whether a retry is about an entry of the quarantine. */
export function isSelected(
  { reasons, ids }: RetrySelection,
  entry: Pick<JournalEntry, 'source' | 'reason'>,
): boolean {
  if (reasons !== undefined && !reasons.includes(entry.reason)) return false;
  if (ids === undefined) return true;
  const id = entry.source.slice(entry.source.indexOf('#') + 1);
  return ids.includes(entry.source) || ids.includes(id);
}

/**
 * Brings the entries of a step's run in line with the retries that amended its numbers: what they settled leaves the
 * quarantine, what they set aside again stands there with its new reason, and the same goes for what was said about
 * these records otherwise. Safe to repeat, so that it can be done again where a process was killed at it.
 */
export class RetryAmendments {
  constructor(
    private readonly journal: Journal,
    private readonly indexes: LookupIndexes,
  ) {}

  /** Gives back the record with nothing left to apply. */
  async apply(base: StepRecord): Promise<StepRecord> {
    const { amendments = [] } = base;
    if (amendments.every(({ applied }) => applied)) return base;
    for (const { run, applied } of amendments) if (!applied) await this.applyOne(base, run);
    const applied = { ...base, amendments: amendments.map((amendment) => ({ ...amendment, applied: true })) };
    await this.journal.saveStep(applied);
    return applied;
  }

  private async applyOne({ run, step }: StepRecord, retry: string): Promise<void> {
    const { journal } = this;
    const selection = (await journal.run(retry))?.selection ?? {};
    const [tried, told] = [this.indexes.create('tried-again'), this.indexes.create('told-again')];
    try {
      for await (const entry of journal.entries(run, step, 'quarantine'))
        if (isSelected(selection, entry)) await tried.put(entry.source, '');
      for (const kind of ['quarantine', 'conflict', 'warning', 'decision'] as const)
        await this.copy(retry, run, step, kind, [tried, told]);
      const stays = (entry: JournalEntry): boolean =>
        tried.get(entry.source) === undefined || told.get(nameOf(entry)) !== undefined;
      // the quarantine last: it tells what was tried again, also after a crash
      for (const kind of ['conflict', 'warning', 'decision', 'quarantine'] as const)
        await journal.prune(run, step, kind, stays);
    } finally {
      await Promise.all([tried.close(), told.close()]);
    }
  }

  private async copy(
    from: string,
    to: string,
    step: string,
    kind: EntryKind,
    [tried, told]: readonly [LookupIndex, LookupIndex],
  ): Promise<void> {
    const { journal } = this;
    let batch: JournalEntry[] = [];
    for await (const entry of journal.entries(from, step, kind, { images: true })) {
      // one that has another reason by now is no longer found by its old one
      if (kind === 'quarantine') await tried.put(entry.source, '');
      await told.put(nameOf(entry), '');
      batch.push(entry);
      if (batch.length < COPIED_AT_ONCE) continue;
      await journal.append(to, batch);
      batch = [];
    }
    if (batch.length > 0) await journal.append(to, batch);
  }
}

/** A record is set aside once; of conflicts and warnings it may have several. */
function nameOf({ kind, source, reason, field, table, key }: JournalEntry): string {
  if (kind === 'quarantine') return JSON.stringify([kind, source]);
  return JSON.stringify([kind, source, reason, field ?? '', table ?? '', key ?? '']);
}
