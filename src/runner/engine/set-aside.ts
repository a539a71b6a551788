import type { Warning } from '../../migrations/contract/outcome.js';
import type { IMigrationStep } from '../../migrations/contract/migration-step.js';
import type { JournalEntry, Slice } from '../ports/journal.js';
import type { SettledRecord } from './page-settlement.js';

/** Distinct `once` warnings that we remember; beyond that they repeat rather than grow memory. */
const MAX_REMEMBERED = 10_000;

/** Turns settled records into what the journal keeps of them: quarantine, conflicts, warnings and accounts. */
export class SetAside {
  private readonly reported = new Set<string>();

  constructor(private readonly step: Pick<IMigrationStep, 'name' | 'source'>) {}

  /** `slice`: what the entries belong to, so that a repeated slice can take its old ones back */
  entriesOf(settled: SettledRecord, slice?: Slice): JournalEntry[] {
    const { source, decision } = settled;
    const part = slice === undefined ? {} : { slice };
    const base = { step: this.step.name, source, ...part } as const;
    const entries: JournalEntry[] = [];
    if (decision.kind === 'quarantined') {
      entries.push({ ...base, kind: 'quarantine', ...decision.problem, image: settled.record });
    }
    for (const row of settled.rows) {
      if (row.outcome !== 'conflict') continue;
      entries.push({
        ...base,
        kind: 'conflict',
        reason: 'CONFLICT',
        detail: row.detail ?? 'another row has this key',
        table: row.pending.table,
        key: row.pending.keyText,
        image: row.pending.item,
        ...(row.found === undefined ? {} : { found: row.found }),
      });
    }
    if (decision.account !== undefined) {
      const { rule, detail, key } = decision.account;
      const decided = { ...base, kind: 'decision', reason: rule, detail } as const;
      entries.push(key === undefined ? decided : { ...decided, key });
    }
    for (const warning of decision.warnings) {
      const entry = this.warningEntry(source, warning, part);
      if (entry !== undefined) entries.push(entry);
    }
    return entries;
  }

  private warningEntry(
    source: string,
    warning: Warning,
    part: Pick<JournalEntry, 'slice'>,
  ): JournalEntry | undefined {
    const { code, field, detail, once } = warning;
    const entry = { kind: 'warning', step: this.step.name, reason: code, detail } as const;
    const named = field === undefined ? entry : { ...entry, field };
    if (once !== true) return { ...named, source, ...part };
    const name = `${code}/${field ?? ''}`;
    if (this.reported.has(name)) return undefined;
    if (this.reported.size < MAX_REMEMBERED) this.reported.add(name);
    return { ...named, source: this.step.source };
  }
}
