import { DEFECT_CASES } from '../../../../src/migrations/kpi/demo/defect-cases.js';
import { KpiDemoData } from '../../../../src/migrations/kpi/demo/kpi-demo-data.js';
import type { ModelOutcome } from '../../../support/kpi/second-model.js';
import { TABLE, idOf } from '../../../support/kpi/tables.js';
import { migrated, outcomesOf, tablesOf } from './demo-tables.js';

const data = new KpiDemoData();
const usual = [...data.rows({ defects: false })];
const withDefects = [...data.rows({ defects: true })];
const planted = withDefects.slice(usual.length);
const LEGACY: readonly string[] = [TABLE.links, TABLE.milestones, TABLE.actuals, TABLE.readings];

function summary(found: ModelOutcome | undefined): unknown {
  if (found?.outcome !== 'quarantined') return { outcome: found?.outcome, rows: found?.rows.length };
  return { outcome: 'quarantined', reason: found.reason };
}

describe('the defect catalogue', () => {
  const result = migrated(tablesOf(withDefects));
  const outcomes = outcomesOf(result);

  it('comes on top of the usual rows', () => {
    expect(withDefects.slice(0, usual.length)).toEqual(usual);
  });

  it('names every planted legacy record once', () => {
    const sources = planted
      .filter(({ table }) => LEGACY.includes(table))
      .map(({ table, item }) => `${table}#${idOf(item)}`);
    expect(DEFECT_CASES.map((one) => one.source).sort()).toEqual(sources.sort());
    expect(new Set(sources).size).toBe(sources.length);
  });

  it('has every defect of the table, and every reason', () => {
    const ids = new Set(DEFECT_CASES.map((one) => one.id));
    const defects = Array.from({ length: 30 }, (_, at) => `K-X${String(at + 1).padStart(2, '0')}`);
    expect(defects.filter((id) => !ids.has(id))).toEqual([]);
    expect(new Set(DEFECT_CASES.flatMap((one) => one.reason ?? []))).toEqual(
      new Set([
        'ID_INVALID',
        'FIELD_MISSING',
        'TYPE_INVALID',
        'NUMBER_INVALID',
        'DATE_INVALID',
        'ID_DUPLICATE',
        'KPI_MISSING',
        'TENANT_MISMATCH',
        'PERSON_AMBIGUOUS',
        'KPI_UNLINKED',
        'ITEM_TOO_LARGE',
      ]),
    );
  });

  it.each(DEFECT_CASES)('$id: $title ($source)', ({ source, outcome, reason, rows }) => {
    const expected = outcome === 'created' ? { outcome, rows } : { outcome, reason };
    expect(summary(outcomes.get(source))).toEqual(expected);
  });

  it('leaves the usual records alone', () => {
    const sources = new Set(DEFECT_CASES.map((one) => one.source));
    const others = [...outcomes].filter(([source]) => !sources.has(source)).map(([, found]) => found.outcome);
    expect(others).toHaveLength(400);
    expect(new Set(others)).toEqual(new Set(['created']));
  });

  it('K-X01: the row of the link created first has the id of the record', () => {
    const found = outcomes.get('purposepath-kpi-milestones#de000001-0000-4000-8000-000000000301');
    const kept = found?.outcome === 'created' ? found.rows.filter((row) => idOf(row).endsWith('0301')) : [];
    expect(kept.map((row) => row['kpiLinkId'])).toEqual([{ S: 'de000001-0000-4000-8000-000000000202' }]);
  });

  it('K-X08: the placeholder has the GUID of the user', () => {
    const ids = result.placeholders.map(idOf);
    expect(ids).toContain('de000008-0000-4000-8000-000000000701');
    expect(ids).not.toContain('de000008-0000-4000-8000-000000000702');
  });

  it('K-X17: reading and actual tell the same', () => {
    const find = (table: string, id: string): unknown =>
      planted.find((row) => row.table === table && idOf(row.item) === id)?.item;
    expect(find(TABLE.actuals, 'de000017-0000-4000-8000-000000000401')).toMatchObject({
      actualValue: { N: '88.5' },
      measurementDate: { S: '2024-05-31' },
      sourceReferenceId: { S: 'erp-4711' },
    });
    expect(find(TABLE.readings, 'de000017-0000-4000-8000-000000000501')).toMatchObject({
      value: { N: '88.5' },
      readingDate: { S: '2024-05-31' },
      externalId: { S: 'erp-4711' },
    });
  });

  it('ITEM_TOO_LARGE: the legacy table still takes every planted record (400 KiB, names included)', () => {
    const sizes = planted.map(({ item }) =>
      Object.entries(item).reduce(
        (sum, [name, value]) =>
          sum + Buffer.byteLength(name) + ('S' in value ? Buffer.byteLength(value.S) : 22),
        0,
      ),
    );
    expect(Math.max(...sizes)).toBeGreaterThan(409_000);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(409_600);
  });

  it('UNKNOWN_ATTRIBUTE: every type of value is carried', () => {
    const source = 'purposepath-kpi-milestones#de000042-0000-4000-8000-000000000301';
    const found = outcomes.get(source);
    const carried = found?.outcome === 'created' ? found.rows[0]?.['legacyAttributes'] : undefined;
    const types =
      carried !== undefined && 'M' in carried
        ? Object.values(carried.M).flatMap((value) => Object.keys(value))
        : [];
    expect(new Set(types)).toEqual(new Set(['N', 'SS', 'NS', 'B', 'BS', 'L', 'M', 'NULL', 'S']));
  });
});
