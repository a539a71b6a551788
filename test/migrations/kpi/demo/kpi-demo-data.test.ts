import type { DemoRow } from '../../../../src/migrations/contract/demo-data.js';
import type { StoredItem, StoredValue } from '../../../../src/domain/storage/stored-value.js';
import { GoalKpiLinkRecord } from '../../../../src/domain/kpi/legacy/goal-kpi-link.record.js';
import { KpiActualRecord } from '../../../../src/domain/kpi/legacy/kpi-actual.record.js';
import { KpiMilestoneRecord } from '../../../../src/domain/kpi/legacy/kpi-milestone.record.js';
import { KpiReadingRecord } from '../../../../src/domain/kpi/legacy/kpi-reading.record.js';
import { readLegacyRecord } from '../../../../src/domain/legacy/read-legacy-record.js';
import { KpiDemoData } from '../../../../src/migrations/kpi/demo/kpi-demo-data.js';
import type { Tables } from '../../../support/kpi/tables.js';
import { TABLE, idOf } from '../../../support/kpi/tables.js';
import { migrated, outcomesOf, tablesOf } from './demo-tables.js';

const LEGACY = [TABLE.links, TABLE.milestones, TABLE.actuals, TABLE.readings] as const;

function rows(scale?: number): DemoRow[] {
  const options = scale === undefined ? { defects: false } : { defects: false, scale };
  return [...new KpiDemoData().rows(options)];
}

function legacyRecords(tables: Tables): number {
  return LEGACY.reduce((sum, table) => sum + tables[table].length, 0);
}

function texts(items: readonly StoredItem[]): string[] {
  return items.flatMap((item) => Object.values(item)).flatMap((value) => ('S' in value ? [value.S] : []));
}

function numbers(items: readonly StoredItem[]): string[] {
  return items
    .flatMap((item) => Object.values(item))
    .flatMap((value: StoredValue) => ('N' in value ? [value.N] : []));
}

describe('KpiDemoData', () => {
  const small = tablesOf(rows());

  it('gives the same rows every time', () => {
    expect(rows(1500)).toEqual(rows(1500));
  });

  it.each([1, 2, 3, 27, 399, 400, 401, 1234, 5000])('gives exactly %d legacy records', (scale) => {
    expect(legacyRecords(tablesOf(rows(scale)))).toBe(scale);
  });

  it('without a scale gives a small set of several companies with every kind of record', () => {
    expect(legacyRecords(small)).toBe(400);
    expect(
      new Set(small[TABLE.kpis].map((kpi) => JSON.stringify(kpi['tenantId']))).size,
    ).toBeGreaterThanOrEqual(3);
    for (const table of LEGACY) expect(small[table].length).toBeGreaterThan(20);
  });

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('refuses a scale of %d', (scale) => {
    expect(() => rows(scale)).toThrow(RangeError);
  });

  it('computes only what is asked for: a million records start at once', () => {
    const first = new KpiDemoData().rows({ defects: false, scale: 1_000_000 })[Symbol.iterator]().next();
    expect(first.done).toBe(false);
  });

  it.each([undefined, 6000])('migrates without quarantine and conflict (scale %p)', (scale) => {
    const tables = tablesOf(rows(scale));
    const result = scale === undefined ? migrated(tables) : migrated(onlySomeCompanies(tables));
    const outcomes = [...outcomesOf(result).values()].map((found) => found.outcome);
    expect(new Set(outcomes)).toEqual(new Set(['created']));
    expect(result.placeholders.length).toBeGreaterThan(0);
  });

  it('K-X08: makes placeholders for one user in several companies', () => {
    const users = migrated(small).placeholders.map((person) => JSON.stringify(person['linkedUserId']));
    expect(new Set(users).size).toBeLessThan(users.length);
  });

  it('gives warnings for few records, and for some', () => {
    const tables = tablesOf(rows(5000));
    const classes = [
      [TABLE.links, GoalKpiLinkRecord],
      [TABLE.milestones, KpiMilestoneRecord],
      [TABLE.actuals, KpiActualRecord],
      [TABLE.readings, KpiReadingRecord],
    ] as const;
    const warned = classes.flatMap(([table, recordClass]) =>
      tables[table].filter((item) => {
        const read = readLegacyRecord<InstanceType<typeof recordClass>>(recordClass, item);
        return !read.ok || read.warnings.length > 0;
      }),
    );
    expect(warned.length).toBeGreaterThan(0);
    expect(warned.length).toBeLessThan(100);
  });

  it('gives every KPI one to five links, and all numbers of them occur', () => {
    const counts = new Map<string, number>();
    for (const link of tablesOf(rows(3000))[TABLE.links]) {
      const kpi = JSON.stringify(link['kpiId']);
      counts.set(kpi, (counts.get(kpi) ?? 0) + 1);
    }
    expect([...new Set(counts.values())].sort()).toEqual([1, 2, 3, 4, 5]);
  });

  it('has ids that are canonical, and unique within a table', () => {
    const tables = tablesOf(rows(20_000));
    for (const table of [...LEGACY, TABLE.kpis, TABLE.people]) {
      const ids = tables[table].map(idOf);
      expect(new Set(ids).size).toBe(ids.length);
      expect(
        ids.filter((id) => !/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id)),
      ).toEqual([]);
    }
  });

  it('has the values that are hard to keep: seven digits, offsets, no zone, dates, exact numbers', () => {
    const all = LEGACY.flatMap((table) => small[table]);
    for (const form of [
      /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z$/,
      /T\d\d:\d\d:\d\d\.\d{7}[+-]\d\d:\d\d$/,
      /T\d\d:\d\d:\d\d\.\d{7}$/,
      /^\d{4}-\d\d-\d\d$/,
    ]) {
      expect(texts(all).some((value) => form.test(value))).toBe(true);
    }
    expect(numbers(all)).toContain('0.1');
    expect(numbers(all).some((value) => value.replace('.', '').length === 38)).toBe(true);
    // as DynamoDB would give them back
    expect(numbers(all).filter((value) => !/^-?(0|[1-9]\d*)(\.\d*[1-9])?$/.test(value))).toEqual([]);
  });

  it('has owners that are absent, overrides with comments, and optional attributes that are there or not', () => {
    expect(small[TABLE.kpis].some((kpi) => kpi['ownerId'] === undefined)).toBe(true);
    expect(small[TABLE.actuals].some((row) => row['overrideComment'] !== undefined)).toBe(true);
    for (const [table, name] of [
      [TABLE.links, 'thresholdPct'],
      [TABLE.milestones, 'rationale'],
      [TABLE.actuals, 'sourceReferenceId'],
      [TABLE.readings, 'recordedBy'],
    ] as const) {
      const present = small[table].filter((row) => row[name] !== undefined).length;
      expect(present).toBeGreaterThan(0);
      expect(present).toBeLessThan(small[table].length);
    }
  });

  /** The second model compares everything with everything; a tenth of the KPIs is enough for it. */
  function onlySomeCompanies(tables: Tables): Tables {
    const kpis = new Set(tables[TABLE.kpis].filter((_kpi, at) => at % 10 === 3).map(idOf));
    const kept = (row: StoredItem): boolean => {
      const kpi = row['kpiId'];
      return kpi !== undefined && 'S' in kpi && kpis.has(kpi.S);
    };
    return {
      ...tables,
      [TABLE.links]: tables[TABLE.links].filter(kept),
      [TABLE.milestones]: tables[TABLE.milestones].filter(kept),
      [TABLE.actuals]: tables[TABLE.actuals].filter(kept),
      [TABLE.readings]: tables[TABLE.readings].filter(kept),
    };
  }
});
