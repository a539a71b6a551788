import fc from 'fast-check';
import type { StoredItem, StoredValue } from '../../../src/domain/storage/stored-value.js';
import {
  DATA_IDS,
  LINK_IDS,
  TENANTS,
  USERS,
  rarely,
  someKpi,
  exactNumber,
  spelled,
  unknownAttributes,
} from './arbitrary-values.js';

export type RecordKind = 'link' | 'milestone' | 'actual' | 'reading';

/** Good values by sort of attribute. */
type Sort = 'number' | 'moment' | 'created' | 'user' | 'recorder' | 'text' | 'goal' | 'flag' | 'origin';

/** Attributes beside id, kpiId and tenantId; `?` marks those that may be absent. */
const SORTS: Readonly<Record<RecordKind, Readonly<Record<string, Sort | `${Sort}?`>>>> = {
  link: {
    goalId: 'goal',
    thresholdPct: 'number?',
    linkType: 'text?',
    weight: 'number?',
    displayOrder: 'number?',
    isPrimary: 'flag?',
    createdBy: 'user',
    createdAt: 'created',
    updatedBy: 'user?',
    updatedAt: 'moment?',
  },
  milestone: {
    targetValue: 'number',
    milestoneDate: 'moment',
    label: 'text?',
    confidenceLevel: 'number?',
    rationale: 'text?',
    createdBy: 'user',
    createdAt: 'moment',
    updatedBy: 'user?',
    updatedAt: 'moment?',
  },
  actual: {
    actualValue: 'number',
    measurementDate: 'moment',
    originalValue: 'number?',
    isManualOverride: 'flag?',
    overrideComment: 'text?',
    dataSource: 'origin?',
    sourceReferenceId: 'text?',
    triggersReplan: 'flag?',
    replanThresholdExceeded: 'flag?',
    autoAdjustmentApplied: 'flag?',
    recordedBy: 'recorder',
    recordedAt: 'moment',
    updatedBy: 'user?',
    updatedAt: 'moment?',
  },
  reading: {
    value: 'number',
    readingDate: 'moment',
    periodStart: 'moment?',
    notes: 'text?',
    source: 'origin?',
    externalId: 'text?',
    recordedBy: 'recorder?',
    recordedAt: 'moment?',
    createdBy: 'user?',
    createdAt: 'moment?',
    updatedBy: 'user?',
    updatedAt: 'moment?',
  },
};

/** A legacy record: two of three are sound, the others have one or two faults. */
export function legacyRecord(kind: RecordKind): fc.Arbitrary<StoredItem> {
  const sorts = Object.entries(SORTS[kind]);
  const listed = ['id', 'kpiId', 'tenantId', ...sorts.map(([name]) => name)];
  const attributes = fc
    .tuple(...sorts.map(([name, sort]) => attribute(sort).map((value) => [name, value] as const)))
    .map((pairs) => pairs.filter((pair): pair is readonly [string, StoredValue] => pair[1] !== undefined));
  const unknown = fc.oneof(
    { weight: 3, arbitrary: fc.constant<StoredItem>({}) },
    { weight: 1, arbitrary: unknownAttributes(listed) },
  );
  const sound = fc
    .tuple(keys(kind), attributes, unknown)
    .map(([key, pairs, rest]): StoredItem => ({ ...rest, ...key, ...Object.fromEntries(pairs) }));
  return sound.chain((record) =>
    fc.oneof(
      { weight: 40, arbitrary: fc.constant(record) },
      {
        weight: 20,
        arbitrary: fc
          .array(fault(kind, listed), { minLength: 1, maxLength: 2 })
          .map((faults) => broken(record, faults)),
      },
      { weight: 1, arbitrary: fc.constant(oversized(kind, record)) },
    ),
  );
}

function keys(kind: RecordKind): fc.Arbitrary<StoredItem> {
  const ids = kind === 'link' ? LINK_IDS : DATA_IDS;
  return fc
    .record({
      id: fc.constantFrom(...ids).chain(spelled),
      kpi: someKpi(),
      elsewhere: rarely(10, fc.constantFrom(...TENANTS)),
    })
    .chain(({ id, kpi, elsewhere }) =>
      fc
        .tuple(spelled(kpi.id), spelled(elsewhere === undefined ? kpi.tenant : elsewhere))
        .map(([kpiId, tenantId]) => ({ id: { S: id }, kpiId: { S: kpiId }, tenantId: { S: tenantId } })),
    );
}

function attribute(sort: string): fc.Arbitrary<StoredValue | undefined> {
  const value = good(sort.replace('?', '') as Sort);
  if (!sort.endsWith('?')) return value;
  return fc.oneof(
    { weight: 4, arbitrary: value },
    { weight: 2, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.constant<StoredValue>({ NULL: true }) },
  );
}

function good(sort: Sort): fc.Arbitrary<StoredValue> {
  const user = fc.oneof(
    { weight: 8, arbitrary: fc.constantFrom(...USERS).chain(spelled) },
    {
      weight: 1,
      arbitrary: fc.constantFrom('system', 'ann@example.org', '00000000-0000-0000-0000-000000000000'),
    },
  );
  switch (sort) {
    case 'number':
      return fc.oneof(
        { weight: 6, arbitrary: exactNumber().map((N) => ({ N })) },
        {
          weight: 1,
          arbitrary: fc.constantFrom('12.50', ' 7 ', '+3', '-0', '1.5E3', '2e-3', '007').map((S) => ({ S })),
        },
      );
    case 'flag':
      return fc.boolean().map((BOOL) => ({ BOOL }));
    case 'moment':
      return moment().map((S) => ({ S }));
    case 'created':
      return createdAtOf().map((S) => ({ S }));
    case 'user':
    case 'recorder':
      return user.map((S) => ({ S }));
    case 'goal':
      return fc
        .constantFrom(
          '9a000001-AAAA-4bbb-8ccc-000000000001',
          'goal-7',
          '{9a000002-aaaa-4bbb-8ccc-000000000002}',
        )
        .map((S) => ({ S }));
    case 'origin':
      return fc
        .constantFrom('Manual', 'Automated', 'Integration', 'Imported', 'Calculated', 'Spreadsheet', '', ' ')
        .map((S) => ({ S }));
    case 'text':
      return fc
        .oneof(fc.constantFrom('', '  ', 'Primary', 'Ölpreis 😀'), fc.string({ maxLength: 10 }))
        .map((S) => ({ S }));
  }
}

/** Few instants in many forms, so that links are often of the same age. */
export function createdAtOf(): fc.Arbitrary<string> {
  return fc.oneof(
    fc.constantFrom('2024-01-01T00:00:00Z', '2024-01-01T09:00:00+09:00', '2024-01-01', '2024-01-01T00:00:00'),
    fc.constantFrom(
      '2024-01-01T00:00:00.0000001Z',
      '2024-01-01T00:00:00.000000Z',
      '2023-12-31T19:00:00.1-05:00',
    ),
    moment(),
  );
}

function moment(): fc.Arbitrary<string> {
  const two = (n: number): string => String(n).padStart(2, '0');
  const day = fc
    .record({
      year: fc.constantFrom(3, 99, 1582, 1600, 1970, 2000, 2023, 2024, 9998),
      month: fc.integer({ min: 1, max: 12 }),
      day: fc.integer({ min: 1, max: 28 }),
    })
    .map(({ year, month, day: date }) => `${String(year).padStart(4, '0')}-${two(month)}-${two(date)}`);
  const fraction = fc.option(fc.stringMatching(/^\d{1,9}$/), { nil: undefined });
  const offset = fc.record({
    sign: fc.constantFrom('+', '-'),
    hour: fc.nat({ max: 13 }),
    minute: fc.constantFrom(0, 30, 45),
  });
  const zone = fc.oneof(
    fc.constantFrom('Z', ''),
    offset.map(({ sign, hour, minute }) =>
      hour + minute === 0 ? 'Z' : `${sign}${two(hour)}:${two(minute)}`,
    ),
  );
  const instant = fc.tuple(day, fc.nat({ max: 86399 }), fraction, zone).map(([date, at, digits, suffix]) => {
    const clock = [Math.floor(at / 3600), Math.floor(at / 60) % 60, at % 60].map(two).join(':');
    return `${date}T${clock}${digits === undefined ? '' : `.${digits}`}${suffix}`;
  });
  const real = fc.constantFrom(
    '2024-02-29',
    '2000-02-29T23:30:00-01:00',
    '2024-03-01T09:00:00.1234567+09:00',
    '2023-12-31',
  );
  return fc.oneof(day, instant, real);
}

interface Fault {
  readonly name: string;
  /** undefined: the attribute is absent */
  readonly value: StoredValue | undefined;
}

function fault(kind: RecordKind, listed: readonly string[]): fc.Arbitrary<Fault> {
  const anything = fc.constantFrom<StoredValue | undefined>(
    undefined,
    { NULL: true },
    { S: '' },
    { S: ' \t' },
    { S: 'nonsense' },
    { S: '00000000-0000-0000-0000-000000000000' },
    { N: '12' },
    { BOOL: true },
    { B: new Uint8Array([1]) },
    { L: [] },
    { M: {} },
    { SS: ['a'] },
  );
  const numbers = ['1,5', '0x10', 'NaN', 'Infinity', '1e126', '1e-131', '1'.repeat(39), '--1', '.', '1 2'];
  const moments = [
    '0001-01-01T00:00:00',
    '0001-01-01',
    '2023-02-29',
    '1900-02-29T00:00:00Z',
    '2024-01-01T24:00:00Z',
    '2024-01-01T00:00:60Z',
    '2024-01-01 00:00:00',
    '2024-01-01T00:00:00.Z',
    '2024-01-01T00:00:00.1234567890Z',
    '2024-01-01T00:00:00z',
    '2024-1-1',
    '01/02/2024',
    '0000-01-01',
    '2024-01-01T00:00:00+0100',
  ];
  const specific = Object.entries(SORTS[kind]).flatMap(([name, sort]) => {
    const texts = sort.startsWith('number') ? numbers : /^(moment|created)/.test(sort) ? moments : [];
    return texts.length === 0 ? [] : [fc.constantFrom(...texts).map((S): Fault => ({ name, value: { S } }))];
  });
  return fc.oneof(
    { weight: 2, arbitrary: fc.record({ name: fc.constantFrom(...listed), value: anything }) },
    { weight: 1, arbitrary: fc.oneof(...specific) },
  );
}

/** The key stays text that is not empty, because the store takes nothing else. */
function broken(record: StoredItem, faults: readonly Fault[]): StoredItem {
  return faults.reduce<StoredItem>((before, { name, value }) => {
    if (name === 'id') {
      const strange = value !== undefined && 'S' in value && value.S !== '' ? value : { S: 'no guid' };
      return { ...before, id: strange };
    }
    const others = Object.fromEntries(Object.entries(before).filter(([other]) => other !== name));
    return value === undefined ? others : { ...others, [name]: value };
  }, record);
}

/** A record that the old table takes and the new one does not: too long a goal (an index key there), or item. */
function oversized(kind: RecordKind, record: StoredItem): StoredItem {
  const [name, length] = (
    {
      link: ['goalId', 3000],
      milestone: ['rationale', 409_150],
      actual: ['overrideComment', 409_150],
      reading: ['notes', 409_150],
    } as const
  )[kind];
  const needed = Object.entries(SORTS[kind]).filter(([, sort]) => !sort.endsWith('?'));
  const short = Object.fromEntries(
    [
      'id',
      'kpiId',
      'tenantId',
      ...needed.map(([attribute]) => attribute),
      ...(kind === 'reading' ? ['recordedBy', 'recordedAt'] : []),
    ].flatMap((attribute) =>
      record[attribute] === undefined ? [] : [[attribute, record[attribute]] as const],
    ),
  );
  return { ...short, [name]: { S: 'x'.repeat(length) } };
}
