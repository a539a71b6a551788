import { noCounters } from '../../../src/runner/engine/counters.js';
import { FailureLimits, type FailureLimitOptions } from '../../../src/runner/engine/failure-limits.js';

const OF = { env: 'staging', plan: 'kpi', step: 'links' };

/** What stops the step, if anything does. */
function stopped(
  reasons: Readonly<Record<string, number>>,
  options: FailureLimitOptions = {},
  { read = 1000, estimate }: { readonly read?: number; readonly estimate?: number } = {},
): string {
  try {
    new FailureLimits(OF, options, estimate).check({ counters: { ...noCounters(), read }, reasons });
    return 'goes on';
  } catch (error) {
    return (error as { readonly code: string }).code;
  }
}

describe('the limit of unexpected failures', () => {
  it('F-09: is 100 where 1 % of the records is less', () => {
    expect([stopped({ TRANSFORM_FAILED: 100 }), stopped({ TRANSFORM_FAILED: 101 })]).toEqual([
      'goes on',
      'MAX_FAILURES',
    ]);
    expect(stopped({ TRANSFORM_FAILED: 60, WRITE_REJECTED: 41 })).toBe('MAX_FAILURES');
  });

  it.each([
    ['read so far', { read: 20_000 }],
    ['that the table is said to have', { read: 300, estimate: 20_000 }],
    ['read so far, where the table is said to have fewer', { read: 20_000, estimate: 7 }],
  ])('F-09: is 1 %% of the records %s where that is more', (_, size) => {
    expect(stopped({ WRITE_REJECTED: 200 }, {}, size)).toBe('goes on');
    expect(stopped({ WRITE_REJECTED: 201 }, {}, size)).toBe('MAX_FAILURES');
  });

  it('is what was asked for, be it none at all', () => {
    const size = { read: 20_000, estimate: 1_000_000 };
    expect(stopped({ TRANSFORM_FAILED: 5 }, { maxFailures: 5 }, size)).toBe('goes on');
    expect(stopped({ TRANSFORM_FAILED: 6 }, { maxFailures: 5 }, size)).toBe('MAX_FAILURES');
    expect(stopped({ WRITE_REJECTED: 1 }, { maxFailures: 0 }, size)).toBe('MAX_FAILURES');
    expect(stopped({}, { maxFailures: 0 }, size)).toBe('goes on');
  });

  it("does not count records that were set aside for the plan's own reasons", () => {
    expect(stopped({ KPI_MISSING: 900, ITEM_TOO_LARGE: 50 }, { maxFailures: 0 })).toBe('goes on');
  });

  it('names the step, the numbers, where to look and what to raise', () => {
    const limits = new FailureLimits({ ...OF, plan: 'company' }, { maxFailures: 2 }, 10);
    const tally = { counters: noCounters(), reasons: { TRANSFORM_FAILED: 3 } };
    expect(() => limits.check(tally)).toThrow(
      expect.objectContaining({
        exit: 1,
        code: 'MAX_FAILURES',
        message:
          'step links was stopped: records that failed unexpectedly: 3, allowed: 2 (those of the pages under way are counted, too)',
        next:
          'Look at them: node runner quarantine list --env staging --plan company --step links; ' +
          'mend the cause and run again, or raise --max-failures.',
      }),
    );
  });
});

describe('the limit of quarantined records', () => {
  it('is off without being asked for', () => {
    expect(stopped({ KPI_MISSING: 1000 })).toBe('goes on');
  });

  it("counts the plan's own reasons together, and no unexpected failures", () => {
    expect(stopped({ KPI_MISSING: 3, DATE_INVALID: 2, WRITE_REJECTED: 9 }, { maxQuarantined: 5 })).toBe(
      'goes on',
    );
    expect(stopped({ KPI_MISSING: 3, DATE_INVALID: 3 }, { maxQuarantined: 5 })).toBe('MAX_QUARANTINED');
    expect(stopped({ KPI_MISSING: 1 }, { maxQuarantined: 0 })).toBe('MAX_QUARANTINED');
  });

  it('ends the run for good, with exit 1', () => {
    const limits = new FailureLimits(OF, { maxQuarantined: 0 }, 10);
    expect(() => limits.check({ counters: noCounters(), reasons: { KPI_MISSING: 1 } })).toThrow(
      expect.objectContaining({
        exit: 1,
        message:
          'step links was stopped: records that were quarantined: 1, allowed: 0 (those of the pages under way are counted, too)',
      }),
    );
  });
});
