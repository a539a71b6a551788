import fc from 'fast-check';
import { conductOf, phaseWords } from '../../../src/cutover/phases/conduct.js';
import { PHASES, type Phase } from '../../../src/cutover/phases/phase.js';
import { earlierPhase, nextPhase } from '../../../src/cutover/phases/transitions.js';
import { WaybillError } from '../../../src/runner/ports/errors.js';
import { DEFAULT_RAMP, isRamp } from '../../../src/runner/ports/ramp.js';

const reading = (share: number): Phase => ({ name: 'reading', share });
const LEGACY: Phase = { name: 'legacy', share: 0 };
const DUAL: Phase = { name: 'dual-write', share: 0 };
const BACKFILLED: Phase = { name: 'backfilled', share: 0 };
const VERIFIED: Phase = { name: 'verified', share: 0 };
const NEW_ONLY: Phase = { name: 'new-only', share: 100 };
const ARCHIVED: Phase = { name: 'archived', share: 100 };

/** What the application may ever do, in the order in which a cutover goes through it. */
const LEGAL = [
  'legacy/legacy/0',
  'both/legacy/0',
  'both/legacy/10',
  'both/legacy/50',
  'both/new/100',
  'new/new/100',
];

function shown(phase: Phase): string {
  const { writes, truth, share } = conductOf(phase);
  return `${writes}/${truth}/${share}`;
}

function refusal(work: () => unknown): [exit: number, code: string] {
  try {
    work();
  } catch (error) {
    if (error instanceof WaybillError) return [error.exit, error.code];
    throw error;
  }
  throw new Error('it was not refused');
}

describe('what an application does in each phase', () => {
  it.each([
    [LEGACY, 'legacy/legacy/0'],
    [DUAL, 'both/legacy/0'],
    [BACKFILLED, 'both/legacy/0'],
    [VERIFIED, 'both/legacy/0'],
    [reading(10), 'both/legacy/10'],
    [reading(99), 'both/legacy/99'],
    [reading(100), 'both/new/100'],
    [NEW_ONLY, 'new/new/100'],
    [ARCHIVED, 'new/new/100'],
  ])('P-13, P-34, E-13: %j means %s', (phase, conduct) => {
    expect(shown(phase)).toBe(conduct);
  });
});

describe('ways forwards', () => {
  it('P-10, E-24: lead through every phase in its order, and reads grow along the ramp', () => {
    const seen = [LEGACY];
    for (let at = LEGACY; at.name !== 'archived'; seen.push(at)) at = nextPhase(at, DEFAULT_RAMP);
    expect(seen.map(phaseWords)).toEqual([
      ...['legacy', 'dual-write', 'backfilled', 'verified'],
      ...['reading 10 %', 'reading 50 %', 'reading 100 %', 'new-only', 'archived'],
    ]);
  });

  it('P-10: end with archived', () => {
    expect(refusal(() => nextPhase(ARCHIVED, DEFAULT_RAMP))).toEqual([3, 'PHASE_LAST']);
  });

  it('E-24: a share that is named is the next one of the ramp', () => {
    expect(nextPhase(VERIFIED, DEFAULT_RAMP, 10)).toEqual(reading(10));
    expect(nextPhase(reading(10), [5, 10, 20, 100], 20)).toEqual(reading(20));
    expect(refusal(() => nextPhase(VERIFIED, DEFAULT_RAMP, 50))).toEqual([3, 'PHASE_ORDER']);
    expect(refusal(() => nextPhase(reading(50), DEFAULT_RAMP, 50))).toEqual([3, 'PHASE_ORDER']);
    expect(refusal(() => nextPhase(reading(50), DEFAULT_RAMP, 10))).toEqual([3, 'PHASE_ORDER']);
    expect(refusal(() => nextPhase(VERIFIED, DEFAULT_RAMP, 11))).toEqual([2, 'SHARE_UNKNOWN']);
  });

  it('E-X19: a share of reads can be asked for nowhere else', () => {
    for (const phase of [LEGACY, DUAL, BACKFILLED, reading(100), NEW_ONLY])
      expect(refusal(() => nextPhase(phase, DEFAULT_RAMP, 100))).toEqual([2, 'SHARE_UNEXPECTED']);
  });

  it('E-24: a share that the ramp has not any more goes on with the next larger one', () => {
    expect(nextPhase(reading(30), DEFAULT_RAMP)).toEqual(reading(50));
  });
});

describe('ways back', () => {
  it('P-40: any share falls back to verified at once, where both models are written still', () => {
    for (const share of DEFAULT_RAMP) {
      expect(earlierPhase(reading(share), DEFAULT_RAMP)).toEqual(VERIFIED);
    }
    expect(shown(VERIFIED)).toBe('both/legacy/0');
  });

  it('E-29: a share falls back to any smaller one', () => {
    expect(earlierPhase(reading(100), DEFAULT_RAMP, 50)).toEqual(reading(50));
    expect(earlierPhase(reading(100), DEFAULT_RAMP, 10)).toEqual(reading(10));
    expect(refusal(() => earlierPhase(reading(50), DEFAULT_RAMP, 50))).toEqual([3, 'PHASE_ORDER']);
    expect(refusal(() => earlierPhase(reading(50), DEFAULT_RAMP, 100))).toEqual([3, 'PHASE_ORDER']);
    expect(refusal(() => earlierPhase(reading(50), DEFAULT_RAMP, 20))).toEqual([2, 'SHARE_UNKNOWN']);
  });

  it('P-39, E-29: before the switch the way back is to dual writes, and from there to the legacy model', () => {
    expect(earlierPhase(VERIFIED, DEFAULT_RAMP)).toEqual(DUAL);
    expect(earlierPhase(BACKFILLED, DEFAULT_RAMP)).toEqual(DUAL);
    expect(earlierPhase(DUAL, DEFAULT_RAMP)).toEqual(LEGACY);
    expect(refusal(() => earlierPhase(LEGACY, DEFAULT_RAMP))).toEqual([3, 'PHASE_FIRST']);
    expect(refusal(() => earlierPhase(VERIFIED, DEFAULT_RAMP, 10))).toEqual([2, 'SHARE_UNEXPECTED']);
  });

  it('P-X30: there is none once single writes have begun, and the error names what would be one', () => {
    for (const phase of [NEW_ONLY, ARCHIVED]) {
      expect(refusal(() => earlierPhase(phase, DEFAULT_RAMP))).toEqual([3, 'PHASE_FINAL']);
      expect(() => earlierPhase(phase, DEFAULT_RAMP)).toThrow(
        expect.objectContaining({ next: expect.stringContaining('reverse transform') as string }),
      );
    }
  });
});

describe('random cutovers', () => {
  const move = fc.record({
    forwards: fc.boolean(),
    share: fc.option(fc.integer({ min: 0, max: 101 }), { nil: undefined }),
  });

  it('E-X19, P-10: only ever pass legal states, next to each other on the way forwards', () => {
    fc.assert(
      fc.property(fc.array(move, { maxLength: 60 }), (moves) => {
        let phase = LEGACY;
        for (const { forwards, share } of moves) {
          const before = phase;
          try {
            phase = (forwards ? nextPhase : earlierPhase)(before, DEFAULT_RAMP, share);
          } catch (error) {
            if (!(error instanceof WaybillError)) throw error;
            continue;
          }
          const [old, now] = [LEGAL.indexOf(shown(before)), LEGAL.indexOf(shown(phase))];
          expect(now).toBeGreaterThanOrEqual(0);
          expect(PHASES.indexOf(phase.name) - PHASES.indexOf(before.name)).toBeLessThanOrEqual(1);
          expect(forwards ? now - old : old - now).toBeGreaterThanOrEqual(0);
          if (forwards) expect(now - old).toBeLessThanOrEqual(1);
          if (!forwards) expect(['new-only', 'archived']).not.toContain(before.name);
        }
      }),
      { seed: 20_261_121, numRuns: 500 },
    );
  });
});

describe('a ramp', () => {
  it.each([[[100]], [[1, 2, 100]], [[10, 50, 100]]])('E-24: %j is one', (shares) => {
    expect(isRamp(shares)).toBe(true);
  });

  it.each([[[]], [[10, 50]], [[50, 10, 100]], [[10, 10, 100]], [[0, 100]], [[0.5, 100]], [[100, 200]]])(
    'E-24: %j is none',
    (shares) => {
      expect(isRamp(shares)).toBe(false);
    },
  );

  it('E-24: grows to the whole in three steps where nothing else is configured', () => {
    expect(DEFAULT_RAMP).toEqual([10, 50, 100]);
  });
});
