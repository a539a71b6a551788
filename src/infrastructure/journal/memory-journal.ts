import type {
  EntryKind,
  Journal,
  JournalEntry,
  RunRecord,
  StepRecord,
  StepState,
} from '../../runner/ports/journal.js';
import { compareKeys, entryKey } from './entry-key.js';
import { withinLimits, withoutImages } from './entry-limits.js';

/** A journal that is gone with the process: for tests. What goes in and comes out are copies. */
export class MemoryJournal implements Journal {
  readonly #runs = new Map<string, RunRecord>();
  readonly #steps = new Map<string, Map<string, StepRecord>>();
  readonly #states = new Map<string, Map<string, StepState>>();
  readonly #entries = new Map<string, Map<string, JournalEntry>>();

  saveRun(run: RunRecord): Promise<void> {
    this.#runs.set(run.run, structuredClone(run));
    return Promise.resolve();
  }

  run(run: string): Promise<RunRecord | undefined> {
    return Promise.resolve(structuredClone(this.#runs.get(run)));
  }

  runs(plan: string, limit: number): Promise<RunRecord[]> {
    const ofPlan = [...this.#runs.values()].filter((run) => run.plan === plan);
    ofPlan.sort((a, b) => compareKeys(b.run, a.run));
    return Promise.resolve(structuredClone(ofPlan.slice(0, limit)));
  }

  saveStep(step: StepRecord): Promise<void> {
    mapOf(this.#steps, step.run).set(step.step, structuredClone(step));
    return Promise.resolve();
  }

  steps(run: string): Promise<StepRecord[]> {
    return Promise.resolve(structuredClone([...mapOf(this.#steps, run).values()]));
  }

  saveState(state: StepState): Promise<void> {
    mapOf(this.#states, state.plan).set(state.step, structuredClone(state));
    return Promise.resolve();
  }

  states(plan: string): Promise<StepState[]> {
    return Promise.resolve(structuredClone([...mapOf(this.#states, plan).values()]));
  }

  append(run: string, entries: readonly JournalEntry[]): Promise<void> {
    for (const entry of entries) {
      const list = mapOf(this.#entries, listName(run, entry.step, entry.kind));
      list.set(entryKey(entry), structuredClone(withinLimits(entry)));
    }
    return Promise.resolve();
  }

  async *entries(
    run: string,
    step: string,
    kind: EntryKind,
    options: { readonly images?: boolean } = {},
  ): AsyncIterable<JournalEntry> {
    await Promise.resolve();
    for (const entry of this.#sorted(run, step, kind)) {
      yield structuredClone(options.images === true ? entry : withoutImages(entry));
    }
  }

  entry(run: string, step: string, kind: EntryKind, source: string): Promise<JournalEntry | undefined> {
    const found = this.#sorted(run, step, kind).find((entry) => entry.source === source);
    return Promise.resolve(structuredClone(found));
  }

  #sorted(run: string, step: string, kind: EntryKind): JournalEntry[] {
    const list = [...mapOf(this.#entries, listName(run, step, kind))];
    return list.sort(([a], [b]) => compareKeys(a, b)).map(([, entry]) => entry);
  }
}

function listName(run: string, step: string, kind: EntryKind): string {
  return JSON.stringify([run, step, kind]);
}

function mapOf<V>(maps: Map<string, Map<string, V>>, name: string): Map<string, V> {
  const known = maps.get(name);
  if (known !== undefined) return known;
  const created = new Map<string, V>();
  maps.set(name, created);
  return created;
}
