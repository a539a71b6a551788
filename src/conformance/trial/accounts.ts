import type { EndState } from './end-state.js';
import { numberDifferences } from './differences.js';

/** Where what was counted is not what was told: records set aside, by their reasons, against the entries of the journal. */
export function accountDifferences({ steps, entries }: EndState): string[] {
  return [...steps].flatMap(([step, { reasons, counters }]) => {
    const told = new Map<string, Set<string>>();
    for (const entry of entries) {
      if (entry.step !== step || (entry.kind !== 'quarantine' && entry.kind !== 'conflict')) continue;
      told.set(entry.reason, (told.get(entry.reason) ?? new Set()).add(entry.source));
    }
    const records = Object.fromEntries([...told].map(([reason, sources]) => [reason, sources.size]));
    const counted = { ...reasons, ...(counters.conflict === 0 ? {} : { CONFLICT: counters.conflict }) };
    return numberDifferences(counted, records).map(
      (line) => `step ${step}: the journal tells ${line} counted`,
    );
  });
}
