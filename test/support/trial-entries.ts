import type { Trial } from '../../src/conformance/trial/trial.js';
import { ENTRY_KINDS, type JournalEntry } from '../../src/runner/ports/journal.js';

/** What the newest run of a step has set aside or noticed; `kinds` omitted: all. */
export async function entriesOf(
  trial: Trial,
  step: string,
  kinds: readonly JournalEntry['kind'][] = ENTRY_KINDS,
): Promise<JournalEntry[]> {
  const [latest] = await trial.runs();
  const entries: JournalEntry[] = [];
  for (const kind of kinds)
    for await (const entry of trial.journal.entries(latest?.run ?? '', step, kind)) entries.push(entry);
  return entries;
}
