import { DomainRuleError } from '../../../src/domain/errors.js';
import type { NewKpiData } from '../../../src/domain/kpi/kpi-data.js';
import { KpiData } from '../../../src/domain/kpi/kpi-data.js';
import { ExactNumber } from '../../../src/domain/values/exact-number.js';
import { Guid } from '../../../src/domain/values/guid.js';
import { Instant, Moment } from '../../../src/domain/values/moment.js';
import { anOldDataState } from '../../support/mothers/aggregates.mother.js';

const guid = (digit: number) => Guid.parse(`${digit}`.repeat(32))!;
const NIL = Guid.parse('0'.repeat(32))!;
const NOW = Instant.read('2026-11-01T12:00:00Z')!;
const NEW: NewKpiData = {
  kpiLinkId: guid(2),
  createdBy: guid(3),
  kind: { category: 'Target', subtype: 'Expected' },
  postValue: ExactNumber.of('10'),
  postDate: Moment.read('2026-12-31')!,
};

describe('KpiData.create', () => {
  test('makes a target that is recorded by its creator, now', () => {
    expect(KpiData.create(guid(1), NOW, { ...NEW, label: 'x'.repeat(200) }).state()).toEqual({
      id: '11111111-1111-1111-1111-111111111111',
      kpiLinkId: '22222222-2222-2222-2222-222222222222',
      dataCategory: 'Target',
      targetSubtype: 'Expected',
      postValue: ExactNumber.of('10'),
      postDate: Moment.read('2026-12-31'),
      label: 'x'.repeat(200),
      isManualOverride: false,
      dataSource: 'Manual',
      triggersReplan: false,
      replanThresholdExceeded: false,
      recordedBy: '33333333-3333-3333-3333-333333333333',
      recordedAt: NOW,
      createdBy: '33333333-3333-3333-3333-333333333333',
      createdAt: NOW,
    });
  });

  test('makes an actual with an override', () => {
    const data = KpiData.create(guid(1), NOW, {
      ...NEW,
      kind: { category: 'Actual', subtype: 'Measured' },
      override: { originalValue: ExactNumber.of('9'), comment: 'recount' },
      measuredPeriodStartDate: Moment.read('2026-12-31T00:00:00Z')!,
      dataSource: 'Imported',
    });
    expect(data.id).toBe('11111111-1111-1111-1111-111111111111');
    expect(data.state()).toMatchObject({
      dataCategory: 'Actual',
      actualSubtype: 'Measured',
      isManualOverride: true,
      originalValue: ExactNumber.of('9'),
      overrideComment: 'recount',
      dataSource: 'Imported',
    });
    expect(data.state().targetSubtype).toBeUndefined();
  });

  test.each<[string, Partial<NewKpiData>]>([
    ['ids-not-nil', { kpiLinkId: NIL }],
    ['subtype-not-blank', { kind: { category: 'Target', subtype: ' ' } }],
    ['confidenceLevel-range', { confidenceLevel: ExactNumber.of('100.5') }],
    ['confidenceLevel-range', { confidenceLevel: ExactNumber.of('-1') }],
    ['label-length', { label: 'x'.repeat(201) }],
    ['dataSource-known', { dataSource: 'Rumour' }],
    ['postDate-readable', { postDate: Moment.restore('soon') }],
    ['period-order', { measuredPeriodStartDate: Moment.read('2027-01-01')! }],
    ['period-order', { measuredPeriodStartDate: Moment.restore('once') }],
  ])('refuses what breaks the rule %s', (rule, change) => {
    const attempt = () => KpiData.create(guid(1), NOW, { ...NEW, ...change });
    expect(attempt).toThrow(DomainRuleError);
    expect(attempt).toThrow(expect.objectContaining({ rule }));
  });
});

describe('KpiData.restore', () => {
  test('K-X12, K-X24: keeps id, audit fields and all that today’s rules forbid', () => {
    const data = KpiData.restore(anOldDataState());
    expect(data.id).toBe('data-1');
    expect(data.state()).toStrictEqual(anOldDataState());
    expect(KpiData.restore(data.state()).state()).toStrictEqual(anOldDataState());
  });

  test('K-X23: keeps an empty data source and an unknown category', () => {
    const state = anOldDataState({ dataSource: '', dataCategory: 'Forecast' });
    expect(KpiData.restore(state).state()).toStrictEqual(state);
  });

  test.each([
    'id',
    'kpiLinkId',
    'dataCategory',
    'postValue',
    'postDate',
    'isManualOverride',
    'dataSource',
    'triggersReplan',
    'replanThresholdExceeded',
    'recordedBy',
    'recordedAt',
    'createdBy',
    'createdAt',
  ])('fails with the field where %s is missing', (field) => {
    expect(() => KpiData.restore({ ...anOldDataState(), [field]: undefined })).toThrow(
      expect.objectContaining({ name: 'RestoreError', aggregate: 'KpiData', field }),
    );
  });
});
