import type { Threshold, Trigger } from '../../../src/migrations/contract/checklist.js';
import {
  COMPANY_CHECKLISTS,
  GATE_LIMITS,
  TARGET_LIMITS,
  TRIGGER_LIMITS,
} from '../../../src/migrations/company/company.checklists.js';
import { readFigures, type Figures } from '../../../src/runner/checklists/figures.js';
import { judge, judgeTriggers, type Judgement } from '../../../src/runner/checklists/thresholds.js';

const NOW = new Date('2026-11-21T09:00:00.000Z');
const NOTHING_KNOWN: Judgement = { holds: undefined, evidence: 'no validation stands for links' };

function given(figures: object): Figures {
  return readFigures(JSON.stringify({ takenAt: '2026-11-21T08:00:00Z', figures }), NOW);
}

const holds = (threshold: Threshold, figures: object): boolean | undefined =>
  judge(threshold, given(figures)).holds;

describe('the triggers of a rollback', () => {
  it.each([
    [
      'error rate',
      TRIGGER_LIMITS.errorRate,
      { errorRate: '1' },
      { errorRate: '1.0000000000000000000000001' },
    ],
    [
      'error rate as counts',
      TRIGGER_LIMITS.errorRate,
      { errorRate: { part: 10_000, whole: 1_000_000 } },
      { errorRate: { part: 10_001, whole: 1_000_000 } },
    ],
    [
      'median',
      TRIGGER_LIMITS.p50Change,
      { p50Ms: { now: 144, before: 120 } },
      { p50Ms: { now: '144.0001', before: 120 } },
    ],
    [
      'a change without an end in decimals',
      TRIGGER_LIMITS.p99Change,
      { p99Ms: { now: '0.36', before: '0.3' } },
      { p99Ms: { now: '0.360000000000000001', before: '0.3' } },
    ],
    ['inconsistencies', TRIGGER_LIMITS.inconsistencies, { inconsistencies: 0 }, { inconsistencies: 1 }],
    ['corrupted data', TRIGGER_LIMITS.corruptedRecords, { corruptedRecords: 0 }, { corruptedRecords: 1 }],
    ['functions', TRIGGER_LIMITS.failingFunctions, { failingFunctions: 0 }, { failingFunctions: 1 }],
  ])('E-26: the limit itself does not fire, the least beyond it does: %s', (_, threshold, at, beyond) => {
    expect([holds(threshold, at), holds(threshold, beyond)]).toEqual([false, true]);
  });

  it('E-26: those of plan company fire one by one, and say what they go by', () => {
    const verdicts = judgeTriggers(
      COMPANY_CHECKLISTS.triggers ?? [],
      given({ errorRate: '1.5', p50Ms: { now: 120, before: 120 }, inconsistencies: 0 }),
      { holds: false, evidence: 'the validation of expenses failed', at: '2026-11-21T07:00:00.000Z' },
    );
    expect(verdicts.map(({ id, fired, basis }) => [id, fired, basis])).toEqual([
      ['error-rate-above-1', true, 'given'],
      ['median-20-slower', false, 'given'],
      ['p99-20-slower', undefined, 'not measured'],
      ['validation-failed', true, 'measured'],
      ['inconsistency', false, 'given'],
      ['data-corrupted', undefined, 'not measured'],
      ['critical-function-fails', undefined, 'not measured'],
    ]);
    expect(verdicts[0]?.evidence).toBe(
      'errorRate given as 1.5 %, taken 2026-11-21T08:00:00.000Z; the limit is above 1 %',
    );
  });

  it('E-X36: nothing given and nothing validated is not "not fired"', () => {
    const triggers: Trigger[] = [
      { id: 'a', requirement: 'E-26', text: 't', when: TRIGGER_LIMITS.errorRate },
      { id: 'b', requirement: 'E-26', text: 't', when: 'validation-failed' },
    ];
    for (const figures of [undefined, given({})])
      expect(
        judgeTriggers(triggers, figures, NOTHING_KNOWN).map(({ fired, basis }) => [fired, basis]),
      ).toEqual([
        [undefined, 'not measured'],
        [undefined, 'not measured'],
      ]);
  });
});

describe('the gate of the read switch', () => {
  it.each([
    [{ dualWriteSuccess: '99.9' }, false],
    [{ dualWriteSuccess: '99.900000000000000000001' }, true],
    [{ dualWriteSuccess: { part: 999, whole: 1000 } }, false],
    [{ dualWriteSuccess: { part: 99_901, whole: 100_000 } }, true],
    [{ dualWriteSuccess: { part: 0, whole: 0 } }, undefined],
  ])('E-45: more than 99.9 %% of dual writes: %j → %s', (figures, expected) => {
    expect(holds(GATE_LIMITS.dualWriteSuccess, figures)).toBe(expected);
  });

  it('E-45: no inconsistency, and answers no more than 20 % slower', () => {
    expect(holds(GATE_LIMITS.inconsistencies, { inconsistencies: 0 })).toBe(true);
    expect(holds(GATE_LIMITS.inconsistencies, { inconsistencies: 1 })).toBe(false);
    expect(holds(GATE_LIMITS.p99Change, { p99Ms: { now: 120, before: 100 } })).toBe(true);
    expect(holds(GATE_LIMITS.p99Change, { p99Ms: { now: '120.1', before: 100 } })).toBe(false);
  });
});

describe('the target', () => {
  it.each<[string, Threshold, object, boolean | undefined]>([
    ['E-47: 0.01 % of errors is too much', TARGET_LIMITS.errorRate, { errorRate: '0.01' }, false],
    ['E-47: less is not', TARGET_LIMITS.errorRate, { errorRate: '0.00999999999999999999' }, true],
    ['E-47: 99.99 % of the time is enough', TARGET_LIMITS.uptime, { uptime: '99.99' }, true],
    ['E-47: less is not enough', TARGET_LIMITS.uptime, { uptime: '99.9899999999999999' }, false],
    ['E-47: as fast as before', TARGET_LIMITS.p50Change, { p50Ms: { now: 45, before: 45 } }, true],
    ['E-47: slower', TARGET_LIMITS.p50Change, { p50Ms: { now: '45.01', before: 45 } }, false],
    ['E-47: a time alone is no change', TARGET_LIMITS.p50Change, { p50Ms: 45 }, undefined],
    [
      'E-47: there is no change of nothing',
      TARGET_LIMITS.p50Change,
      { p50Ms: { now: 1, before: 0 } },
      undefined,
    ],
    ['E-49: 100 ms on average are too slow', TARGET_LIMITS.averageMs, { averageMs: 100 }, false],
    ['E-49: less is not', TARGET_LIMITS.averageMs, { averageMs: '99.999' }, true],
    [
      'E-49: 500 ms for 99 of 100 are too slow',
      TARGET_LIMITS.p99Ms,
      { p99Ms: { now: 500, before: 1 } },
      false,
    ],
    ['E-49: less is not', TARGET_LIMITS.p99Ms, { p99Ms: '499.999' }, true],
  ])('%s', (_, threshold, figures, expected) => {
    expect(holds(threshold, figures)).toBe(expected);
  });

  it('E-X29: trigger, gate and target are three settings', () => {
    const half = given({ errorRate: '0.5', dualWriteSuccess: '99.95' });
    expect(judge(TRIGGER_LIMITS.errorRate, half).holds).toBe(false);
    expect(judge(GATE_LIMITS.dualWriteSuccess, half).holds).toBe(true);
    expect(judge(TARGET_LIMITS.errorRate, half).holds).toBe(false);
  });
});

describe('a file of figures', () => {
  const refused = (text: string): string => {
    try {
      readFigures(text, NOW);
    } catch (error) {
      const { exit, code, message } = error as { exit: number; code: string; message: string };
      return [exit, code, message].join(' ');
    }
    throw new Error('it was read');
  };
  const file = (fields: object): string =>
    JSON.stringify({ takenAt: '2026-11-21T08:00:00Z', figures: {}, ...fields });

  it.each([
    ['no JSON', '{', 'the file is no JSON'],
    ['a list', '[]', 'the file is no object'],
    ['another entry', file({ figure: {} }), 'the file has an entry that is not known'],
    ['a figure that nothing is judged by', file({ figures: { latency: 3 } }), 'known are errorRate, '],
    ['a derived figure', file({ figures: { p50Change: 3 } }), '"figures" has an entry that is not known'],
    ['a word', file({ figures: { errorRate: 'secret' } }), 'errorRate is no number'],
    ['a negative number', file({ figures: { p50Ms: -1 } }), 'p50Ms is below zero'],
    ['a rate of more than all', file({ figures: { uptime: '100.1' } }), 'uptime is more than 100 percent'],
    [
      'more parts than the whole',
      file({ figures: { errorRate: { part: 2, whole: 1 } } }),
      'more than 100 percent',
    ],
    ['half a failure', file({ figures: { inconsistencies: 0.5 } }), 'inconsistencies is a count'],
    ['a pair for a count', file({ figures: { inconsistencies: { part: 1, whole: 2 } } }), 'is one number'],
    ['half a pair', file({ figures: { p50Ms: { now: 1 } } }), 'p50Ms.before is no number'],
    ['no time', file({ takenAt: undefined }), '"takenAt" is no instant'],
    ['a time without a zone', file({ takenAt: '2026-11-21T08:00:00' }), '"takenAt" is no instant'],
    ['a time to come', file({ takenAt: '2026-11-21T09:10:01Z' }), '"takenAt" lies in the future'],
    [
      'a number that loses digits when it is read',
      '{"takenAt":"2026-11-21T08:00:00Z","figures":{"errorRate":0.0100000000000000001}}',
      'more than 15 digits',
    ],
  ])('is refused with %s', (_, text, words) => {
    expect(refused(text)).toContain('2 FIGURES_INVALID');
    expect(refused(text)).toContain(words);
    expect(refused(text)).not.toContain('secret');
  });

  it('may be from a clock that is ten minutes ahead', () => {
    expect(readFigures(file({ takenAt: '2026-11-21T09:10:00Z' }), NOW).takenAt).toBe(
      '2026-11-21T09:10:00.000Z',
    );
  });

  it('shows fractions without an end as such', () => {
    const { evidence } = judge(TRIGGER_LIMITS.errorRate, given({ errorRate: { part: 1, whole: 3 } }));
    expect(evidence).toContain('errorRate given as ≈ 33.333333 %');
  });
});
