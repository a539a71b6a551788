import { effectiveStep } from '../../../src/runner/acceptance/effective-step.js';
import type { EntryKind } from '../../../src/runner/ports/journal.js';
import type { KpiTrial } from './kpi-trial.js';

/**
 * What each step's run amounts to with all its amendments, e.g. `read 4, settled 3, KPI_UNLINKED 1`. Throws where the
 * numbers do not add up (invariant 1), or the entries are not those that the numbers count.
 */
export async function ledger({ journal }: Pick<KpiTrial, 'journal'>): Promise<Record<string, string>> {
  const lines: [string, string][] = [];
  for (const { step, run } of await journal.states('kpi')) {
    const record = (await journal.steps(run)).find((candidate) => candidate.step === step);
    if (record === undefined) throw new Error(`run ${run} has no record of ${step}`);
    const { counters, reasons } = effectiveStep(record);
    const { read, created, updated, unchanged, skipped, quarantined, conflict } = counters;
    const settled = created + updated + unchanged;
    if (settled + skipped + quarantined + conflict !== read)
      throw new Error(`${step}: ${JSON.stringify(counters)} does not add up`);
    const listed = new Map<string, number>();
    for (const { reason } of await all('quarantine', run, step))
      listed.set(reason, (listed.get(reason) ?? 0) + 1);
    const counted = Object.entries(reasons).sort();
    if (JSON.stringify([...listed].sort()) !== JSON.stringify(counted))
      throw new Error(`${step}: counts ${JSON.stringify(counted)} and lists ${JSON.stringify([...listed])}`);
    const conflicts = new Set((await all('conflict', run, step)).map(({ source }) => source));
    if (conflicts.size !== conflict)
      throw new Error(`${step}: counts ${conflict} and lists ${conflicts.size} conflicts`);
    const told = [
      `read ${read}`,
      `settled ${settled}`,
      ...counted.map(([reason, count]) => `${reason} ${count}`),
    ];
    lines.push([step, [...told, ...(conflict === 0 ? [] : [`conflict ${conflict}`])].join(', ')]);
  }
  return Object.fromEntries(lines);

  async function all(kind: EntryKind, run: string, step: string) {
    const found = [];
    for await (const entry of journal.entries(run, step, kind)) found.push(entry);
    return found;
  }
}
