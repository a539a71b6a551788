import type { PlanRequest, StopResult } from '../application.js';
import { requireJournal } from '../acceptance/require-journal.js';
import { planNamed, type HistoryParts } from './service-parts.js';

/** `stop`: asks the holder of the plan's lease, wherever it runs, to stop at the next safe place. */
export class StopService {
  constructor(private readonly parts: HistoryParts) {}

  /** The runner sees the request at its next heartbeat. Throws RefusedError `TABLE_MISSING` where there is no journal. */
  async stop(request: PlanRequest): Promise<StopResult> {
    const { environment, leases } = this.parts;
    const plan = planNamed(this.parts, request.plan);
    await requireJournal(this.parts);
    const asked = await leases.requestStop(plan.name);
    return { plan: plan.name, env: environment.name, ...(asked === undefined ? {} : { asked }) };
  }
}
