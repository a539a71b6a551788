import fc from 'fast-check';
import { GoalKpiLinkRecord } from '../../../../src/domain/kpi/legacy/goal-kpi-link.record.js';
import { KpiActualRecord } from '../../../../src/domain/kpi/legacy/kpi-actual.record.js';
import { KpiMilestoneRecord } from '../../../../src/domain/kpi/legacy/kpi-milestone.record.js';
import { KpiReadingRecord } from '../../../../src/domain/kpi/legacy/kpi-reading.record.js';
import type { LegacyRecord } from '../../../../src/domain/legacy/legacy-record.js';
import { readLegacyRecord } from '../../../../src/domain/legacy/read-legacy-record.js';
import type { StoredItem } from '../../../../src/domain/storage/stored-value.js';
import { Moment } from '../../../../src/domain/values/moment.js';
import { KpiDataMapper } from '../../../../src/infrastructure/persistence/kpi/kpi-data.mapper.js';
import { KpiLinkMapper } from '../../../../src/infrastructure/persistence/kpi/kpi-link.mapper.js';
import { PersonMapper } from '../../../../src/infrastructure/persistence/kpi/person.mapper.js';
import { translateActual } from '../../../../src/migrations/kpi/translation/actual.js';
import { translateLink } from '../../../../src/migrations/kpi/translation/link.js';
import { translateMilestone } from '../../../../src/migrations/kpi/translation/milestone.js';
import { placeholderPerson } from '../../../../src/migrations/kpi/translation/placeholder-person.js';
import { translateReading } from '../../../../src/migrations/kpi/translation/reading.js';
import {
  ACTUAL,
  EDITOR,
  GOAL,
  KPI,
  LINK,
  MILESTONE,
  READING,
  TENANT,
  USER,
  aLegacyActual,
  aLegacyLink,
  aLegacyMilestone,
  aLegacyReading,
  without,
} from '../../../support/mothers/legacy.mother.js';

const PERSON = 'be000000-0000-4000-8000-000000000001';

function record<T extends LegacyRecord>(type: new () => T, item: StoredItem): T {
  const read = readLegacyRecord(type, item);
  if (!read.ok) throw new Error(`${read.problem.reason} of ${read.problem.field}`);
  return read.record;
}

const linkRow = (item: StoredItem) =>
  new KpiLinkMapper().toItem(translateLink(record(GoalKpiLinkRecord, item), PERSON));
const data = new KpiDataMapper();
const milestoneRow = (item: StoredItem, dataId = MILESTONE) =>
  data.toItem(translateMilestone(record(KpiMilestoneRecord, item), { dataId, linkId: LINK }));
const actualRow = (item: StoredItem, dataId = ACTUAL) =>
  data.toItem(translateActual(record(KpiActualRecord, item), { dataId, linkId: LINK }));
const readingRow = (item: StoredItem, dataId = READING) =>
  data.toItem(translateReading(record(KpiReadingRecord, item), { dataId, linkId: LINK }));

describe('links', () => {
  test('K-01, K-13, K-14: a full link keeps its id and every attribute, and has no strategy', () => {
    expect(linkRow(aLegacyLink())).toStrictEqual({
      id: { S: '11000000-0000-4000-8000-000000000001' },
      tenantId: { S: '7e000000-0000-4000-8000-000000000001' },
      kpiId: { S: 'c1000000-0000-4000-8000-000000000001' },
      personId: { S: 'be000000-0000-4000-8000-000000000001' },
      goalId: { S: '90000000-0000-4000-8000-000000000001' },
      thresholdPct: { N: '80.5' },
      linkType: { S: 'primary' },
      weight: { N: '40' },
      displayOrder: { N: '3' },
      isPrimary: { BOOL: true },
      createdBy: { S: 'a5000000-0000-4000-8000-000000000001' },
      createdAt: { S: '2023-01-15T08:30:00.1234567Z' },
      updatedBy: { S: 'a5000000-0000-4000-8000-000000000002' },
      updatedAt: { S: '2023-02-01T10:00:00Z' },
    });
  });

  test('K-13: a bare link is not primary, and nothing is written for what it has not', () => {
    const bare = without(
      aLegacyLink(),
      'thresholdPct',
      'linkType',
      'weight',
      'displayOrder',
      'isPrimary',
      'updatedBy',
      'updatedAt',
    );
    expect(linkRow(bare)).toStrictEqual({
      id: { S: LINK },
      tenantId: { S: TENANT },
      kpiId: { S: KPI },
      personId: { S: PERSON },
      goalId: { S: GOAL },
      isPrimary: { BOOL: false },
      createdBy: { S: USER },
      createdAt: { S: '2023-01-15T08:30:00.1234567Z' },
    });
  });

  test('K-X11, K-X28: ids in any GUID format are written canonically, other users as text', () => {
    const row = linkRow(
      aLegacyLink({
        id: { S: '{11000000-0000-4000-8000-00000000000A}' },
        kpiId: { S: 'C1000000000040008000000000000001' },
        tenantId: { S: '(7E000000-0000-4000-8000-000000000001)' },
        goalId: { S: 'goal seven' },
        createdBy: { S: 'system' },
        updatedBy: { S: '{A5000000-0000-4000-8000-000000000002}' },
      }),
    );
    expect(row).toMatchObject({
      id: { S: '11000000-0000-4000-8000-00000000000a' },
      kpiId: { S: KPI },
      tenantId: { S: TENANT },
      goalId: { S: 'goal seven' },
      createdBy: { S: 'system' },
      updatedBy: { S: EDITOR },
    });
  });

  test('K-X12, K-X24: history that today’s rules forbid is kept', () => {
    const row = linkRow(
      aLegacyLink({
        weight: { S: ' 250.50 ' },
        thresholdPct: { N: '-1' },
        displayOrder: { N: '1.5' },
        linkType: { S: ' ' },
      }),
    );
    expect(row).toMatchObject({
      weight: { N: '250.5' },
      thresholdPct: { N: '-1' },
      displayOrder: { N: '1.5' },
      linkType: { S: ' ' },
    });
  });
});

describe('milestones', () => {
  test('K-02, K-17, K-18: a full milestone is an expected target', () => {
    expect(milestoneRow(aLegacyMilestone())).toStrictEqual({
      id: { S: 'd1000000-0000-4000-8000-000000000001' },
      tenantId: { S: '7e000000-0000-4000-8000-000000000001' },
      kpiLinkId: { S: '11000000-0000-4000-8000-000000000001' },
      dataCategory: { S: 'Target' },
      targetSubtype: { S: 'Expected' },
      postValue: { N: '1250.75' },
      postDate: { S: '2024-06-30' },
      label: { S: 'Half-year' },
      confidenceLevel: { N: '85' },
      rationale: { S: 'Last year plus ten' },
      isManualOverride: { BOOL: false },
      dataSource: { S: 'Manual' },
      triggersReplan: { BOOL: false },
      replanThresholdExceeded: { BOOL: false },
      recordedBy: { S: 'a5000000-0000-4000-8000-000000000001' },
      recordedAt: { S: '2023-12-01T09:00:00.1234567Z' },
      createdBy: { S: 'a5000000-0000-4000-8000-000000000001' },
      createdAt: { S: '2023-12-01T09:00:00.1234567Z' },
      updatedBy: { S: 'a5000000-0000-4000-8000-000000000002' },
      updatedAt: { S: '2024-01-05T11:15:00Z' },
    });
  });

  test('K-17: a bare milestone has no label, confidence, rationale or update stamps', () => {
    const bare = without(
      aLegacyMilestone(),
      'label',
      'confidenceLevel',
      'rationale',
      'updatedBy',
      'updatedAt',
    );
    expect(milestoneRow(bare, 'd1000000-0000-5000-8000-0000000000ff')).toStrictEqual({
      id: { S: 'd1000000-0000-5000-8000-0000000000ff' },
      tenantId: { S: TENANT },
      kpiLinkId: { S: LINK },
      dataCategory: { S: 'Target' },
      targetSubtype: { S: 'Expected' },
      postValue: { N: '1250.75' },
      postDate: { S: '2024-06-30' },
      isManualOverride: { BOOL: false },
      dataSource: { S: 'Manual' },
      triggersReplan: { BOOL: false },
      replanThresholdExceeded: { BOOL: false },
      recordedBy: { S: USER },
      recordedAt: { S: '2023-12-01T09:00:00.1234567Z' },
      createdBy: { S: USER },
      createdAt: { S: '2023-12-01T09:00:00.1234567Z' },
    });
  });

  test('K-X11: the recorder is the creator in the form that is written for the creator', () => {
    const braced = milestoneRow(
      aLegacyMilestone({ createdBy: { S: '{A5000000-0000-4000-8000-000000000001}' } }),
    );
    expect([braced['createdBy'], braced['recordedBy']]).toEqual([{ S: USER }, { S: USER }]);
    const named = milestoneRow(aLegacyMilestone({ createdBy: { S: 'bob' } }));
    expect([named['createdBy'], named['recordedBy']]).toEqual([{ S: 'bob' }, { S: 'bob' }]);
  });

  test('K-X13, K-X14, K-X15: recorded equals created, zones are converted and days stay', () => {
    const row = milestoneRow(
      aLegacyMilestone({
        milestoneDate: { S: '2024-03-01T09:00:00.1234567+09:00' },
        createdAt: { S: '2024-03-31T02:30:00' },
        updatedAt: { S: '2024-04-01' },
      }),
    );
    expect(row).toMatchObject({
      postDate: { S: '2024-03-01T00:00:00.1234567Z' },
      createdAt: { S: '2024-03-31T02:30:00Z' },
      recordedAt: { S: '2024-03-31T02:30:00Z' },
      updatedAt: { S: '2024-04-01' },
    });
  });

  test('K-X24: confidence out of range and a long label are kept', () => {
    const row = milestoneRow(
      aLegacyMilestone({
        confidenceLevel: { N: '140' },
        label: { S: 'x'.repeat(999) },
        rationale: { S: '' },
      }),
    );
    expect(row).toMatchObject({
      confidenceLevel: { N: '140' },
      label: { S: 'x'.repeat(999) },
      rationale: { S: '' },
    });
  });
});

describe('actuals', () => {
  test('K-03, K-20, K-21, K-22, K-X25: a full actual is a measured value with all it has', () => {
    expect(actualRow(aLegacyActual())).toStrictEqual({
      id: { S: 'd2000000-0000-4000-8000-000000000001' },
      tenantId: { S: '7e000000-0000-4000-8000-000000000001' },
      kpiLinkId: { S: '11000000-0000-4000-8000-000000000001' },
      dataCategory: { S: 'Actual' },
      actualSubtype: { S: 'Measured' },
      postValue: { N: '1190.5' },
      postDate: { S: '2024-06-30' },
      originalValue: { N: '1180' },
      isManualOverride: { BOOL: true },
      overrideComment: { S: 'Late invoice' },
      dataSource: { S: 'Integration' },
      sourceReferenceId: { S: 'erp-4711' },
      triggersReplan: { BOOL: true },
      replanThresholdExceeded: { BOOL: true },
      autoAdjustmentApplied: { BOOL: true },
      recordedBy: { S: 'a5000000-0000-4000-8000-000000000001' },
      recordedAt: { S: '2024-07-01T07:45:00.7654321Z' },
      createdBy: { S: 'a5000000-0000-4000-8000-000000000001' },
      createdAt: { S: '2024-07-01T07:45:00.7654321Z' },
      updatedBy: { S: 'a5000000-0000-4000-8000-000000000002' },
      updatedAt: { S: '2024-07-02T08:00:00Z' },
    });
  });

  test('K-21, K-X23: a bare actual is Manual, no override and no replan', () => {
    const bare: StoredItem = {
      id: { S: ACTUAL },
      tenantId: { S: TENANT },
      kpiId: { S: KPI },
      actualValue: { N: '0' },
      measurementDate: { S: '2024-06-30' },
      recordedBy: { S: USER },
      recordedAt: { S: '2024-07-01T07:45:00Z' },
    };
    expect(actualRow(bare)).toStrictEqual({
      id: { S: ACTUAL },
      tenantId: { S: TENANT },
      kpiLinkId: { S: LINK },
      dataCategory: { S: 'Actual' },
      actualSubtype: { S: 'Measured' },
      postValue: { N: '0' },
      postDate: { S: '2024-06-30' },
      isManualOverride: { BOOL: false },
      dataSource: { S: 'Manual' },
      triggersReplan: { BOOL: false },
      replanThresholdExceeded: { BOOL: false },
      recordedBy: { S: USER },
      recordedAt: { S: '2024-07-01T07:45:00Z' },
      createdBy: { S: USER },
      createdAt: { S: '2024-07-01T07:45:00Z' },
    });
  });

  test.each(['isManualOverride', 'triggersReplan', 'replanThresholdExceeded', 'autoAdjustmentApplied'])(
    'K-21: %s has a value of its own',
    (flag) => {
      const row = actualRow(aLegacyActual({ [flag]: { BOOL: false } }));
      expect(row).toStrictEqual({ ...actualRow(aLegacyActual()), [flag]: { BOOL: false } });
    },
  );

  test.each([
    ['system', 'system'],
    ['bob@example.org', 'system'],
    ['{A5000000-0000-4000-8000-000000000001}', 'a5000000-0000-4000-8000-000000000001'],
    ['A5000000000040008000000000000001', 'a5000000-0000-4000-8000-000000000001'],
    ['00000000-0000-0000-0000-000000000000', '00000000-0000-0000-0000-000000000000'],
  ])('K-X11: the recorder %s stays as stored, and the creator is %s', (recorder, creator) => {
    const row = actualRow(aLegacyActual({ recordedBy: { S: recorder } }));
    expect([row['recordedBy'], row['createdBy']]).toEqual([{ S: recorder }, { S: creator }]);
  });

  test('K-X14: the offset of the record time is applied, to both times', () => {
    const row = actualRow(aLegacyActual({ recordedAt: { S: '2024-03-01T09:00:00+09:00' } }));
    expect(row).toMatchObject({
      recordedAt: { S: '2024-03-01T00:00:00Z' },
      createdAt: { S: '2024-03-01T00:00:00Z' },
    });
  });

  test('K-X23, K-X24: an unknown source and an original value without override are kept', () => {
    const row = actualRow(aLegacyActual({ dataSource: { S: 'Rumour' }, isManualOverride: { BOOL: false } }));
    expect(row).toMatchObject({
      dataSource: { S: 'Rumour' },
      isManualOverride: { BOOL: false },
      originalValue: { N: '1180' },
      overrideComment: { S: 'Late invoice' },
    });
    expect(actualRow(aLegacyActual({ dataSource: { S: '' } }))['dataSource']).toEqual({ S: '' });
  });
});

describe('readings', () => {
  test('K-04, K-X27: a full reading is a measured value under the new names', () => {
    expect(readingRow(aLegacyReading())).toStrictEqual({
      id: { S: 'd3000000-0000-4000-8000-000000000001' },
      tenantId: { S: '7e000000-0000-4000-8000-000000000001' },
      kpiLinkId: { S: '11000000-0000-4000-8000-000000000001' },
      dataCategory: { S: 'Actual' },
      actualSubtype: { S: 'Measured' },
      postValue: { N: '42.125' },
      postDate: { S: '2024-05-31' },
      measuredPeriodStartDate: { S: '2024-05-01' },
      rationale: { S: 'Meter swapped' },
      isManualOverride: { BOOL: false },
      dataSource: { S: 'Automated' },
      sourceReferenceId: { S: 'meter-9' },
      triggersReplan: { BOOL: false },
      replanThresholdExceeded: { BOOL: false },
      recordedBy: { S: 'a5000000-0000-4000-8000-000000000001' },
      recordedAt: { S: '2024-06-01T00:05:00Z' },
      createdBy: { S: 'a5000000-0000-4000-8000-000000000002' },
      createdAt: { S: '2024-06-01T00:10:00Z' },
      updatedBy: { S: 'a5000000-0000-4000-8000-000000000001' },
      updatedAt: { S: '2024-06-03T00:00:00Z' },
    });
  });

  test('K-X23, K-X27: a bare reading is Manual, and created when and by whom it was recorded', () => {
    const bare: StoredItem = {
      id: { S: READING },
      tenantId: { S: TENANT },
      kpiId: { S: KPI },
      value: { N: '-7' },
      readingDate: { S: '2024-05-31' },
      recordedBy: { S: '{A5000000-0000-4000-8000-000000000001}' },
      recordedAt: { S: '2024-06-01T00:05:00Z' },
    };
    expect(readingRow(bare)).toStrictEqual({
      id: { S: READING },
      tenantId: { S: TENANT },
      kpiLinkId: { S: LINK },
      dataCategory: { S: 'Actual' },
      actualSubtype: { S: 'Measured' },
      postValue: { N: '-7' },
      postDate: { S: '2024-05-31' },
      isManualOverride: { BOOL: false },
      dataSource: { S: 'Manual' },
      triggersReplan: { BOOL: false },
      replanThresholdExceeded: { BOOL: false },
      recordedBy: { S: '{A5000000-0000-4000-8000-000000000001}' },
      recordedAt: { S: '2024-06-01T00:05:00Z' },
      createdBy: { S: 'a5000000-0000-4000-8000-000000000001' },
      createdAt: { S: '2024-06-01T00:05:00Z' },
    });
  });

  test('K-X27: without a recorder it is recorded by its creator, as stored, when it was created', () => {
    const item = without(
      aLegacyReading({ createdBy: { S: '{A5000000-0000-4000-8000-000000000002}' } }),
      'recordedBy',
      'recordedAt',
    );
    expect(readingRow(item)).toMatchObject({
      recordedBy: { S: '{A5000000-0000-4000-8000-000000000002}' },
      createdBy: { S: 'a5000000-0000-4000-8000-000000000002' },
      recordedAt: { S: '2024-06-01T00:10:00Z' },
      createdAt: { S: '2024-06-01T00:10:00Z' },
    });
  });

  test('K-X11: a creator of its own is kept as text, a recorder that is no GUID makes the creator system', () => {
    const named = readingRow(aLegacyReading({ createdBy: { S: 'bob' } }));
    expect([named['createdBy'], named['recordedBy']]).toEqual([{ S: 'bob' }, { S: USER }]);
    const job = readingRow(without(aLegacyReading({ recordedBy: { S: 'import job' } }), 'createdBy'));
    expect([job['createdBy'], job['recordedBy']]).toEqual([{ S: 'system' }, { S: 'import job' }]);
  });
});

describe('what the new model does not know', () => {
  const more: StoredItem = { note: { NULL: true }, ['__proto__']: { S: 'p' }, tags: { SS: ['b', 'a'] } };

  test.each([
    ['links', () => linkRow({ ...aLegacyLink(), ...more }), () => linkRow(aLegacyLink())],
    [
      'milestones',
      () => milestoneRow({ ...aLegacyMilestone(), ...more }),
      () => milestoneRow(aLegacyMilestone()),
    ],
    ['actuals', () => actualRow({ ...aLegacyActual(), ...more }), () => actualRow(aLegacyActual())],
    ['readings', () => readingRow({ ...aLegacyReading(), ...more }), () => readingRow(aLegacyReading())],
  ])('K-X27: %s carry it as stored in legacyAttributes', (_kind, row, plain) => {
    expect(row()).toStrictEqual({ ...plain(), legacyAttributes: { M: more } });
    const carried = row()['legacyAttributes'];
    expect(carried && 'M' in carried && Object.keys(carried.M).sort()).toEqual(['__proto__', 'note', 'tags']);
  });
});

describe('tenants', () => {
  test('K-X30: the tenant of a data row is its record’s and stands in the envelope', () => {
    const item = aLegacyActual({ tenantId: { S: 'tenant seven' } });
    const stored = translateActual(record(KpiActualRecord, item), { dataId: ACTUAL, linkId: LINK });
    expect(stored.envelope).toStrictEqual({ tenantId: 'tenant seven' });
    expect(stored.aggregate.state()).not.toHaveProperty('tenantId');
    expect(
      readingRow(aLegacyReading({ tenantId: { S: '{7E000000-0000-4000-8000-000000000001}' } })),
    ).toMatchObject({
      tenantId: { S: TENANT },
    });
  });
});

describe('placeholder persons', () => {
  test('K-12, K-X08: stand in for a user in one tenant', () => {
    const stored = placeholderPerson({
      id: '36700ca4-b647-5f43-9bdb-130e73df3680',
      userId: 'a5000000-0000-4000-8000-000000000001',
      tenantId: '7e000000-0000-4000-8000-000000000002',
      createdAt: Moment.read('2023-01-15T08:30:00.1234567Z')!,
    });
    expect(new PersonMapper().toItem(stored)).toStrictEqual({
      id: { S: '36700ca4-b647-5f43-9bdb-130e73df3680' },
      tenantId: { S: '7e000000-0000-4000-8000-000000000002' },
      linkedUserId: { S: 'a5000000-0000-4000-8000-000000000001' },
      displayName: { S: 'Placeholder for a5000000-0000-4000-8000-000000000001' },
      isPlaceholder: { BOOL: true },
      createdBy: { S: 'system' },
      createdAt: { S: '2023-01-15T08:30:00.1234567Z' },
    });
  });
});

describe('determinism', () => {
  const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }).map((S) => ({ S: `x${S}` }));
  const number = fc.bigInt({ min: -(10n ** 38n - 1n), max: 10n ** 38n - 1n }).map((n) => ({ N: String(n) }));
  const changes = fc.record(
    { value: number, notes: text, recordedBy: text, foreign: text },
    { requiredKeys: [] },
  );

  test('invariant 2: a record yields the same row again, whatever was translated in between', () => {
    fc.assert(
      fc.property(changes, changes, (one, other) => {
        const item = aLegacyReading(one);
        const copy = structuredClone(item);
        const first = readingRow(item);
        readingRow(aLegacyReading(other));
        expect(readingRow(copy)).toEqual(first);
        expect(item).toEqual(copy);
        expect(first['postValue']).toEqual(one.value ?? { N: '42.125' });
      }),
    );
  });

  test('invariant 5: translated rows are canonical: reading them back and writing them changes nothing', () => {
    fc.assert(
      fc.property(changes, (change) => {
        const row = readingRow(aLegacyReading(change));
        expect(data.toItem(data.fromItem(row))).toStrictEqual(row);
      }),
    );
  });
});
