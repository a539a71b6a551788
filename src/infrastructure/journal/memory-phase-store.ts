import {
  beginning,
  type PhaseChange,
  type PhaseRecord,
  type PhaseStore,
} from '../../cutover/phases/phase-store.js';
import { phaseChanged } from './phase-conflict.js';

/** Phases that are gone with the process: for tests. What goes in and comes out are copies. */
export class MemoryPhaseStore implements PhaseStore {
  readonly #records = new Map<string, PhaseRecord>();
  readonly #changes = new Map<string, PhaseChange[]>();

  read(plan: string): Promise<PhaseRecord> {
    return Promise.resolve(structuredClone(this.#records.get(plan) ?? beginning(plan)));
  }

  change(next: PhaseRecord): Promise<void> {
    const { plan, version, last } = next;
    const present = this.#records.get(plan)?.version ?? 0;
    if (present !== version - 1 || last === undefined) return Promise.reject(phaseChanged(plan));
    this.#records.set(plan, structuredClone(next));
    this.#changes.set(plan, [...(this.#changes.get(plan) ?? []), structuredClone(last)]);
    return Promise.resolve();
  }

  history(plan: string): Promise<PhaseChange[]> {
    return Promise.resolve(structuredClone(this.#changes.get(plan) ?? []));
  }
}
