import type { PreflightResult } from '../../../src/runner/application.js';
import type { ForecastRequest } from '../../../src/runner/forecast/forecast.js';
import { type } from './command-line-harness.js';

const RESULT: PreflightResult = { plan: 'kpi', env: 'local', passed: true, checks: [] };
const SIZES = { average: 600, p99: 900, max: 2000 };
const FORECAST: Exclude<NonNullable<PreflightResult['forecast']>, { unmade: string }> = {
  ...{
    format: 1,
    plan: 'kpi',
    env: 'local',
    planVersion: 'v1',
    at: '2026-11-21T08:00:00.000Z',
    seed: '1',
    sample: 1000,
  },
  rate: { basis: 'asked', write: 500, read: 1000 },
  prices: {
    writePerMillion: 0.625,
    readPerMillion: 0.125,
    currency: 'USD',
    source: 'us-east-1, list prices',
  },
  ...{
    totals: { records: 1e6, rows: 2e6, writeUnits: 6e6, readUnits: 1.5e6, seconds: 5000, cost: 3.9375 },
    itemsRead: 4711,
  },
  notes: ['Not counted: the journal.'],
  steps: [
    {
      ...{ step: 'milestones', title: 'Milestones', source: 'old' },
      records: { count: 1_000_000, basis: 'store', sampled: 1000, bytes: SIZES },
      outcomes: { migrated: 990, skipped: 0, quarantined: 10 },
      quarantine: { share: 0.01, below: 0.018, reasons: { KPI_UNLINKED: 10 } },
      ...{ rowsPerRecord: 2, rows: 2_000_000, rowsMargin: 40_000, writeUnits: 6_000_000 },
      tables: [
        {
          ...{
            table: 'new',
            role: 'target',
            rows: 2_000_000,
            existing: 0.25,
            bytes: SIZES,
            writeUnits: 6_000_000,
            tableUnits: 2_000_000,
          },
          indexes: [{ index: 'dataCategory-index', rows: 2_000_000, writeUnits: 4_000_000 }],
        },
      ],
      ...{
        readUnits: { run: 500_000, validation: 1_000_000 },
        seconds: { run: 4000, validation: 1000 },
        cost: 3.9375,
      },
      largest: { records: [{ id: 'old#\u001b[31mred', bytes: 2000 }], rows: [{ id: 'new#2', bytes: 1999 }] },
      keys: [
        {
          ...{
            table: 'new',
            index: 'dataCategory-index',
            attribute: 'dataCategory',
            distinct: 1,
            more: false,
          },
          ...{ share: 1, value: 'Target', rows: 1980, seconds: 4000, perSecond: 4000, hot: true },
        },
      ],
      notes: [],
    },
  ],
};

async function said(result: Partial<PreflightResult>): Promise<string> {
  const application = { preflight: () => Promise.resolve({ ...RESULT, ...result }) };
  return (await type('preflight --env local', { application })).stdout;
}

describe('the forecast on a terminal', () => {
  it('tells records, rows, units, time, cost, hot keys and what the numbers are worth', async () => {
    const text = await said({ forecast: FORECAST });
    for (const words of [
      /milestones +~1,000,000 +1,000 +600 \(900\) +2\.00 +2,000,000 ± 40,000 +1\.0 % \(< 1\.8 %\)/,
      /milestones: the store's own count, an estimate that is up to six hours old on AWS/,
      /milestones +6,000,000 +500,000 +1,000,000 +1 h 06 min +16 min 40 s +3\.94 USD/,
      /500 write and 1,000 read units a second for each table and each index, as asked/,
      /0\.625 USD for a million write units .* \(us-east-1, list prices\)/,
      /dataCategory-index 4,000,000/,
      /25 % of the rows for new are there already/,
      /KPI_UNLINKED 10 of 1,000/,
      /dataCategory-index +1 +100 % Target +4,000 +HOT: at least 1 h 06 min/,
      /2,000 bytes: old#\\u\{1b\}\[31mred/,
      /Not counted: the journal\./,
      /Read for this forecast: 4,711 items\. Nothing was written\./,
    ])
      expect(text).toMatch(words);
    expect(text).not.toContain('\u001b');
  });

  it('says where nothing is known of time and prices', async () => {
    const unpriced = Object.fromEntries(Object.entries(FORECAST).filter(([name]) => name !== 'prices'));
    const forecast = { ...unpriced, rate: { basis: 'none' } } as typeof FORECAST;
    const text = await said({ forecast });
    expect(text).toContain('No time: no rate is set');
    expect(text).toContain('No cost: the prices of this region are not known here.');
  });

  it('says why there is none', async () => {
    expect(await said({ forecast: { unmade: 'STORE_DENIED: no' } })).toContain(
      'No forecast: STORE_DENIED: no.',
    );
    expect(await said({})).not.toContain('orecast');
  });
});

describe('the words of preflight', () => {
  it.each<[string, Partial<ForecastRequest> | undefined]>([
    ['', {}],
    ['--no-forecast', undefined],
    [
      '--sample 50 --seed x --max-wcu 5 --max-rcu 6 --segments 7',
      { sample: 50, seed: 'x', maxWcu: 5, maxRcu: 6, segments: 7 },
    ],
  ])('%s', async (words, expected) => {
    const asked: unknown[] = [];
    const preflight = (request: unknown): Promise<PreflightResult> => {
      asked.push(request);
      return Promise.resolve(RESULT);
    };
    await type(`preflight --env local ${words}`.trim(), { application: { preflight } });
    const forecast = expected && { ...expected, signal: expect.any(AbortSignal) };
    expect(asked).toEqual([{ plan: 'kpi', ...(forecast && { forecast }) }]);
  });

  it('allow no larger sample than memory does', async () => {
    expect((await type('preflight --env local --sample 100001')).exit).toBe(2);
  });
});
