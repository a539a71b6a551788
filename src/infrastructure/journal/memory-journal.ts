import type { Attestation, Gate } from '../../runner/ports/attestation.js';
import type {
  EntryKind,
  Journal,
  JournalEntry,
  RunRecord,
  SegmentCheckpoint,
  StepRecord,
  StepState,
} from '../../runner/ports/journal.js';
import type { Fence } from '../../runner/ports/lease.js';
import { compareKeys, entryKey } from './entry-key.js';
import { withinLimits, withoutImages } from './entry-limits.js';
import { attestationKey, attestationPrefix } from './journal-layout.js';
import { leaseLost, TAKEN_OVER } from '../lease/lease-errors.js';

/** What a journal and its fenced views share. */
class Content {
  readonly runs = new Map<string, RunRecord>();
  readonly steps = new Map<string, Map<string, StepRecord>>();
  readonly states = new Map<string, Map<string, StepState>>();
  readonly checkpoints = new Map<string, Map<string, SegmentCheckpoint>>();
  readonly entries = new Map<string, Map<string, JournalEntry>>();
  readonly attestations = new Map<string, Map<string, Attestation>>();
  /** plan → token of its lease */
  readonly tokens = new Map<string, number>();
}

/** A journal that is gone with the process: for tests. What goes in and comes out are copies. */
export class MemoryJournal implements Journal {
  readonly #content: Content;
  readonly #fence: Fence | undefined;

  /** Without arguments an empty journal; `fence` is that of {@link fencedBy}. */
  constructor(content = new Content(), fence?: Fence) {
    this.#content = content;
    this.#fence = fence;
  }

  /** Tells of a new holder of the plan's lease: journals fenced by a lower token refuse writes from now on. */
  advanceToken(plan: string, token: number): void {
    this.#content.tokens.set(plan, Math.max(token, this.#content.tokens.get(plan) ?? token));
  }

  saveRun(run: RunRecord): Promise<void> {
    return this.#write(({ runs }) => void runs.set(run.run, structuredClone(run)));
  }

  run(run: string): Promise<RunRecord | undefined> {
    return Promise.resolve(structuredClone(this.#content.runs.get(run)));
  }

  runs(plan: string, limit: number): Promise<RunRecord[]> {
    const ofPlan = [...this.#content.runs.values()].filter((run) => run.plan === plan);
    ofPlan.sort((a, b) => compareKeys(b.run, a.run));
    return Promise.resolve(structuredClone(ofPlan.slice(0, limit)));
  }

  saveStep(step: StepRecord): Promise<void> {
    return this.#write(({ steps }) => void mapOf(steps, step.run).set(step.step, structuredClone(step)));
  }

  steps(run: string): Promise<StepRecord[]> {
    return Promise.resolve(structuredClone([...mapOf(this.#content.steps, run).values()]));
  }

  saveState(state: StepState): Promise<void> {
    return this.#write(
      ({ states }) => void mapOf(states, state.plan).set(state.step, structuredClone(state)),
    );
  }

  states(plan: string): Promise<StepState[]> {
    return Promise.resolve(structuredClone([...mapOf(this.#content.states, plan).values()]));
  }

  saveCheckpoint(checkpoint: SegmentCheckpoint): Promise<void> {
    const { run, step, segment } = checkpoint;
    return this.#write(({ checkpoints }) => {
      mapOf(checkpoints, listName(run, step)).set(String(segment), structuredClone(checkpoint));
    });
  }

  checkpoints(run: string, step: string): Promise<SegmentCheckpoint[]> {
    const ofStep = [...mapOf(this.#content.checkpoints, listName(run, step)).values()];
    return Promise.resolve(structuredClone(ofStep.sort((a, b) => a.segment - b.segment)));
  }

  append(run: string, entries: readonly JournalEntry[]): Promise<void> {
    return this.#write((content) => {
      for (const entry of entries) {
        const list = mapOf(content.entries, listName(run, entry.step, entry.kind));
        list.set(entryKey(entry), structuredClone(withinLimits(entry)));
      }
    });
  }

  prune(run: string, step: string, kind: EntryKind, keep: (entry: JournalEntry) => boolean): Promise<number> {
    return this.#write((content) => {
      const list = mapOf(content.entries, listName(run, step, kind));
      const unwanted = [...list].filter(([, entry]) => !keep(structuredClone(withoutImages(entry))));
      for (const [key] of unwanted) list.delete(key);
      return unwanted.length;
    });
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

  attest(plan: string, attestation: Attestation): Promise<void> {
    const { sk } = attestationKey(plan, attestation);
    return this.#write(({ attestations }) => {
      mapOf(attestations, plan).set(sk, structuredClone(attestation));
    });
  }

  attestations<G extends Gate>(plan: string, gate: G): Promise<Extract<Attestation, { gate: G }>[]> {
    const ofGate = [...mapOf(this.#content.attestations, plan)]
      .filter(([key]) => key.startsWith(attestationPrefix(gate)))
      .sort(([a], [b]) => compareKeys(b, a));
    return Promise.resolve(
      ofGate.map(([, attestation]) => structuredClone(attestation) as Extract<Attestation, { gate: G }>),
    );
  }

  fencedBy(fence: Fence): Journal {
    return new MemoryJournal(this.#content, fence);
  }

  #write<T>(change: (content: Content) => T): Promise<T> {
    return new Promise((resolve) => {
      this.#requireLease();
      resolve(change(this.#content));
    });
  }

  #requireLease(): void {
    if (this.#fence === undefined) return;
    const { plan, token } = this.#fence;
    this.#fence.assertHeld();
    if (token < (this.#content.tokens.get(plan) ?? token)) throw leaseLost(this.#fence, TAKEN_OVER);
  }

  #sorted(run: string, step: string, kind: EntryKind): JournalEntry[] {
    const list = [...mapOf(this.#content.entries, listName(run, step, kind))];
    return list.sort(([a], [b]) => compareKeys(a, b)).map(([, entry]) => entry);
  }
}

function listName(...names: readonly string[]): string {
  return JSON.stringify(names);
}

function mapOf<V>(maps: Map<string, Map<string, V>>, name: string): Map<string, V> {
  const known = maps.get(name);
  if (known !== undefined) return known;
  const created = new Map<string, V>();
  maps.set(name, created);
  return created;
}
