import { jest } from '@jest/globals';
import { stampOf } from '../../../src/domain/storage/stored.js';
import type { ScanOptions } from '../../../src/migrations/contract/record-reader.js';
import { KpiTrial } from '../../support/engine/kpi-trial.js';
import {
  changed,
  id,
  kpi,
  link,
  milestone,
  actual,
  onKpi,
  person,
  reading,
} from '../../support/engine/small-rows.js';
import { rowOf } from '../../support/engine/observed.js';
import { TABLE } from '../../support/kpi/tables.js';

const TABLES = {
  [TABLE.kpis]: [kpi(1)],
  [TABLE.people]: [person(1)],
  [TABLE.links]: [link(1), link(2), link(3)],
  [TABLE.milestones]: [1, 2, 3, 4, 5].map((n) => milestone(n)),
  [TABLE.actuals]: [1, 2, 3, 4].map((n) => actual(n)),
  [TABLE.readings]: [1, 2, 3].map((n) => reading(n)),
};

const SEGMENTS = 3;
const ONCE = Array.from({ length: SEGMENTS }, (_, index) => `${index} of ${SEGMENTS}`);

interface Scans {
  readonly begin: () => void;
  /** which segments of which table were scanned */
  readonly read: () => Record<string, string[]>;
  /** how many rows of the data table were given, by the table that their stamp names */
  readonly given: () => Record<string, number>;
}

/** Each scan that reaches the store. */
function scans(trial: KpiTrial): Scans {
  const seen: [string, string][] = [];
  const sources: string[] = [];
  const original = trial.store.scan.bind(trial.store);
  jest.spyOn(trial.store, 'scan').mockImplementation(async function* (table, options: ScanOptions = {}) {
    const { index, total } = options.segment ?? { index: 0, total: 1 };
    seen.push([table, `${index} of ${total}`]);
    for await (const page of original(table, options)) {
      if (table === TABLE.kpiData)
        sources.push(...page.items.map((item) => stampOf(item)?.source.split('#')[0] ?? 'nothing'));
      yield page;
    }
  });
  return {
    begin: () => {
      seen.length = 0;
      sources.length = 0;
    },
    read: () => {
      const tables = new Set(seen.map(([table]) => table));
      const segmentsOf = (table: string): string[] =>
        seen.flatMap(([one, segment]) => (one === table ? [segment] : [])).sort();
      return Object.fromEntries([...tables].map((table) => [table, segmentsOf(table)]));
    },
    given: () => {
      const count = (source: string): number => sources.filter((one) => one === source).length;
      return Object.fromEntries([...new Set(sources)].map((source) => [source, count(source)]));
    },
  };
}

describe('the reads of a validation', () => {
  let trial: KpiTrial;
  let seen: ReturnType<typeof scans>;

  beforeEach(async () => {
    // two rows to a page, so that a segment has several
    trial = await new KpiTrial({ segments: SEGMENTS }, { pageSize: 2 }).put(TABLES);
    await trial.run();
    seen = scans(trial);
  });

  it('are one of each table for all steps, look-ups and companions included', async () => {
    const { passed } = await trial.validate();
    expect(passed).toBe(true);
    expect(seen.read()).toEqual(
      Object.fromEntries(
        [...Object.keys(TABLES), TABLE.kpiLinks, TABLE.kpiData].map((table) => [table, ONCE]),
      ),
    );
  });

  it('are one of each table also for a step alone', async () => {
    await trial.validate({ steps: ['readings'] });
    const tables = [
      TABLE.kpis,
      TABLE.milestones,
      TABLE.actuals,
      TABLE.readings,
      TABLE.kpiLinks,
      TABLE.kpiData,
    ];
    expect(seen.read()).toEqual(Object.fromEntries(tables.map((table) => [table, ONCE])));
  });

  it('are more of the target table, and of no other, where rows differ', async () => {
    trial.store.load(TABLE.kpiData, [
      changed(rowOf(trial, TABLE.kpiData, id('d3', 1)), { postValue: { N: '1' } }),
    ]);
    const { findings } = await trial.validate();
    expect(findings.map(({ kind, key }) => [kind, key])).toEqual([['different', id('d3', 1)]]);
    const read = seen.read();
    expect(read[TABLE.kpiData]).toHaveLength(2 * SEGMENTS);
    expect(read[TABLE.readings]).toEqual(ONCE);
  });

  it('ask for the records behind companions once for a page of them', async () => {
    const strangers = [2, 3, 4];
    const other = await new KpiTrial({ segments: 1 }).put({
      ...TABLES,
      [TABLE.kpis]: strangers.map((n) => kpi(n, { ownerId: { S: id('a5', n) } })),
      [TABLE.links]: strangers.map((n) => link(n, onKpi(n))),
    });
    await other.run({ steps: ['links'] });
    const get = jest.spyOn(other.store, 'get');

    expect((await other.validate({ steps: ['links'] })).passed).toBe(true);

    const keysAsked = get.mock.calls.flatMap(([table, keys]) => (table === TABLE.links ? [keys.length] : []));
    expect(keysAsked).toEqual([3]);
  });

  it('see at each validation what stands in the tables then', async () => {
    expect((await trial.validate()).passed).toBe(true);
    trial.store.erase(TABLE.milestones, { id: { S: id('d1', 2) } });
    const { findings } = await trial.validate();
    expect(findings.filter(({ kind, step }) => kind === 'extra' && step === 'milestones')).toHaveLength(3);
  });

  it('at the end of a step are one of its source and one of its target', async () => {
    seen.begin();
    const verifying = trial.process();
    // a second run writes nothing; its own scan of the source and its look-ups come on top
    await verifying.run({ steps: ['milestones'] });
    const read = seen.read();
    expect(read[TABLE.kpiData]).toEqual(ONCE);
    expect(read[TABLE.milestones]).toHaveLength(3 * SEGMENTS);
  });

  it('at the end of a step give it no rows of other steps, which verify those themselves, but all others', async () => {
    const unstamped = { id: { S: 'of-the-application' }, dataCategory: { S: 'Target' } };
    trial.store.load(TABLE.kpiData, [unstamped]);
    const verifying = trial.process();

    await verifying.run({ steps: ['actuals'] });

    expect(seen.given()).toEqual({ [TABLE.actuals]: 12, nothing: 1 });
  });
});
