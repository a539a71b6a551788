import { IsOptional } from 'class-validator';
import { Attribute } from '../../../src/domain/legacy/attribute.js';
import { GoalKpiLinkRecord } from '../../../src/domain/kpi/legacy/goal-kpi-link.record.js';
import { KpiActualRecord } from '../../../src/domain/kpi/legacy/kpi-actual.record.js';
import { KpiMilestoneRecord } from '../../../src/domain/kpi/legacy/kpi-milestone.record.js';
import { KpiReadingRecord } from '../../../src/domain/kpi/legacy/kpi-reading.record.js';
import { LegacyRecord } from '../../../src/domain/legacy/legacy-record.js';
import type { ReadRecord } from '../../../src/domain/legacy/read-legacy-record.js';
import { readLegacyRecord } from '../../../src/domain/legacy/read-legacy-record.js';
import type { StoredItem, StoredValue } from '../../../src/domain/storage/stored-value.js';
import {
  aLegacyActual,
  aLegacyLink,
  aLegacyMilestone,
  aLegacyReading,
  without,
} from '../../support/mothers/legacy.mother.js';

type RecordType = new () => LegacyRecord;

function recordOf<T>(read: ReadRecord<T>): T {
  if (!read.ok) throw new Error(`${read.problem.reason} of ${read.problem.field}`);
  return read.record;
}

function problemOf(type: RecordType, item: StoredItem): string {
  const read = readLegacyRecord(type, item);
  return read.ok ? 'readable' : `${read.problem.reason} ${read.problem.field}`;
}

function warningsOf(type: RecordType, item: StoredItem): string[] {
  const read = readLegacyRecord(type, item);
  if (!read.ok) throw new Error(read.problem.reason);
  return read.warnings.map(({ code, field }) => `${code} ${field}`);
}

const TABLES: readonly [string, RecordType, (changes?: StoredItem) => StoredItem][] = [
  ['goal-kpi-links', GoalKpiLinkRecord, aLegacyLink],
  ['kpi-milestones', KpiMilestoneRecord, aLegacyMilestone],
  ['kpi-actuals', KpiActualRecord, aLegacyActual],
  ['kpi-readings', KpiReadingRecord, aLegacyReading],
];

type Kind = 'id' | 'text' | 'user' | 'number' | 'flag' | 'date';
type Listed = readonly [table: string, attribute: string, kind: Kind, required: boolean];

/** Table, attribute, its kind and whether it is required: the storage contract once more, by hand. */
const ATTRIBUTES: readonly Listed[] = [
  ...TABLES.flatMap(([table]): Listed[] => [
    [table, 'id', 'id', true],
    [table, 'kpiId', 'id', true],
    [table, 'tenantId', 'user', true],
    [table, 'updatedBy', 'user', false],
    [table, 'updatedAt', 'date', false],
  ]),
  ['goal-kpi-links', 'goalId', 'user', true],
  ['goal-kpi-links', 'thresholdPct', 'number', false],
  ['goal-kpi-links', 'linkType', 'text', false],
  ['goal-kpi-links', 'weight', 'number', false],
  ['goal-kpi-links', 'displayOrder', 'number', false],
  ['goal-kpi-links', 'isPrimary', 'flag', false],
  ['goal-kpi-links', 'createdBy', 'user', true],
  ['goal-kpi-links', 'createdAt', 'date', true],
  ['kpi-milestones', 'targetValue', 'number', true],
  ['kpi-milestones', 'milestoneDate', 'date', true],
  ['kpi-milestones', 'label', 'text', false],
  ['kpi-milestones', 'confidenceLevel', 'number', false],
  ['kpi-milestones', 'rationale', 'text', false],
  ['kpi-milestones', 'createdBy', 'user', true],
  ['kpi-milestones', 'createdAt', 'date', true],
  ['kpi-actuals', 'actualValue', 'number', true],
  ['kpi-actuals', 'measurementDate', 'date', true],
  ['kpi-actuals', 'originalValue', 'number', false],
  ['kpi-actuals', 'isManualOverride', 'flag', false],
  ['kpi-actuals', 'overrideComment', 'text', false],
  ['kpi-actuals', 'dataSource', 'text', false],
  ['kpi-actuals', 'sourceReferenceId', 'text', false],
  ['kpi-actuals', 'triggersReplan', 'flag', false],
  ['kpi-actuals', 'replanThresholdExceeded', 'flag', false],
  ['kpi-actuals', 'autoAdjustmentApplied', 'flag', false],
  ['kpi-actuals', 'recordedBy', 'user', true],
  ['kpi-actuals', 'recordedAt', 'date', true],
  ['kpi-readings', 'value', 'number', true],
  ['kpi-readings', 'readingDate', 'date', true],
  ['kpi-readings', 'periodStart', 'date', false],
  ['kpi-readings', 'notes', 'text', false],
  ['kpi-readings', 'source', 'text', false],
  ['kpi-readings', 'externalId', 'text', false],
  ['kpi-readings', 'recordedBy', 'user', false],
  ['kpi-readings', 'recordedAt', 'date', false],
  ['kpi-readings', 'createdBy', 'user', false],
  ['kpi-readings', 'createdAt', 'date', false],
];

const cases = ATTRIBUTES.map(([table, name, kind, required]) => {
  const [, type, item] = TABLES.find(([known]) => known === table)!;
  return { table, name, kind, required, type, item };
});

describe('presence and types', () => {
  test('the list has every attribute of full rows', () => {
    for (const [table, , item] of TABLES) {
      const listed = cases.filter((one) => one.table === table).map(({ name }) => name);
      expect([...listed].sort()).toEqual(Object.keys(item()).sort());
    }
  });

  test.each(cases)(
    '$table: $name absent or NULL is fine only if it is optional',
    ({ name, required, ...of }) => {
      const expected = required ? `FIELD_MISSING ${name}` : 'readable';
      expect(problemOf(of.type, without(of.item(), name))).toBe(expected);
      expect(problemOf(of.type, of.item({ [name]: { NULL: true } }))).toBe(expected);
    },
  );

  test.each(cases.filter(({ kind }) => kind !== 'flag'))(
    '$table: $name that is blank counts as absent, text aside',
    ({ name, kind, required, type, item }) => {
      for (const blank of ['', ' \t']) {
        const read = readLegacyRecord(type, item({ [name]: { S: blank } }));
        if (required) {
          expect(read).toMatchObject({ ok: false, problem: { reason: 'FIELD_MISSING', field: name } });
        } else if (kind === 'text') {
          expect(read).toMatchObject({ ok: true, record: { [name]: blank } });
        } else {
          const absent = recordOf(readLegacyRecord(type, without(item(), name)));
          expect(recordOf(read)).toEqual(absent);
        }
      }
    },
  );

  test.each(cases)('$table: $name of another type is TYPE_INVALID', ({ name, kind, type, item }) => {
    const right = { id: ['S'], text: ['S'], user: ['S'], date: ['S'], number: ['N', 'S'], flag: ['BOOL'] }[
      kind
    ];
    const values: StoredValue[] = [
      { S: '1' },
      { N: '1' },
      { BOOL: true },
      { B: new Uint8Array([1]) },
      { M: {} },
      { L: [] },
      { SS: ['1'] },
      { NS: ['1'] },
      { BS: [new Uint8Array([1])] },
    ];
    for (const value of values) {
      if (right.includes(Object.keys(value)[0]!)) continue;
      expect(problemOf(type, item({ [name]: value }))).toBe(`TYPE_INVALID ${name}`);
    }
  });

  test('a blank flag is text and no flag', () => {
    expect(problemOf(GoalKpiLinkRecord, aLegacyLink({ isPrimary: { S: '' } }))).toBe(
      'TYPE_INVALID isPrimary',
    );
  });
});

describe('identifiers', () => {
  test.each(TABLES)(
    'K-X11: %s: id and kpiId are canonical, and the stored id is kept',
    (_table, type, item) => {
      const stored = '{D1000000-0000-4000-8000-00000000000A}';
      const read = readLegacyRecord(
        type,
        item({ id: { S: stored }, kpiId: { S: ' C100000000004000800000000000000B ' } }),
      );
      expect(recordOf(read)).toMatchObject({
        storedId: stored,
        id: { text: 'd1000000-0000-4000-8000-00000000000a' },
        kpiId: { text: 'c1000000-0000-4000-8000-00000000000b' },
      });
    },
  );

  test.each(TABLES)('K-X09: %s: nil and what is no GUID are ID_INVALID', (_table, type, item) => {
    for (const field of ['id', 'kpiId']) {
      for (const text of ['00000000-0000-0000-0000-000000000000', '0'.repeat(32), 'kpi-1']) {
        expect(problemOf(type, item({ [field]: { S: text } }))).toBe(`ID_INVALID ${field}`);
      }
    }
  });

  test('K-X11, K-X28: tenants, goals and users are canonical where they are GUIDs, else text as stored', () => {
    const read = readLegacyRecord(
      GoalKpiLinkRecord,
      aLegacyLink({
        tenantId: { S: '(7E000000-0000-4000-8000-00000000000C)' },
        goalId: { S: ' Goal 7 ' },
        createdBy: { S: 'A5000000000040008000000000000001' },
        updatedBy: { S: 'bob@example.org' },
      }),
    );
    expect(recordOf(read)).toMatchObject({
      tenantId: '7e000000-0000-4000-8000-00000000000c',
      goalId: ' Goal 7 ',
      createdBy: 'a5000000-0000-4000-8000-000000000001',
      updatedBy: 'bob@example.org',
    });
    expect(read).toMatchObject({ warnings: [{ code: 'USER_NOT_GUID', field: 'updatedBy' }] });
  });

  test('K-X11: a recorder is kept as stored, whatever its spelling', () => {
    const spelt = ' {A5000000-0000-4000-8000-000000000001} ';
    const actual = readLegacyRecord(KpiActualRecord, aLegacyActual({ recordedBy: { S: spelt } }));
    expect(recordOf(actual).recordedBy).toBe(spelt);
    expect(actual).toMatchObject({ warnings: [] });
  });
});

describe('numbers', () => {
  test.each([
    ['N', { N: '0.1234567890123456789012345678901234567' }, '0.1234567890123456789012345678901234567'],
    ['text', { S: ' 1250.750 ' }, '1250.75'],
    ['text with sign and exponent', { S: '+1.5E+3' }, '1500'],
    ['38 digits of text', { S: `-${'9'.repeat(38)}` }, `-${'9'.repeat(38)}`],
  ] as const)('from %s keep their exact digits', (_what, value, text) => {
    const item = aLegacyMilestone({ targetValue: value });
    expect(recordOf(readLegacyRecord(KpiMilestoneRecord, item)).targetValue.text).toBe(text);
    expect(warningsOf(KpiMilestoneRecord, item)).toEqual('S' in value ? ['NUMBER_AS_TEXT targetValue'] : []);
  });

  test.each(['ten', '1,5', '1 000', '9'.repeat(39), '0x1f', 'NaN', '1e400'])(
    'the text %s is NUMBER_INVALID',
    (text) => {
      expect(problemOf(KpiActualRecord, aLegacyActual({ originalValue: { S: text } }))).toBe(
        'NUMBER_INVALID originalValue',
      );
    },
  );
});

describe('dates', () => {
  test('K-X13, K-X14, K-X15: the form decides, not the attribute', () => {
    const read = readLegacyRecord(
      KpiMilestoneRecord,
      aLegacyMilestone({
        milestoneDate: { S: '2024-03-01T09:00:00.1234567+09:00' },
        createdAt: { S: '2024-03-01' },
        updatedAt: { S: '2024-03-01T09:00:00' },
      }),
    );
    expect(recordOf(read)).toMatchObject({
      milestoneDate: { text: '2024-03-01T00:00:00.1234567Z' },
      createdAt: { text: '2024-03-01' },
      updatedAt: { text: '2024-03-01T09:00:00Z' },
    });
  });

  test.each(['0001-01-01T00:00:00', '2024-02-30', '01.03.2024', ' 2024-03-01', '1709251200'])(
    'K-X13: %s is DATE_INVALID',
    (text) => {
      expect(problemOf(KpiActualRecord, aLegacyActual({ measurementDate: { S: text } }))).toBe(
        'DATE_INVALID measurementDate',
      );
    },
  );
});

describe('precedence', () => {
  test('id, kpiId and tenantId come before all others, then the order of the table', () => {
    let item: StoredItem = {
      id: { S: 'x' },
      tenantId: { N: '1' },
      kpiId: { S: '' },
      targetValue: { S: 'ten' },
      milestoneDate: { S: '2024-02-30' },
      label: { N: '1' },
      confidenceLevel: { BOOL: true },
      rationale: { L: [] },
      createdAt: { S: 'x' },
      updatedBy: { N: '1' },
      updatedAt: { S: 'x' },
    };
    const good = aLegacyMilestone();
    const found: string[] = [];
    for (let left = Object.keys(item).length + 1; left > 0; left -= 1) {
      const problem = problemOf(KpiMilestoneRecord, item);
      found.push(problem);
      const field = problem.split(' ')[1]!;
      item = { ...item, [field]: good[field]! };
    }
    expect(found).toEqual([
      'ID_INVALID id',
      'FIELD_MISSING kpiId',
      'TYPE_INVALID tenantId',
      'NUMBER_INVALID targetValue',
      'DATE_INVALID milestoneDate',
      'TYPE_INVALID label',
      'TYPE_INVALID confidenceLevel',
      'TYPE_INVALID rationale',
      'FIELD_MISSING createdBy',
      'DATE_INVALID createdAt',
      'TYPE_INVALID updatedBy',
      'DATE_INVALID updatedAt',
    ]);
  });

  test.each(TABLES)('%s: a tenant of a wrong type comes before a wrong value', (_table, type, item) => {
    const values = {
      targetValue: { S: 'x' },
      actualValue: { S: 'x' },
      value: { S: 'x' },
      goalId: { N: '1' },
    };
    expect(problemOf(type, item({ ...values, tenantId: { NULL: true } }))).toBe('FIELD_MISSING tenantId');
  });
});

describe('problems', () => {
  test('tell types and lengths, and never the value', () => {
    const secret = 'tell nobody';
    const bad: [string, StoredValue][] = [
      ['id', { S: secret }],
      ['tenantId', { SS: [secret] }],
      ['actualValue', { S: secret }],
      ['measurementDate', { S: secret }],
    ];
    const details = bad.map(([name, value]) => {
      const read = readLegacyRecord(KpiActualRecord, aLegacyActual({ [name]: value }));
      return read.ok ? '' : read.problem.detail;
    });
    expect(details).toEqual([
      'expected a GUID, found text of 11 characters',
      'expected type S, found SS',
      'expected a number of at most 38 significant digits, found text of 11 characters',
      'expected an existing date or time, not in year 1, found text of 11 characters',
    ]);
  });
});

describe('attributes that the table does not list', () => {
  test.each(TABLES)('%s: are carried as stored and reported one by one', (_table, type, item) => {
    const foreign: StoredItem = {
      note: { NULL: true },
      tags: { SS: ['b', 'a'] },
      blob: { B: new Uint8Array([0, 255]) },
      deep: { M: { amounts: { L: [{ N: '1.10' }, { NS: ['1', '2.0'] }] } } },
      ['__proto__']: { S: 'not a prototype' },
      constructor: { S: 'no constructor either' },
      _migration: { M: {} },
    };
    const read = readLegacyRecord(type, { ...item(), ...foreign });
    const carried = recordOf(read).legacyAttributes!;
    expect(Object.keys(carried).sort()).toEqual(Object.keys(foreign).sort());
    for (const [name, value] of Object.entries(foreign)) {
      expect(Object.getOwnPropertyDescriptor(carried, name)?.value).toBe(value);
    }
    expect(read.ok && read.warnings.map(({ code, field }) => `${code} ${field}`).sort()).toEqual(
      Object.keys(foreign)
        .map((name) => `UNKNOWN_ATTRIBUTE ${name}`)
        .sort(),
    );
  });

  test.each(TABLES)('%s: a row without any carries nothing', (_table, type, item) => {
    expect(recordOf(readLegacyRecord(type, item())).legacyAttributes).toBeUndefined();
    const nulled = item({ updatedBy: { NULL: true } });
    expect(recordOf(readLegacyRecord(type, nulled)).legacyAttributes).toBeUndefined();
  });

  test('what another table lists is unknown here', () => {
    const item = aLegacyActual({ createdBy: { S: 'bob' } });
    expect(recordOf(readLegacyRecord(KpiActualRecord, item)).legacyAttributes).toEqual({
      createdBy: { S: 'bob' },
    });
  });
});

describe('warnings', () => {
  test.each(TABLES)('%s: a full row has none', (_table, type, item) => {
    expect(warningsOf(type, item())).toEqual([]);
  });

  test('K-X24: a weight above 100 is kept', () => {
    const item = aLegacyLink({ weight: { N: '100.00000000000000000000000001' } });
    expect(warningsOf(GoalKpiLinkRecord, item)).toEqual(['WEIGHT_ABOVE_100 weight']);
    expect(recordOf(readLegacyRecord(GoalKpiLinkRecord, item)).weight?.text).toBe(
      '100.00000000000000000000000001',
    );
    expect(warningsOf(GoalKpiLinkRecord, aLegacyLink({ weight: { N: '100' } }))).toEqual([]);
  });

  test.each(['-0.1', '100.1'])('K-X24: a confidence of %s is kept', (text) => {
    const item = aLegacyMilestone({ confidenceLevel: { N: text } });
    expect(warningsOf(KpiMilestoneRecord, item)).toEqual(['CONFIDENCE_OUT_OF_RANGE confidenceLevel']);
    expect(recordOf(readLegacyRecord(KpiMilestoneRecord, item)).confidenceLevel?.text).toBe(text);
  });

  test('K-X24: a long label is kept whole', () => {
    const item = aLegacyMilestone({ label: { S: 'x'.repeat(201) } });
    expect(warningsOf(KpiMilestoneRecord, item)).toEqual(['LABEL_TOO_LONG label']);
    expect(recordOf(readLegacyRecord(KpiMilestoneRecord, item)).label).toBe('x'.repeat(201));
    expect(warningsOf(KpiMilestoneRecord, aLegacyMilestone({ label: { S: 'x'.repeat(200) } }))).toEqual([]);
  });

  test('K-X24: comment and original value without an override are kept', () => {
    for (const item of [
      aLegacyActual({ isManualOverride: { BOOL: false } }),
      without(aLegacyActual(), 'isManualOverride'),
    ]) {
      expect(warningsOf(KpiActualRecord, item)).toEqual([
        'OVERRIDE_COMMENT_WITHOUT_OVERRIDE overrideComment',
        'ORIGINAL_VALUE_WITHOUT_OVERRIDE originalValue',
      ]);
    }
    const plain = without(aLegacyActual({ isManualOverride: { BOOL: false } }), 'originalValue');
    expect(warningsOf(KpiActualRecord, { ...plain, overrideComment: { S: ' ' } })).toEqual([]);
  });

  test.each([
    ['actual', 'dataSource', KpiActualRecord, aLegacyActual],
    ['reading', 'source', KpiReadingRecord, aLegacyReading],
  ] as const)('K-X23: a missing or unknown source of an %s is reported', (_kind, field, type, item) => {
    for (const known of ['Manual', 'Automated', 'Integration', 'Imported', 'Calculated']) {
      expect(warningsOf(type, item({ [field]: { S: known } }))).toEqual([]);
    }
    for (const unknown of ['Rumour', 'manual', '']) {
      expect(warningsOf(type, item({ [field]: { S: unknown } }))).toEqual([`DATA_SOURCE_UNKNOWN ${field}`]);
    }
    expect(warningsOf(type, without(item(), field))).toEqual([`DATA_SOURCE_MISSING ${field}`]);
  });

  test('K-X11: users and recorders that are no GUIDs are reported', () => {
    const link = aLegacyLink({ createdBy: { S: 'system' }, updatedBy: { S: 'bob' } });
    expect(warningsOf(GoalKpiLinkRecord, link)).toEqual([
      'USER_NOT_GUID createdBy',
      'USER_NOT_GUID updatedBy',
    ]);
    const actual = aLegacyActual({ recordedBy: { S: 'import job' } });
    expect(warningsOf(KpiActualRecord, actual)).toEqual(['RECORDER_NOT_GUID recordedBy']);
    const reading = aLegacyReading({ recordedBy: { S: 'import job' } });
    expect(warningsOf(KpiReadingRecord, without(reading, 'createdBy'))).toEqual([
      'RECORDER_NOT_GUID recordedBy',
    ]);
    expect(warningsOf(KpiReadingRecord, reading)).toEqual([]);
  });

  test('have no values in them', () => {
    const item = aLegacyLink({
      createdBy: { S: 'bob@example.org' },
      weight: { S: '777' },
      more: { S: 'secret' },
    });
    const read = readLegacyRecord(GoalKpiLinkRecord, item);
    const text = read.ok ? read.warnings.map(({ detail }) => detail).join() : '';
    expect(text).not.toMatch(/bob|777|secret/);
    expect(text).not.toBe('');
  });
});

describe('the recorder of a reading', () => {
  test('is its creator as stored where it has none (K-X27)', () => {
    const item = without(
      aLegacyReading({ createdBy: { S: '{A5000000-0000-4000-8000-000000000002}' } }),
      'recordedBy',
    );
    expect(recordOf(readLegacyRecord(KpiReadingRecord, item))).toMatchObject({
      recordedBy: '{A5000000-0000-4000-8000-000000000002}',
      createdBy: 'a5000000-0000-4000-8000-000000000002',
    });
  });

  test('was at work when the reading was created where no other time is given', () => {
    const item = without(aLegacyReading(), 'recordedAt');
    expect(recordOf(readLegacyRecord(KpiReadingRecord, item)).recordedAt.text).toBe('2024-06-01T00:10:00Z');
  });

  test('is missing where nobody is named, blank names included', () => {
    expect(problemOf(KpiReadingRecord, without(aLegacyReading(), 'recordedBy', 'createdBy'))).toBe(
      'FIELD_MISSING recordedBy',
    );
    const blank = aLegacyReading({ recordedBy: { S: ' ' }, createdBy: { S: '' } });
    expect(problemOf(KpiReadingRecord, blank)).toBe('FIELD_MISSING recordedBy');
    expect(problemOf(KpiReadingRecord, without(aLegacyReading(), 'recordedAt', 'createdAt'))).toBe(
      'FIELD_MISSING recordedAt',
    );
  });

  test('is not missing where the creator can’t be read: that is the problem', () => {
    const noRecorder = without(aLegacyReading(), 'recordedBy', 'recordedAt');
    expect(problemOf(KpiReadingRecord, { ...noRecorder, createdBy: { N: '1' } })).toBe(
      'TYPE_INVALID createdBy',
    );
    expect(problemOf(KpiReadingRecord, { ...noRecorder, createdAt: { S: 'x' } })).toBe(
      'DATE_INVALID createdAt',
    );
    const both = { ...without(aLegacyReading(), 'recordedAt'), createdBy: { N: '1' }, createdAt: { S: 'x' } };
    expect(problemOf(KpiReadingRecord, both)).toBe('TYPE_INVALID createdBy');
  });
});

describe('declarations', () => {
  test('other validators on a record class are refused, because they would not always run', () => {
    class Mixed extends LegacyRecord {
      @Attribute('text', 'optional') @IsOptional() readonly id: string | undefined;
    }
    class Empty extends LegacyRecord {}
    expect(() => readLegacyRecord(Mixed, {})).toThrow(TypeError);
    expect(() => readLegacyRecord(Empty, {})).toThrow(TypeError);
  });
});
