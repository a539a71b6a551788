import { RefusedError } from '../../runner/ports/errors.js';
import { conductOf } from './conduct.js';
import type { Conduct, Phase } from './phase.js';
import type { PhaseReader, PhaseRecord } from './phase-store.js';
import { PHASE_TIMES } from './phase-times.js';

export interface CurrentPhaseOptions {
  readonly reader: PhaseReader;
  readonly plan: string;
  /** ms, for differences only; never goes back, and goes on while the machine is suspended */
  readonly clock: () => number;
  /** ms after which a read without an answer has failed; omitted: 2,000 */
  readonly patience?: number;
}

/** Between two attempts to read while the store does not answer, in ms: callers are not held up by each. */
const PAUSE_MS = 1_000;

interface Reading {
  readonly record: PhaseRecord;
  /** when it began, by the clock: what was written later may be missing in it */
  readonly askedAt: number;
}

/**
 * The phase that a process of the application acts on; one of these for each process and plan. It is read when somebody
 * asks and the last reading is older than {@link PHASE_TIMES}`.fresh`; callers share one read. Ask for each piece of work,
 * and do all of it under one answer.
 */
export class CurrentPhase {
  readonly #options: CurrentPhaseOptions;
  #known: Reading | undefined;
  #asking: Promise<void> | undefined;
  #failure: { readonly error: unknown; readonly at: number } | undefined;

  constructor(options: CurrentPhaseOptions) {
    this.#options = options;
  }

  /** What to do now. Throws as {@link phase}. */
  async conduct(): Promise<Conduct> {
    return conductOf(await this.phase());
  }

  /**
   * Throws RefusedError `PHASE_UNKNOWN` where the store has not answered for {@link PHASE_TIMES}`.kept`: a guess could be
   * wrong by more than one phase, and `legacy` is one of the guesses.
   */
  async phase(): Promise<Phase> {
    if (!this.#isYounger(PHASE_TIMES.fresh) && !this.#isPausing()) await this.#refreshed();
    if (this.#known !== undefined && this.#isYounger(PHASE_TIMES.kept)) return this.#known.record.phase;
    throw unknown(this.#options.plan, this.#failure?.error);
  }

  #refreshed(): Promise<void> {
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  async #ask(): Promise<void> {
    const { reader, plan, clock, patience = 2_000 } = this.#options;
    const askedAt = clock();
    try {
      const record = await within(patience, reader.read(plan));
      requireForwards(this.#known?.record, record);
      this.#known = { record, askedAt };
      this.#failure = undefined;
    } catch (error) {
      this.#failure = { error, at: clock() };
    }
  }

  #isYounger(limit: number): boolean {
    return this.#known !== undefined && this.#options.clock() - this.#known.askedAt < limit;
  }

  #isPausing(): boolean {
    return this.#failure !== undefined && this.#options.clock() - this.#failure.at < PAUSE_MS;
  }
}

/** Versions only grow: a smaller one is another table, or one that lost its rows. */
function requireForwards(known: PhaseRecord | undefined, found: PhaseRecord): void {
  if (known === undefined || found.version >= known.version) return;
  throw new Error(`the store tells of change ${found.version} after change ${known.version}`);
}

async function within<T>(ms: number, answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`no answer within ${ms} ms`));
    }, ms);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

function unknown(plan: string, cause: unknown): RefusedError {
  const why = cause instanceof Error ? `: ${cause.message}` : '';
  return new RefusedError(
    'PHASE_UNKNOWN',
    `the phase of plan ${plan} can't be told: the store did not answer for ${PHASE_TIMES.kept / 1000} seconds${why}`,
    'Refuse the work that depends on it and ask again; see that this process reaches the journal table and may read it.',
    { cause },
  );
}
