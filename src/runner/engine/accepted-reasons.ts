import type { MigrationPlan } from '../../migrations/contract/migration-plan.js';
import type { Counters } from '../ports/journal.js';

/** Records of a step that are set aside and that no flag of the run accepts: a run with such records is not done. */
export function openRecords(
  plan: MigrationPlan,
  flags: readonly string[],
  reasons: Readonly<Record<string, number>>,
  counters: Pick<Counters, 'conflict'>,
): number {
  const quarantined = Object.entries(reasons).filter(([reason]) => {
    const flag = plan.acceptable.get(reason);
    return flag === undefined || !flags.includes(flag);
  });
  return quarantined.reduce((sum, [, count]) => sum + count, counters.conflict);
}
