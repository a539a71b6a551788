import type { TuneRequest, TuneResult } from '../application.js';
import { requireJournal } from '../acceptance/require-journal.js';
import { planNamed, type HistoryParts } from './service-parts.js';

/** `tune`: asks the holder of the plan's lease, wherever it runs, to go at another rate. */
export class TuneService {
  constructor(private readonly parts: HistoryParts) {}

  /** The runner sees the request at its next heartbeat. Throws RefusedError `TABLE_MISSING` where there is no journal. */
  async tune({ plan: name, limits }: TuneRequest): Promise<TuneResult> {
    const { environment, leases } = this.parts;
    const plan = planNamed(this.parts, name);
    await requireJournal(this.parts);
    const asked = await leases.requestRate(plan.name, limits);
    return { plan: plan.name, env: environment.name, limits, ...(asked === undefined ? {} : { asked }) };
  }
}
