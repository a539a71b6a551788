import { comparisonOf } from '../../../src/runner/forecast/comparison.js';
import type { Forecast, StepForecast } from '../../../src/runner/forecast/forecast.js';
import type { Counters, StepRecord } from '../../../src/runner/ports/journal.js';

const SIZES = { average: 1, p99: 1, max: 1 };
const STEP: StepForecast = {
  ...{ step: 'links', title: 'Links', source: 'old' },
  records: { count: 1000, basis: 'store', sampled: 100, bytes: SIZES },
  outcomes: { migrated: 90, skipped: 0, quarantined: 10 },
  quarantine: { share: 0.1, below: 0.2, reasons: { LOST: 10 } },
  ...{
    rowsPerRecord: 1.8,
    rows: 1800,
    rowsMargin: 90,
    writeUnits: 5450,
    readUnits: { run: 1, validation: 1 },
  },
  tables: [
    {
      table: 'new',
      role: 'target',
      rows: 1800,
      existing: 0,
      bytes: SIZES,
      writeUnits: 5400,
      tableUnits: 1800,
      indexes: [],
    },
    {
      table: 'people',
      role: 'companion',
      rows: 50,
      existing: 0,
      bytes: SIZES,
      writeUnits: 50,
      tableUnits: 50,
      indexes: [],
    },
  ],
  seconds: { run: 60, validation: 30 },
  ...{ largest: { records: [], rows: [] }, keys: [], notes: [] },
};
const FORECAST: Forecast = {
  ...{
    format: 1,
    plan: 'kpi',
    env: 'dev',
    planVersion: 'v1',
    at: '2026-11-21T08:00:00.000Z',
    seed: '1',
    sample: 100,
  },
  ...{ rate: { basis: 'none' }, steps: [STEP], itemsRead: 1, notes: [] },
  totals: { records: 1000, rows: 1800, writeUnits: 5450, readUnits: 2 },
};
const RUN = { planVersion: 'v1', startedAt: '2026-11-21T09:00:00.000Z' } as const;

function record(counters: Partial<Counters>, others: Partial<StepRecord> = {}): StepRecord {
  const none = {
    read: 0,
    rows: 0,
    created: 0,
    updated: 0,
    unchanged: 0,
    skipped: 0,
    quarantined: 0,
    conflict: 0,
  };
  return {
    ...{
      run: 'r',
      step: 'links',
      status: 'validated',
      checks: [],
      findings: 0,
      reasons: {},
      durationMs: 99_400,
    },
    counters: { ...none, ...counters },
    ...others,
  };
}

describe('a forecast beside its run', () => {
  it('compares records, rows, quarantine, estimated units and time', () => {
    const run = record({ read: 1010, rows: 1900, created: 950, quarantined: 60 });
    expect(comparisonOf(FORECAST, RUN, [run])).toEqual({
      at: FORECAST.at,
      steps: [
        {
          ...{ step: 'links', complete: false },
          records: { forecast: 1000, outcome: 1010 },
          rows: { forecast: 1800, outcome: 1900 },
          quarantined: { forecast: 100, outcome: 60 },
          // 3 units a row, and the companions
          writeUnits: { forecast: 5450, outcome: 5750, estimated: true },
          seconds: { forecast: 90, outcome: 99 },
        },
      ],
    });
  });

  it('counts units of rows that were written only, and no time of a step that did not end', () => {
    const run = record(
      { read: 1000, rows: 1800, created: 200, unchanged: 700, quarantined: 100 },
      { status: 'running' },
    );
    const [step] = comparisonOf(FORECAST, RUN, [run])?.steps ?? [];
    expect([step?.writeUnits.outcome, step?.seconds]).toEqual([1250, undefined]);
  });

  it('leaves out steps that were not run or not foreseen', () => {
    const [notRun, other] = [record({}, { status: 'not-run' }), record({}, { step: 'other' })];
    expect(comparisonOf(FORECAST, RUN, [notRun, other])?.steps).toEqual([]);
  });

  it.each([
    ['another version of the plan', { ...RUN, planVersion: 'v2' }],
    ['a run that began before it', { ...RUN, startedAt: '2026-11-21T07:59:59.999Z' }],
    ['a rollback', { ...RUN, kind: 'rollback' as const }],
    ['a retry', { ...RUN, kind: 'retry' as const }],
  ])('says nothing of %s', (_, run) => {
    expect(comparisonOf(FORECAST, run, [record({ read: 1 })])).toBeUndefined();
  });
});
