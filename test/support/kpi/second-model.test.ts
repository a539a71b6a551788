import { createHash } from 'node:crypto';
import type { StoredItem, StoredValue } from '../../../src/domain/storage/stored-value.js';
import { fingerprint } from './model-store.js';
import type { ModelOutcome, ModelResult, StepName } from './second-model.js';
import { secondModel } from './second-model.js';
import type { Tables } from './tables.js';
import { TABLE, tablesWith } from './tables.js';

const T1 = 'a0000000-0000-4000-8000-000000000001';
const T2 = 'b0000000-0000-4000-8000-000000000002';
const K1 = 'c0000000-0000-4000-8000-000000000001';
const K2 = 'c0000000-0000-4000-8000-000000000002';
const L1 = '10000000-0000-4000-8000-000000000001';
const L2 = '20000000-0000-4000-8000-000000000002';
const D1 = 'd0000000-0000-4000-8000-000000000001';
const P1 = '90000000-0000-4000-8000-000000000001';
const P2 = '90000000-0000-4000-8000-000000000002';
const U1 = '50000000-0000-4000-8000-00000000000a';
const NIL = '00000000-0000-0000-0000-000000000000';

/** Worked out with Python's uuid.uuid5 and struct.pack('>I'), outside this project. */
const MILESTONE_D1_L1 = '33972227-b7f0-52b8-b1f1-2f1d86bdc6b9';
const MILESTONE_D1_L2 = 'afe29b5f-9c27-58c6-add1-e14fe17a3bd9';
const ACTUAL_D1_L1 = '26659125-fe02-5426-9155-01fca5ecf6c5';
const READING_D1_L1 = '00336660-bb60-583c-a982-1003a96f738c';
const PERSON_T2_U1 = '4e1acbcd-dc44-54a6-bf20-179290b90290';

const digestOf = (row: StoredItem): string => createHash('sha256').update(fingerprint(row)).digest('hex');

const S = (text: string): StoredValue => ({ S: text });
const N = (text: string): StoredValue => ({ N: text });

const kpi = { id: S(K1), tenantId: S(T1), ownerId: S(U1) };
const person = { id: S(P1), tenantId: S(T1), linkedUserId: S(U1) };
const oldLink = {
  id: S(L1),
  tenantId: S(T1),
  kpiId: S(K1),
  goalId: S('goal-1'),
  createdBy: S(U1),
  createdAt: S('2024-01-01T00:00:00Z'),
};
const milestone = {
  id: S(D1),
  tenantId: S(T1),
  kpiId: S(K1),
  targetValue: N('10'),
  milestoneDate: S('2024-03-31'),
  createdBy: S(U1),
  createdAt: S('2024-01-02T00:00:00Z'),
};
const actual = {
  id: S(D1),
  tenantId: S(T1),
  kpiId: S(K1),
  actualValue: N('9'),
  measurementDate: S('2024-03-30'),
  recordedBy: S(U1),
  recordedAt: S('2024-03-31T00:00:00Z'),
};
const reading = {
  id: S(D1),
  tenantId: S(T1),
  kpiId: S(K1),
  value: N('8'),
  readingDate: S('2024-03-29'),
  recordedBy: S(U1),
  recordedAt: S('2024-03-30T00:00:00Z'),
};
const newLink = {
  id: S(L1),
  tenantId: S(T1),
  kpiId: S(K1),
  personId: S(P1),
  goalId: S('goal-1'),
  isPrimary: { BOOL: false },
  createdBy: S(U1),
  createdAt: S('2024-01-01T00:00:00Z'),
};
const stamp = (source: string): StoredItem => ({ _migration: { M: { source: S(source) } } });
const fullStamp = (row: StoredItem, source: string, digest = digestOf(row)): StoredItem => ({
  ...row,
  _migration: { M: { source: S(source), run: S('20240101T000000Z-abcdef'), digest: S(digest) } },
});

function run(some: {
  links?: StoredItem[];
  milestones?: StoredItem[];
  actuals?: StoredItem[];
  readings?: StoredItem[];
  kpis?: StoredItem[];
  people?: StoredItem[];
  kpiLinks?: StoredItem[];
  kpiData?: StoredItem[];
}): ModelResult {
  const given = { kpis: [kpi], people: [person], ...some };
  const named = Object.entries(given).map(([name, rows]) => [TABLE[name as keyof typeof TABLE], rows]);
  return secondModel(tablesWith(Object.fromEntries(named) as Partial<Tables>), digestOf);
}

function outcome(result: ModelResult, step: StepName, id: string): ModelOutcome | undefined {
  return result.steps[step].get(`${TABLE[step]}#${id}`);
}

/** kpiLinkId → id of the rows of a record. */
function idsByLink(found: ModelOutcome | undefined): Record<string, string> {
  if (found === undefined || found.outcome === 'quarantined')
    throw new Error(`no rows: ${JSON.stringify(found)}`);
  return Object.fromEntries(
    found.rows.map((row) => [(row['kpiLinkId'] as { S: string }).S, (row['id'] as { S: string }).S]),
  );
}

function without(row: StoredItem, ...names: string[]): StoredItem {
  return Object.fromEntries(Object.entries(row).filter(([name]) => !names.includes(name)));
}

const AMBIGUOUS: ModelOutcome = { outcome: 'quarantined', reason: 'PERSON_AMBIGUOUS' };
const QUARANTINED = (reason: string, field: string): ModelOutcome => ({
  outcome: 'quarantined',
  reason,
  field,
});

describe('second model: links', () => {
  it('K-13 carries every attribute in canonical form and the unknown ones as they are', () => {
    const stored: StoredItem = {
      ...oldLink,
      id: S('{10000000-0000-4000-8000-000000000001}'),
      kpiId: S('C0000000000040008000000000000001'),
      tenantId: S('A0000000-0000-4000-8000-000000000001'),
      goalId: S('(70000000-0000-4000-8000-00000000000F)'),
      thresholdPct: S(' +12.50 '),
      linkType: S(' '),
      weight: N('33.3'),
      displayOrder: { NULL: true },
      isPrimary: { BOOL: true },
      createdBy: S('importer'),
      createdAt: S('2024-03-01T09:00:00.1234567+09:00'),
      updatedBy: S('  '),
      updatedAt: S('2024-03-02'),
      colour: { SS: ['red'] },
    };
    const result = run({ links: [stored] });
    expect(outcome(result, 'links', '{10000000-0000-4000-8000-000000000001}')).toEqual({
      outcome: 'created',
      conflicts: [],
      rows: [
        {
          id: S(L1),
          tenantId: S(T1),
          kpiId: S(K1),
          personId: S(P1),
          goalId: S('70000000-0000-4000-8000-00000000000f'),
          thresholdPct: N('12.5'),
          linkType: S(' '),
          weight: N('33.3'),
          isPrimary: { BOOL: true },
          createdBy: S('importer'),
          createdAt: S('2024-03-01T00:00:00.1234567Z'),
          updatedAt: S('2024-03-02'),
          legacyAttributes: { M: { colour: { SS: ['red'] } } },
          ...stamp('purposepath-goal-kpi-links#{10000000-0000-4000-8000-000000000001}'),
        },
      ],
    });
    expect(result.tables[TABLE.kpiLinks]).toHaveLength(1);
    expect(result.tables[TABLE.people]).toEqual([person]);
  });

  it.each<[string, StoredItem, string, string]>([
    ['an id that is no GUID', { id: S('7') }, 'ID_INVALID', 'id'],
    ['the nil id', { id: S(NIL) }, 'ID_INVALID', 'id'],
    ['the nil KPI', { kpiId: S(NIL) }, 'ID_INVALID', 'kpiId'],
    ['a KPI of another type', { kpiId: N('1') }, 'TYPE_INVALID', 'kpiId'],
    ['a blank tenant', { tenantId: S(' ') }, 'FIELD_MISSING', 'tenantId'],
    ['a blank goal', { goalId: S('') }, 'FIELD_MISSING', 'goalId'],
    ['a blank creator', { createdBy: S(' ') }, 'FIELD_MISSING', 'createdBy'],
    ['a flag as text', { isPrimary: S('true') }, 'TYPE_INVALID', 'isPrimary'],
    ['a weight that is no number', { weight: S('1,5') }, 'NUMBER_INVALID', 'weight'],
    ['39 digits', { weight: S('1'.repeat(39)) }, 'NUMBER_INVALID', 'weight'],
    ['the default date', { createdAt: S('0001-01-01T00:00:00') }, 'DATE_INVALID', 'createdAt'],
    ['a day that does not exist', { createdAt: S('2023-02-29') }, 'DATE_INVALID', 'createdAt'],
    [
      'several faults: keys before the rest',
      { kpiId: S('x'), tenantId: S(''), weight: S('x') },
      'ID_INVALID',
      'kpiId',
    ],
    ['several faults: table order', { weight: S('x'), createdAt: S('x') }, 'NUMBER_INVALID', 'weight'],
    ['an unknown KPI', { kpiId: S(K2) }, 'KPI_MISSING', 'kpiId'],
    ['another tenant', { tenantId: S(T2) }, 'TENANT_MISMATCH', 'tenantId'],
  ])('sets a link aside for %s', (_name, fault, reason, field) => {
    const stored: StoredItem = { ...oldLink, ...fault };
    const result = run({ links: [stored] });
    expect(outcome(result, 'links', (stored['id'] as { S: string }).S)).toEqual(QUARANTINED(reason, field));
    expect(result.tables[TABLE.kpiLinks]).toEqual([]);
  });

  it('keeps the record whose id is stored in canonical form, else the lowest spelling', () => {
    const braces = `{${L2}}`;
    const twice = run({ links: [{ ...oldLink, id: S(`(${L1})`) }, oldLink] });
    expect(outcome(twice, 'links', L1)?.outcome).toBe('created');
    expect(outcome(twice, 'links', `(${L1})`)).toEqual(QUARANTINED('ID_DUPLICATE', 'id'));
    const noneCanonical = run({
      links: [
        { ...oldLink, id: S(braces) },
        { ...oldLink, id: S(`(${L2})`) },
      ],
    });
    expect(outcome(noneCanonical, 'links', `(${L2})`)?.outcome).toBe('created');
    expect(outcome(noneCanonical, 'links', braces)).toEqual(QUARANTINED('ID_DUPLICATE', 'id'));
  });

  it('keeps a link of the application that has the same id', () => {
    const theirs: StoredItem = { ...newLink, strategyId: S('grow') };
    const result = run({ links: [oldLink], kpiLinks: [theirs] });
    expect(outcome(result, 'links', L1)).toEqual({
      outcome: 'conflict',
      conflicts: [L1],
      rows: [{ ...newLink, ...stamp(`purposepath-goal-kpi-links#${L1}`) }],
    });
    expect(result.tables[TABLE.kpiLinks]).toEqual([theirs]);
  });

  it('sets a link aside whose goal is longer than an index key can be', () => {
    expect(outcome(run({ links: [{ ...oldLink, goalId: S('g'.repeat(2048)) }] }), 'links', L1)?.outcome).toBe(
      'created',
    );
    expect(outcome(run({ links: [{ ...oldLink, goalId: S('g'.repeat(2049)) }] }), 'links', L1)).toEqual({
      outcome: 'quarantined',
      reason: 'ITEM_TOO_LARGE',
    });
  });
});

describe('second model: persons', () => {
  const placeholder = (id: string, tenant: string, source: string): StoredItem => ({
    id: S(id),
    tenantId: S(tenant),
    linkedUserId: S(U1),
    displayName: S('Placeholder for 50000000-0000-4000-8000-00000000000a'),
    isPlaceholder: { BOOL: true },
    createdBy: S('system'),
    createdAt: S('2024-01-01T00:00:00Z'),
    ...stamp(`purposepath-goal-kpi-links#${source}`),
  });
  const personIds = (result: ModelResult): unknown[] =>
    result.tables[TABLE.kpiLinks].map((row) => row['personId']);

  it('K-11 takes the creator where the owner is absent, blank or nil', () => {
    for (const ownerId of [undefined, S(''), S(NIL), { NULL: true } as const]) {
      const others = without(kpi, 'ownerId');
      const result = run({
        links: [oldLink],
        kpis: [ownerId === undefined ? others : { ...others, ownerId }],
      });
      expect(personIds(result)).toEqual([S(P1)]);
    }
  });

  it('K-X11: an owner or creator that is no GUID sets the link aside', () => {
    const links = [oldLink];
    for (const ownerId of [S('system'), N('5'), { BOOL: false }]) {
      const found = outcome(run({ links, kpis: [{ ...kpi, ownerId }] }), 'links', L1);
      expect(found).toEqual(QUARANTINED('ID_INVALID', 'ownerId'));
    }
    const byMail = run({
      links: [{ ...oldLink, createdBy: S('ann@example.org') }],
      kpis: [{ ...kpi, ownerId: S(NIL) }],
    });
    expect(outcome(byMail, 'links', L1)).toEqual(QUARANTINED('ID_INVALID', 'createdBy'));
    const nobody = run({ links: [{ ...oldLink, createdBy: S(NIL) }], kpis: [{ ...kpi, ownerId: S(' ') }] });
    expect(outcome(nobody, 'links', L1)).toEqual(QUARANTINED('ID_INVALID', 'createdBy'));
  });

  it('K-X10: people of other tenants do not count, and two of the same tenant are one too many', () => {
    const other = { ...person, tenantId: S(T2) };
    expect(personIds(run({ links: [oldLink], people: [other] }))).toEqual([S(U1)]);
    const two = run({
      links: [oldLink],
      people: [person, { ...person, id: S(P2), linkedUserId: S(`{${U1}}`) }],
    });
    expect(outcome(two, 'links', L1)).toEqual(AMBIGUOUS);
  });

  it('K-X08: a user whom nobody knows gets a placeholder, made for the lowest link', () => {
    const later = { ...oldLink, id: S(L2), createdAt: S('2020-01-01') };
    const result = run({ links: [later, oldLink], people: [] });
    expect(result.placeholders).toEqual([placeholder(U1, T1, L1)]);
    expect(personIds(result)).toEqual([S(U1), S(U1)]);
  });

  it('a user of two tenants gets the own GUID in the lower one and a derived id in the other', () => {
    const links = [{ ...oldLink, id: S(L2), kpiId: S(K2), tenantId: S(T2) }, oldLink];
    const kpis = [kpi, { ...kpi, id: S(K2), tenantId: S(T2) }];
    const result = run({ links, kpis, people: [] });
    expect(new Set(result.placeholders)).toEqual(
      new Set([placeholder(U1, T1, L1), placeholder(PERSON_T2_U1, T2, L2)]),
    );
  });

  it('a placeholder of an earlier run keeps the GUID although a lower tenant needs one now', () => {
    const earlier = fullStamp(
      { id: S(U1), tenantId: S(T2), linkedUserId: S(U1), isPlaceholder: { BOOL: true } },
      `purposepath-goal-kpi-links#${L2}`,
    );
    const result = run({ links: [oldLink], people: [earlier] });
    expect(result.placeholders).toEqual([{ ...placeholder('3805fb5d-22da-508a-b959-11ade17b3692', T1, L1) }]);
  });

  it('a stranger with the id of a placeholder makes the person ambiguous', () => {
    const stranger = { id: S(U1.toUpperCase()), tenantId: S(T1), displayName: S('Somebody else') };
    const result = run({ links: [oldLink], people: [stranger] });
    expect(outcome(result, 'links', L1)).toEqual(AMBIGUOUS);
    expect(result.placeholders).toEqual([]);
  });

  it('links that are set aside need no placeholder, links in conflict do', () => {
    const tooLong = { ...oldLink, goalId: S('g'.repeat(3000)) };
    expect(run({ links: [tooLong], people: [] }).placeholders).toEqual([]);
    expect(run({ links: [{ ...oldLink, createdAt: S('soon') }], people: [] }).placeholders).toEqual([]);
    const elsewhere = { ...oldLink, id: S(L2), kpiId: S(K2), tenantId: S(T2) };
    const kpis = [kpi, { ...kpi, id: S(K2), tenantId: S(T2) }];
    const onlyOne = run({ links: [tooLong, elsewhere], kpis, people: [] });
    expect(onlyOne.placeholders).toEqual([placeholder(U1, T2, L2)]);
    const theirs: StoredItem = { ...newLink, strategyId: S('grow') };
    expect(run({ links: [oldLink], people: [], kpiLinks: [theirs] }).placeholders).toEqual([
      placeholder(U1, T1, L1),
    ]);
  });
});

describe('second model: data rows', () => {
  const links = [oldLink];

  it('K-17 turns a milestone into an expected target', () => {
    const full: StoredItem = {
      ...milestone,
      label: S('Q1'),
      confidenceLevel: S('80'),
      rationale: S('because'),
      createdBy: S('{50000000-0000-4000-8000-00000000000A}'),
      updatedBy: S('ann@example.org'),
      updatedAt: S('2024-01-03T01:00:00+01:00'),
    };
    expect(outcome(run({ links, milestones: [full] }), 'milestones', D1)).toEqual({
      outcome: 'created',
      conflicts: [],
      rows: [
        {
          id: S(D1),
          tenantId: S(T1),
          kpiLinkId: S(L1),
          dataCategory: S('Target'),
          targetSubtype: S('Expected'),
          postValue: N('10'),
          postDate: S('2024-03-31'),
          label: S('Q1'),
          confidenceLevel: N('80'),
          rationale: S('because'),
          isManualOverride: { BOOL: false },
          dataSource: S('Manual'),
          triggersReplan: { BOOL: false },
          replanThresholdExceeded: { BOOL: false },
          recordedBy: S(U1),
          recordedAt: S('2024-01-02T00:00:00Z'),
          createdBy: S(U1),
          createdAt: S('2024-01-02T00:00:00Z'),
          updatedBy: S('ann@example.org'),
          updatedAt: S('2024-01-03T00:00:00Z'),
          ...stamp(`purposepath-kpi-milestones#${D1}`),
        },
      ],
    });
  });

  it('K-21 turns an actual into a measured actual', () => {
    const full: StoredItem = {
      ...actual,
      originalValue: N('8.5'),
      isManualOverride: { BOOL: true },
      overrideComment: S('typo'),
      dataSource: S('Spreadsheet'),
      sourceReferenceId: S(''),
      triggersReplan: { BOOL: true },
      replanThresholdExceeded: { BOOL: true },
      autoAdjustmentApplied: { BOOL: false },
      recordedBy: S('{50000000-0000-4000-8000-00000000000A}'),
    };
    const found = outcome(run({ links, actuals: [full] }), 'actuals', D1);
    expect(found).toEqual({
      outcome: 'created',
      conflicts: [],
      rows: [
        {
          id: S(D1),
          tenantId: S(T1),
          kpiLinkId: S(L1),
          dataCategory: S('Actual'),
          actualSubtype: S('Measured'),
          postValue: N('9'),
          postDate: S('2024-03-30'),
          originalValue: N('8.5'),
          isManualOverride: { BOOL: true },
          overrideComment: S('typo'),
          dataSource: S('Spreadsheet'),
          sourceReferenceId: S(''),
          triggersReplan: { BOOL: true },
          replanThresholdExceeded: { BOOL: true },
          autoAdjustmentApplied: { BOOL: false },
          recordedBy: S('{50000000-0000-4000-8000-00000000000A}'),
          recordedAt: S('2024-03-31T00:00:00Z'),
          createdBy: S(U1),
          createdAt: S('2024-03-31T00:00:00Z'),
          ...stamp(`purposepath-kpi-actuals#${D1}`),
        },
      ],
    });
  });

  it('K-X11, K-X23: an actual of a mail address and without flags gets the defaults', () => {
    const found = outcome(
      run({ links, actuals: [{ ...actual, recordedBy: S('ann@example.org') }] }),
      'actuals',
      D1,
    );
    expect(found).toMatchObject({
      rows: [
        {
          isManualOverride: { BOOL: false },
          dataSource: S('Manual'),
          triggersReplan: { BOOL: false },
          replanThresholdExceeded: { BOOL: false },
          recordedBy: S('ann@example.org'),
          createdBy: S('system'),
        },
      ],
    });
  });

  it('K-X27: a reading has its own names, and its creator stands in for its recorder', () => {
    const others = without(reading, 'recordedBy', 'recordedAt');
    const full: StoredItem = {
      ...others,
      periodStart: S('2024-03-01'),
      notes: S('from the plant'),
      source: S('Integration'),
      externalId: S('sap-1'),
      createdBy: S('{50000000-0000-4000-8000-00000000000A}'),
      createdAt: S('2024-03-29T12:00:00'),
    };
    expect(outcome(run({ links, readings: [full] }), 'readings', D1)).toEqual({
      outcome: 'created',
      conflicts: [],
      rows: [
        {
          id: S(D1),
          tenantId: S(T1),
          kpiLinkId: S(L1),
          dataCategory: S('Actual'),
          actualSubtype: S('Measured'),
          postValue: N('8'),
          postDate: S('2024-03-29'),
          measuredPeriodStartDate: S('2024-03-01'),
          rationale: S('from the plant'),
          isManualOverride: { BOOL: false },
          dataSource: S('Integration'),
          sourceReferenceId: S('sap-1'),
          triggersReplan: { BOOL: false },
          replanThresholdExceeded: { BOOL: false },
          recordedBy: S('{50000000-0000-4000-8000-00000000000A}'),
          recordedAt: S('2024-03-29T12:00:00Z'),
          createdBy: S(U1),
          createdAt: S('2024-03-29T12:00:00Z'),
          ...stamp(`purposepath-kpi-readings#${D1}`),
        },
      ],
    });
  });

  it('a reading with both pairs of stamps keeps both', () => {
    const both = { ...reading, createdBy: S('importer'), createdAt: S('2024-03-29') };
    expect(outcome(run({ links, readings: [both] }), 'readings', D1)).toMatchObject({
      rows: [
        {
          recordedBy: S(U1),
          recordedAt: S('2024-03-30T00:00:00Z'),
          createdBy: S('importer'),
          createdAt: S('2024-03-29'),
        },
      ],
    });
  });

  it.each<[string, StoredItem, string, string]>([
    ['nobody who recorded or created it', { recordedBy: S(' ') }, 'FIELD_MISSING', 'recordedBy'],
    ['no time of recording or creation', { recordedAt: { NULL: true } }, 'FIELD_MISSING', 'recordedAt'],
    [
      'a creator of another type in place of the recorder',
      { recordedBy: S(''), createdBy: N('1') },
      'TYPE_INVALID',
      'createdBy',
    ],
    ['no value', { value: S('') }, 'FIELD_MISSING', 'value'],
  ])('sets a reading aside for %s', (_name, fault, reason, field) => {
    const result = run({ links, readings: [{ ...reading, ...fault }] });
    expect(outcome(result, 'readings', D1)).toEqual(QUARANTINED(reason, field));
  });

  it('K-X02: data of a KPI without a link, or with foreign links only, is set aside', () => {
    expect(outcome(run({ milestones: [milestone] }), 'milestones', D1)).toEqual(
      QUARANTINED('KPI_UNLINKED', 'kpiId'),
    );
    const foreign = { ...newLink, id: S(L2), tenantId: S(T2) };
    const result = run({ milestones: [milestone], kpiLinks: [foreign] });
    expect(outcome(result, 'milestones', D1)).toEqual(QUARANTINED('KPI_UNLINKED', 'kpiId'));
  });

  it('K-X01: the link created first keeps the id, links of the application included', () => {
    const theirs = {
      ...newLink,
      id: S(L2),
      kpiId: S(K1.toUpperCase()),
      createdAt: S('2023-12-31T20:00:00-05:00'),
    };
    const inOrder = (createdAt: string): Record<string, string> =>
      idsByLink(
        outcome(
          run({ links, milestones: [milestone], kpiLinks: [{ ...theirs, createdAt: S(createdAt) }] }),
          'milestones',
          D1,
        ),
      );
    expect(inOrder('2023-12-31T18:59:59.999999999-05:00')).toEqual({ [L2]: D1, [L1]: MILESTONE_D1_L1 });
    expect(inOrder('2023-12-31T19:00:00-05:00')).toEqual({ [L1]: D1, [L2]: MILESTONE_D1_L2 });
    expect(inOrder('2024-01-01')).toEqual({ [L1]: D1, [L2]: MILESTONE_D1_L2 });
    expect(inOrder('long ago')).toEqual({ [L1]: D1, [L2]: MILESTONE_D1_L2 });
  });

  it('K-X16: the first kind that holds an id keeps it, whatever became of its record', () => {
    const spelled = { ...milestone, id: S(`{${D1}}`), targetValue: S('n/a') };
    const result = run({ links, milestones: [spelled], actuals: [actual], readings: [reading] });
    expect(outcome(result, 'milestones', `{${D1}}`)).toEqual(QUARANTINED('NUMBER_INVALID', 'targetValue'));
    expect(idsByLink(outcome(result, 'actuals', D1))).toEqual({ [L1]: ACTUAL_D1_L1 });
    expect(idsByLink(outcome(result, 'readings', D1))).toEqual({ [L1]: READING_D1_L1 });
    const without = run({ links, actuals: [actual], readings: [reading] });
    expect(idsByLink(outcome(without, 'actuals', D1))).toEqual({ [L1]: D1 });
    expect(idsByLink(outcome(without, 'readings', D1))).toEqual({ [L1]: READING_D1_L1 });
  });

  it('sets a record aside as a whole when one of its rows would be too large', () => {
    const length = (n: number): ModelOutcome | undefined =>
      outcome(run({ links, milestones: [{ ...milestone, rationale: S('x'.repeat(n)) }] }), 'milestones', D1);
    // 400 KiB less 607 bytes for everything else in the row, counted by hand from the rules for item sizes
    expect(length(409_600 - 607)?.outcome).toBe('created');
    expect(length(409_600 - 607 + 1)).toEqual({ outcome: 'quarantined', reason: 'ITEM_TOO_LARGE' });
  });
});

describe('second model: rows that are there already', () => {
  const links = [oldLink];
  const source = `purposepath-goal-kpi-links#${L1}`;
  const ours = fullStamp(newLink, source);
  const dataSourceOf = `purposepath-kpi-milestones#${D1}`;

  it.each<[string, StoredItem, ModelOutcome['outcome']]>([
    ['ours, untouched, as it should be', ours, 'unchanged'],
    [
      'ours, untouched, of an older source',
      fullStamp({ ...newLink, goalId: S('goal-0') }, source),
      'updated',
    ],
    ['ours, edited', { ...ours, goalId: S('goal-9') }, 'conflict'],
    ['ours, with something added', { ...ours, note: S('mine') }, 'conflict'],
    ['of another record', fullStamp(newLink, 'purposepath-goal-kpi-links#other'), 'conflict'],
    ['with half a stamp', { ...newLink, _migration: { M: { source: S(source), run: S('r') } } }, 'conflict'],
    ['of the application', newLink, 'conflict'],
  ])('K-X18: a link row that is %s', (_name, row, expected) => {
    const result = run({ links, kpiLinks: [row] });
    expect(outcome(result, 'links', L1)?.outcome).toBe(expected);
    const left = expected === 'updated' ? { ...newLink, ...stamp(source) } : row;
    expect(result.tables[TABLE.kpiLinks]).toEqual([left]);
  });

  it('a set is the same in any order, and a number in any notation', () => {
    const stored = { ...newLink, weight: N('1.50'), legacyAttributes: { M: { tags: { SS: ['b', 'a'] } } } };
    const result = run({
      links: [{ ...oldLink, weight: N('1.5'), tags: { SS: ['a', 'b'] } }],
      kpiLinks: [fullStamp(stored, source)],
    });
    expect(outcome(result, 'links', L1)?.outcome).toBe('unchanged');
  });

  it('K-X29: the row that has the id keeps it when an earlier link turns up, and the record is updated', () => {
    const [row] = rowsOf(run({ links, milestones: [milestone] }), D1);
    const content = without(row!, '_migration');
    const earlier = { ...newLink, id: S(L2), createdAt: S('2001-01-01') };
    const result = run({
      links,
      milestones: [milestone],
      kpiLinks: [earlier],
      kpiData: [fullStamp(content, dataSourceOf)],
    });
    expect(outcome(result, 'milestones', D1)?.outcome).toBe('updated');
    expect(idsByLink(outcome(result, 'milestones', D1))).toEqual({ [L1]: D1, [L2]: MILESTONE_D1_L2 });
    expect(result.tables[TABLE.kpiData]).toHaveLength(2);
  });

  it('a row of the application on the legacy id pins nothing: conflict, and the other rows are written', () => {
    const second = { ...newLink, id: S(L2), createdAt: S('2025-01-01') };
    const theirs = { id: S(D1), kpiLinkId: S(L2), dataCategory: S('Actual') };
    const result = run({ links, milestones: [milestone], kpiLinks: [second], kpiData: [theirs] });
    const found = outcome(result, 'milestones', D1);
    expect(found).toMatchObject({ outcome: 'conflict', conflicts: [D1] });
    expect(idsByLink(found)).toEqual({ [L1]: D1, [L2]: MILESTONE_D1_L2 });
    expect(result.tables[TABLE.kpiData].map((row) => row['id'])).toEqual([S(D1), S(MILESTONE_D1_L2)]);
  });

  function rowsOf(result: ModelResult, id: string): readonly StoredItem[] {
    const found = outcome(result, 'milestones', id);
    if (found === undefined || found.outcome === 'quarantined') throw new Error('no rows');
    return found.rows;
  }
});
