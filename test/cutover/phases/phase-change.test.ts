import fc from 'fast-check';
import { conductOf } from '../../../src/cutover/phases/conduct.js';
import type { Phase } from '../../../src/cutover/phases/phase.js';
import { changed, requireSettled, settledAt } from '../../../src/cutover/phases/phase-change.js';
import { beginning, type PhaseRecord } from '../../../src/cutover/phases/phase-store.js';
import { earlierPhase, nextPhase } from '../../../src/cutover/phases/transitions.js';
import { RefusedError, WaybillError } from '../../../src/runner/ports/errors.js';
import { DEFAULT_RAMP } from '../../../src/runner/ports/ramp.js';

const START = Date.parse('2026-11-21T09:00:00.000Z');
const at = (seconds: number): Date => new Date(START + seconds * 1000);
const phase = (name: Phase['name'], share = 0): Phase => ({ name, share });

function go(record: PhaseRecord, to: Phase, seconds: number): PhaseRecord {
  return changed(record, to, { by: 'ann', why: 'as planned', now: at(seconds) });
}

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof RefusedError) return error.code;
    throw error;
  }
  return 'done';
}

/** At share 50 for long, and just now at 100. */
const SWITCHED: PhaseRecord = {
  plan: 'kpi',
  phase: phase('reading', 100),
  version: 6,
  last: {
    from: phase('reading', 50),
    to: phase('reading', 100),
    by: 'ann',
    why: 'ramp',
    at: at(0).toISOString(),
  },
  settling: { writes: 'both', truth: 'legacy', until: at(60).toISOString() },
};

describe('a change of the phase', () => {
  it('E-X18: keeps who made it, why and when, and what may still be in effect', () => {
    expect(go(beginning('kpi'), phase('dual-write'), 0)).toEqual({
      plan: 'kpi',
      phase: { name: 'dual-write', share: 0 },
      version: 1,
      last: {
        from: { name: 'legacy', share: 0 },
        to: { name: 'dual-write', share: 0 },
        by: 'ann',
        why: 'as planned',
        at: '2026-11-21T09:00:00.000Z',
      },
      settling: { writes: 'legacy', truth: 'legacy', until: '2026-11-21T09:01:00.000Z' },
    });
  });

  it('E-X18: is later than the one before it, whatever the clock says', () => {
    expect(go(SWITCHED, phase('reading', 50), -3600).last?.at).toBe('2026-11-21T09:00:00.001Z');
  });

  it('E-X18: forwards waits until every process acts on the one before it', () => {
    expect(codeOf(() => requireSettled(SWITCHED, at(59)))).toBe('PHASE_NOT_SETTLED');
    expect(codeOf(() => requireSettled(SWITCHED, at(60)))).toBe('done');
    expect(codeOf(() => requireSettled(beginning('kpi'), at(0)))).toBe('done');
  });

  it('E-X18: never brings a third way to write into effect', () => {
    expect(codeOf(() => go(SWITCHED, phase('new-only', 100), 59))).toBe('PHASE_NOT_SETTLED');
    expect(codeOf(() => go(SWITCHED, phase('new-only', 100), 60))).toBe('done');
  });

  it('P-40: to what is in effect anyway is never held up', () => {
    const fallenBack = go(SWITCHED, phase('verified'), 5);
    expect(fallenBack.phase).toEqual({ name: 'verified', share: 0 });
    expect(fallenBack.settling).toEqual({ writes: 'both', truth: 'new', until: at(65).toISOString() });
    const duals = go(fallenBack, phase('dual-write'), 6);
    expect(duals.settling).toEqual(fallenBack.settling);
    expect(codeOf(() => go(duals, phase('legacy'), 64))).toBe('PHASE_NOT_SETTLED');
    expect(codeOf(() => go(duals, phase('legacy'), 65))).toBe('done');
  });

  it('E-X18: has settled when the older way to write ends, and at once where there is none', () => {
    expect(settledAt(SWITCHED)).toBe(at(60).toISOString());
    const { plan, phase: to, version, last } = SWITCHED;
    expect(settledAt({ plan, phase: to, version, last: last! })).toBe(at(0).toISOString());
    expect(settledAt(beginning('kpi'))).toBeUndefined();
  });
});

describe('random cutovers in time', () => {
  const move = fc.record({
    forwards: fc.boolean(),
    share: fc.option(fc.constantFrom(...DEFAULT_RAMP), { nil: undefined }),
    seconds: fc.integer({ min: 0, max: 45 }),
  });

  it('E-X18: of all phases that a process may act on at any time, at most two ways to write differ, and those are neighbours', () => {
    const order = ['legacy/legacy', 'both/legacy', 'both/new', 'new/new'];
    const way = (one: Phase): number => {
      const { writes, truth } = conductOf(one);
      return order.indexOf(`${writes}/${truth}`);
    };
    fc.assert(
      fc.property(fc.array(move, { maxLength: 60 }), (moves) => {
        let record = beginning('kpi');
        let clock = 0;
        /** way → until when a process may act on it: 30 seconds after it was replaced */
        const left: { readonly way: number; readonly until: number }[] = [];
        for (const { forwards, share, seconds } of moves) {
          clock += seconds;
          try {
            if (forwards) requireSettled(record, at(clock));
            const to = (forwards ? nextPhase : earlierPhase)(record.phase, DEFAULT_RAMP, share);
            const next = go(record, to, clock);
            left.push({ way: way(record.phase), until: clock + 30 });
            record = next;
          } catch (error) {
            if (!(error instanceof WaybillError)) throw error;
          }
          const ways = new Set([
            way(record.phase),
            ...left.filter((one) => one.until > clock).map((one) => one.way),
          ]);
          expect(ways.size).toBeLessThanOrEqual(2);
          expect(Math.max(...ways) - Math.min(...ways)).toBeLessThanOrEqual(1);
        }
      }),
      { seed: 20_261_122, numRuns: 500 },
    );
  });
});
