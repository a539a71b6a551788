import {
  acceptancesInForce,
  isAccepted,
  recordsSetAside,
} from '../../../src/runner/acceptance/acceptances.js';
import { effectiveStep, settledBy } from '../../../src/runner/acceptance/effective-step.js';
import { openRecords } from '../../../src/runner/engine/accepted-reasons.js';
import { acceptance, NOTHING, PLAN, RETRY } from './journal-fixture.js';

const EARLY = '2026-11-21T06:00:00.000Z';
const LATE = '2026-11-22T06:00:00.000Z';

const LINKS = {
  step: 'links',
  counters: { ...NOTHING, read: 20, created: 12, quarantined: 6, conflict: 2, rows: 36 },
  reasons: { KPI_MISSING: 5, KPI_UNLINKED: 1 },
};

describe('the acceptances in force', () => {
  it('of two on one reason and step the newest counts, in whatever order they come', () => {
    const [first, second] = [acceptance({ at: EARLY, by: 'ann' }), acceptance({ at: LATE, by: 'ben' })];
    expect(acceptancesInForce([first, second])).toEqual([second]);
    expect(acceptancesInForce([second, first])).toEqual([second]);
  });

  it('one that was taken back is none, until somebody accepts again', () => {
    const given = acceptance({ at: EARLY });
    const back = acceptance({ at: LATE, revoked: true });
    expect(acceptancesInForce([given, back])).toEqual([]);
    const again = acceptance({ at: '2026-11-23T06:00:00.000Z' });
    expect(acceptancesInForce([again, back, given])).toEqual([again]);
  });

  it('any step and a certain step are two decisions: taking one back leaves the other', () => {
    const everywhere = acceptance({ at: EARLY });
    const links = acceptance({ at: LATE, step: 'links' });
    const noLinks = acceptance({ at: '2026-11-23T06:00:00.000Z', step: 'links', revoked: true });
    expect(acceptancesInForce([everywhere, links])).toEqual([links, everywhere]);
    expect(acceptancesInForce([everywhere, links, noLinks])).toEqual([everywhere]);
  });
});

describe('whether a reason is accepted', () => {
  it('by the flag that the plan has for it, and by that alone', () => {
    expect(isAccepted('KPI_UNLINKED', 'links', ['allow-unlinked'], PLAN, [])).toBe(true);
    expect(isAccepted('KPI_UNLINKED', 'links', [], PLAN, [])).toBe(false);
    expect(isAccepted('KPI_MISSING', 'links', ['allow-unlinked'], PLAN, [])).toBe(false);
  });

  it('by a decision on its step or on any', () => {
    const [any, links] = [[acceptance()], [acceptance({ step: 'links' })]];
    expect(isAccepted('KPI_MISSING', 'readings', [], PLAN, any)).toBe(true);
    expect(isAccepted('KPI_MISSING', 'links', [], PLAN, links)).toBe(true);
    expect(isAccepted('KPI_MISSING', 'readings', [], PLAN, links)).toBe(false);
    expect(isAccepted('KPI_UNLINKED', 'links', [], PLAN, links)).toBe(false);
  });
});

describe('records that nobody accepted', () => {
  const open = (flags: string[], ...acceptances: Parameters<typeof openRecords>[0]['acceptances']) =>
    openRecords({ plan: PLAN, flags, acceptances }, LINKS);

  it('A-38: are all that are quarantined and in conflict', () => {
    expect(open([])).toBe(8);
  });

  it('A-38: a flag or a decision takes its reason out and nothing else', () => {
    expect(open(['allow-unlinked'])).toBe(7);
    expect(open([], acceptance())).toBe(3);
    expect(open([], acceptance({ step: 'readings' }))).toBe(8);
    expect(open([], acceptance({ reason: 'CONFLICT' }))).toBe(6);
    expect(open(['allow-unlinked'], acceptance(), acceptance({ reason: 'CONFLICT' }))).toBe(0);
  });

  it('are fewer after a retry', () => {
    const retried = { ...LINKS, amendments: [RETRY] };
    expect(openRecords({ plan: PLAN, flags: [], acceptances: [] }, retried)).toBe(6);
    expect(openRecords({ plan: PLAN, flags: [], acceptances: [acceptance()] }, retried)).toBe(4);
  });
});

describe('a step as it stands after retries', () => {
  it('invariant 1: still accounts for every record', () => {
    const { counters } = effectiveStep({ ...LINKS, amendments: [RETRY] });
    expect(counters).toEqual({
      ...{ read: 20, created: 14, updated: 0, unchanged: 0, skipped: 0 },
      ...{ quarantined: 4, conflict: 2, rows: 42 },
    });
  });

  it('adds the differences of every retry and leaves out reasons that are settled', () => {
    const second = { ...RETRY, reasons: { KPI_MISSING: -2 } };
    expect(effectiveStep({ ...LINKS, amendments: [RETRY] }).reasons).toEqual({
      KPI_MISSING: 2,
      KPI_UNLINKED: 2,
    });
    expect(effectiveStep({ ...LINKS, amendments: [RETRY, second] }).reasons).toEqual({ KPI_UNLINKED: 2 });
  });

  it('is what its run counted where there was no retry', () => {
    expect(effectiveStep(LINKS)).toEqual({ counters: LINKS.counters, reasons: LINKS.reasons });
  });

  it('a retry settled what left the quarantine', () => {
    expect(settledBy(RETRY)).toBe(2);
    expect(settledBy({ ...RETRY, counters: { ...NOTHING, quarantined: -3, conflict: 3 } })).toBe(0);
    expect(settledBy({ ...RETRY, counters: NOTHING })).toBe(0);
  });
});

it('counts the records that a decision covers, conflicts under their own code', () => {
  const readings = { step: 'readings', counters: { ...NOTHING, conflict: 1 }, reasons: { KPI_MISSING: 4 } };
  const both = [LINKS, readings];
  expect(recordsSetAside({ reason: 'KPI_MISSING' }, both)).toBe(9);
  expect(recordsSetAside({ reason: 'KPI_MISSING', step: 'readings' }, both)).toBe(4);
  expect(recordsSetAside({ reason: 'CONFLICT' }, both)).toBe(3);
  expect(recordsSetAside({ reason: 'toString' }, both)).toBe(0);
});
