import { CurrentPhase } from '../../../src/cutover/phases/current-phase.js';
import { phaseNamed } from '../../../src/cutover/phases/conduct.js';
import type { Phase } from '../../../src/cutover/phases/phase.js';
import { beginning, type PhaseRecord } from '../../../src/cutover/phases/phase-store.js';

const VERIFIED = phaseNamed('verified');
const DUAL = phaseNamed('dual-write');

function record(phase: Phase, version: number): PhaseRecord {
  return { ...beginning('kpi'), phase, version };
}

/** A store that answers when it is told to, and a clock that stands still. */
class Trial {
  now = 1_000;
  reads = 0;
  answer: () => Promise<PhaseRecord> = () => Promise.resolve(record(DUAL, 1));
  readonly current = new CurrentPhase({
    reader: {
      read: () => {
        this.reads += 1;
        return this.answer();
      },
    },
    plan: 'kpi',
    clock: () => this.now,
    patience: 20,
  });

  answers(phase: Phase, version: number): void {
    this.answer = () => Promise.resolve(record(phase, version));
  }

  fails(): void {
    this.answer = () => Promise.reject(new Error('the store is away'));
  }

  later(ms: number): Promise<Phase> {
    this.now += ms;
    return this.current.phase();
  }
}

describe('the phase that a process acts on', () => {
  it('E-X18: is read once in five seconds, however often it is asked for', async () => {
    const trial = new Trial();
    expect(await trial.current.phase()).toEqual(DUAL);
    trial.answers(VERIFIED, 3);
    expect(await trial.later(4_999)).toEqual(DUAL);
    expect(trial.reads).toBe(1);
    expect(await trial.later(1)).toEqual(VERIFIED);
    expect(trial.reads).toBe(2);
  });

  it('E-X18: callers at the same time share one read', async () => {
    const trial = new Trial();
    const phases = await Promise.all(Array.from({ length: 50 }, () => trial.current.phase()));
    expect(new Set(phases)).toEqual(new Set([DUAL]));
    expect(trial.reads).toBe(1);
  });

  it('E-X18: counts from the beginning of the read, not from the answer', async () => {
    const trial = new Trial();
    trial.answer = () => {
      trial.now += 4_000;
      return Promise.resolve(record(DUAL, 1));
    };
    await trial.current.phase();
    trial.answers(VERIFIED, 3);
    expect(await trial.later(1_000)).toEqual(VERIFIED);
  });

  it('E-X18: is the last known one where the store fails, for half a minute and no longer', async () => {
    const trial = new Trial();
    trial.answers(VERIFIED, 3);
    await trial.current.phase();
    trial.fails();
    expect(await trial.later(29_999)).toEqual(VERIFIED);
    await expect(trial.later(1)).rejects.toMatchObject({ code: 'PHASE_UNKNOWN', exit: 3 });
    trial.answers(DUAL, 4);
    expect(await trial.later(1_000)).toEqual(DUAL);
  });

  it('E-X18: is never guessed: a process that can not read it does not take legacy for it', async () => {
    const trial = new Trial();
    trial.fails();
    await expect(trial.current.phase()).rejects.toMatchObject({
      code: 'PHASE_UNKNOWN',
      message: expect.stringContaining('the store is away') as string,
    });
    await expect(trial.current.conduct()).rejects.toMatchObject({ code: 'PHASE_UNKNOWN' });
  });

  it('E-X18: a store that fails is asked once a second, and callers do not wait for it each time', async () => {
    const trial = new Trial();
    await trial.current.phase();
    trial.fails();
    await trial.later(5_000);
    await trial.later(999);
    expect(trial.reads).toBe(2);
    await trial.later(1);
    expect(trial.reads).toBe(3);
  });

  it('E-X18: a read without an answer has failed, and the next one is another', async () => {
    const trial = new Trial();
    await trial.current.phase();
    trial.answer = () => new Promise(() => undefined);
    expect(await trial.later(5_000)).toEqual(DUAL);
    trial.answers(VERIFIED, 3);
    expect(await trial.later(1_000)).toEqual(VERIFIED);
  });

  it('E-X18: an older change than the one that is known is no answer', async () => {
    const trial = new Trial();
    trial.answers(VERIFIED, 3);
    await trial.current.phase();
    trial.answers({ name: 'legacy', share: 0 }, 0);
    expect(await trial.later(5_000)).toEqual(VERIFIED);
    await expect(trial.later(25_000)).rejects.toMatchObject({ code: 'PHASE_UNKNOWN' });
  });

  it('E-23: tells what to do', async () => {
    const trial = new Trial();
    trial.answers({ name: 'reading', share: 50 }, 5);
    expect(await trial.current.conduct()).toEqual({ writes: 'both', truth: 'legacy', share: 50 });
  });
});
