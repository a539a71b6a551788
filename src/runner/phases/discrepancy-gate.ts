import type { DiscrepancyList } from '../../cutover/dual-writes/discrepancies.js';
import type { PhaseGate } from '../phase-requests.js';
import { formatCount } from '../reports/quantities.js';

/** ms; a write to both models that has not said for longer that it ended is not under way, it was cut off. */
const LONGEST_WRITE_MS = 60_000;

/** Dual writes left nothing open (E-45). Those under way this very moment don't count: in a live system there are always some. */
export async function discrepancyGate(store: DiscrepancyList, plan: string, now: Date): Promise<PhaseGate> {
  let open = 0;
  let underWay = 0;
  for await (const { reason, at } of store.list(plan)) {
    if (reason === 'UNDER_WAY' && now.getTime() - Date.parse(at) < LONGEST_WRITE_MS) underWay += 1;
    else open += 1;
  }
  const beside = underWay === 0 ? '' : `, beside ${formatCount(underWay)} under way`;
  const evidence = `open discrepancies of dual writes: ${formatCount(open)}${beside}`;
  if (open === 0) return { gate: 'discrepancies', met: true, evidence };
  return { gate: 'discrepancies', met: false, evidence, next: 'Reconcile them; see docs/cutover.md.' };
}
