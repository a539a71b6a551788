import { StoreError } from '../../runner/ports/errors.js';
import type { Uninterrupted } from '../bench.js';
import { differences } from '../trial/differences.js';
import { endStateOf } from '../trial/end-state.js';
import { Failpoints, type Fate } from '../trial/failpoints.js';
import { spread } from '../trial/interruption.js';
import type { Trial } from '../trial/trial.js';
import type { Case } from './case.js';

/** Trials with failures at seeded points of any kind. */
const ROUNDS = { quick: 15, full: 60 };
/** Reads that fail once, each in a trial of its own. */
const READS = { quick: 20, full: 300 };
/** Failures of one trial at most; a store that never stops failing would show nothing. */
const FAILURES = 12;

/** A store that gives up again and again, before, amid and after what it was asked to do, and each time is asked anew. */
export const THROTTLED: Case = {
  id: 'throttled',
  name: 'ends the same when the store fails again and again',
  judge: async (bench) => {
    const generations = [await bench.soundRun()];
    if (bench.subject.change !== undefined) generations.push(await bench.soundSecondRun());
    const [reads, rounds] = bench.isFull ? [READS.full, ROUNDS.full] : [READS.quick, ROUNDS.quick];
    const problems: string[] = [];
    let failures = 0;
    for (const reference of generations) {
      for (const { what, trouble } of troubles(
        reference,
        reads / generations.length,
        rounds / generations.length,
      )) {
        const found = await troubled(bench.trial(reference.start), reference, trouble);
        problems.push(...found.map((line) => `${what}: ${line}`));
        failures += trouble.met;
      }
    }
    return {
      problems,
      told: `${failures} failures of the store`,
      advice:
        'An error of the reader or of a look-up must go on its way: who swallows it decides on half of the tables.',
    };
  },
};

function* troubles(
  { points }: Uninterrupted,
  reads: number,
  rounds: number,
): Iterable<{ readonly what: string; readonly trouble: Trouble }> {
  const positions = points.flatMap((point, index) => (point.startsWith('at reader.') ? [index] : []));
  for (const position of spread(points, positions, Math.ceil(reads)))
    yield { what: `failed ${points[position] ?? ''}`, trouble: new SingleTrouble(position) };
  for (let seed = 1; seed <= rounds; seed += 1)
    yield { what: `round ${seed}`, trouble: new RepeatedTrouble(seed, points.length) };
}

async function troubled(trial: Trial, reference: Uninterrupted, trouble: Trouble): Promise<string[]> {
  // every attempt but the last one ends with a failure, and of those there are so many
  for (let attempt = 0; attempt <= FAILURES && !(await trial.isOver()); attempt += 1)
    await attemptOf(trial, trouble);
  if (!(await trial.isOver())) return ['the run never ended'];
  return differences(reference.end, await endStateOf(trial));
}

async function attemptOf(trial: Trial, trouble: Trouble): Promise<void> {
  try {
    await trial.run({ failpoints: new Failpoints(() => trouble.next()) });
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
  }
}

interface Trouble {
  /** failures so far */
  readonly met: number;
  next(): Fate;
}

function failure(): StoreError {
  return new StoreError('STORE_THROTTLED', 'the store gave up in this trial', 'Run the same command again.');
}

/** One failure, at this point. */
class SingleTrouble implements Trouble {
  met = 0;
  private passed = 0;

  constructor(private readonly position: number) {}

  next(): Fate {
    this.passed += 1;
    if (this.passed !== this.position + 1) return undefined;
    this.met += 1;
    return failure();
  }
}

/** Failures at seeded distances, until there were enough. */
class RepeatedTrouble implements Trouble {
  met = 0;
  private left: number;

  constructor(
    private state: number,
    /** points between two failures at most: those of a whole run, so that every one has its turn */
    private readonly gap: number,
  ) {
    this.left = this.distance();
  }

  next(): Fate {
    this.left -= 1;
    if (this.met === FAILURES || this.left > 0) return undefined;
    this.met += 1;
    this.left = this.distance();
    return failure();
  }

  /** Mulberry32: small, and the same everywhere. */
  private distance(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return 1 + (((mixed ^ (mixed >>> 14)) >>> 0) % this.gap);
  }
}
