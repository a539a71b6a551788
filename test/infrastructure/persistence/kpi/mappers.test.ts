import fc from 'fast-check';
import { KpiData } from '../../../../src/domain/kpi/kpi-data.js';
import { KpiLink } from '../../../../src/domain/kpi/kpi-link.js';
import { Kpi } from '../../../../src/domain/kpi/kpi.js';
import { Person } from '../../../../src/domain/person/person.js';
import type { AggregateMapper } from '../../../../src/domain/storage/stored.js';
import type { StoredItem, StoredValue } from '../../../../src/domain/storage/stored-value.js';
import { KpiDataMapper } from '../../../../src/infrastructure/persistence/kpi/kpi-data.mapper.js';
import { KpiLinkMapper } from '../../../../src/infrastructure/persistence/kpi/kpi-link.mapper.js';
import { KpiMapper } from '../../../../src/infrastructure/persistence/kpi/kpi.mapper.js';
import { PersonMapper } from '../../../../src/infrastructure/persistence/kpi/person.mapper.js';
import { anOldDataState, anOldLinkState, aPersonState } from '../../../support/mothers/aggregates.mother.js';
import { without } from '../../../support/mothers/legacy.mother.js';
import { aKpiDataRow, aKpiLinkRow, aKpiRow, aPersonRow } from '../../../support/mothers/rows.mother.js';

interface Case {
  readonly mapper: AggregateMapper<{ state(): object }>;
  readonly row: (changes?: StoredItem) => StoredItem;
  readonly type: abstract new (...parts: never) => object;
  readonly required: readonly string[];
}

const LINK: Case = {
  mapper: new KpiLinkMapper(),
  row: aKpiLinkRow,
  type: KpiLink as never,
  required: ['id', 'tenantId', 'kpiId', 'personId', 'isPrimary', 'createdBy', 'createdAt'],
};
const DATA: Case = {
  mapper: new KpiDataMapper(),
  row: aKpiDataRow,
  type: KpiData as never,
  required: [
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
  ],
};
const KPI: Case = { mapper: new KpiMapper(), row: aKpiRow, type: Kpi as never, required: ['id', 'tenantId'] };
const PERSON: Case = {
  mapper: new PersonMapper(),
  row: aPersonRow,
  type: Person as never,
  required: ['id', 'tenantId'],
};

const CASES: readonly [string, Case][] = [
  ['purposepath-kpi-links', LINK],
  ['purposepath-kpi-data', DATA],
  ['purposepath-kpis', KPI],
  ['purposepath-people', PERSON],
];

const STAMP: StoredValue = {
  M: { source: { S: 'purposepath-kpi-actuals#{D2…}' }, run: { S: 'run-1' }, digest: { S: 'ab12' } },
};

const FOREIGN: StoredItem = {
  Notes: { S: '' },
  nothing: { NULL: true },
  blob: { B: new Uint8Array([0, 1, 255]) },
  tags: { SS: ['b', 'a'] },
  sizes: { NS: ['1.50', '2'] },
  parts: { BS: [new Uint8Array([9])] },
  deep: { M: { list: { L: [{ N: '1e2' }, { BOOL: false }, { M: { ['__proto__']: { S: 'x' } } }] } } },
  ['__proto__']: { S: 'an attribute' },
  constructor: { N: '5' },
};

describe.each(CASES)('rows of %s', (table, { mapper, row, type, required }) => {
  test('are known by their table', () => {
    expect(mapper.table).toBe(table);
  });

  test('come back as they are, with every attribute that the model knows', () => {
    const stored = mapper.fromItem(row());
    expect(stored.aggregate).toBeInstanceOf(type);
    expect(stored.envelope).toStrictEqual(
      table === 'purposepath-kpi-data' ? { tenantId: '7e000000-0000-4000-8000-000000000001' } : {},
    );
    expect(mapper.toItem(stored)).toStrictEqual(row());
  });

  test('come back without what is optional, and nothing is written in its place', () => {
    const optional = Object.keys(row()).filter((name) => !required.includes(name) && name !== 'goalId');
    const bare = without(row(), ...optional);
    expect(Object.keys(bare).length).toBeLessThan(Object.keys(row()).length);
    const { aggregate, envelope } = mapper.fromItem(bare);
    expect(envelope).toStrictEqual({});
    expect(mapper.toItem({ aggregate, envelope })).toStrictEqual(bare);
  });

  test('keep attributes that nobody knows, of all types and under any name', () => {
    const item = { ...row(), ...FOREIGN };
    const stored = mapper.fromItem(item);
    const others = stored.envelope.otherAttributes!;
    expect(Object.keys(others).sort()).toEqual(Object.keys(FOREIGN).sort());
    const back = mapper.toItem(stored);
    expect(back).toStrictEqual(item);
    expect(Object.keys(back).sort()).toEqual(Object.keys(item).sort());
    expect(Object.getOwnPropertyDescriptor(back, '__proto__')?.value).toEqual({ S: 'an attribute' });
  });

  test('keep NULLs in the place of optional attributes', () => {
    for (const name of Object.keys(row())) {
      if (required.includes(name)) continue;
      const item = row({ [name]: { NULL: true } });
      expect(mapper.toItem(mapper.fromItem(item))).toStrictEqual(item);
    }
  });

  test('keep stamp and legacy attributes apart from the model', () => {
    const item = row({ _migration: STAMP, legacyAttributes: { M: FOREIGN } });
    const { aggregate, envelope } = mapper.fromItem(item);
    expect(envelope.stamp).toEqual({ source: 'purposepath-kpi-actuals#{D2…}', run: 'run-1', digest: 'ab12' });
    expect(envelope.legacyAttributes).toStrictEqual(FOREIGN);
    expect(envelope.otherAttributes).toBeUndefined();
    expect(mapper.toItem({ aggregate, envelope })).toStrictEqual(item);
  });

  test.each<[string, StoredItem]>([
    ['a stamp that is incomplete', { _migration: { M: { run: { S: 'r' } } } }],
    ['a stamp that is no map', { _migration: { S: 'r' } }],
    ['a stamp with more in it', { _migration: { M: { ...STAMP.M, more: { N: '1' } } } }],
    ['legacy attributes that are no map', { legacyAttributes: { L: [] } }],
    ['legacy attributes that are empty', { legacyAttributes: { M: {} } }],
  ])('keep %s as it is', (_what, change) => {
    expect(mapper.toItem(mapper.fromItem(row(change)))).toStrictEqual(row(change));
  });

  test('are refused with the field where something required is absent or NULL', () => {
    for (const field of required) {
      for (const item of [without(row(), field), row({ [field]: { NULL: true } })]) {
        expect(() => mapper.fromItem(item)).toThrow(expect.objectContaining({ name: 'RestoreError', field }));
      }
    }
  });

  test('are refused with the field where its type is another one', () => {
    for (const [field, value] of Object.entries(row())) {
      const wrong: StoredValue = 'S' in value ? { N: '1' } : { S: '1' };
      expect(() => mapper.fromItem(row({ [field]: wrong }))).toThrow(
        expect.objectContaining({ name: 'RestoreError', field }),
      );
    }
  });
});

describe('rows of the application', () => {
  test('may hold ids that are no GUIDs, and dates of any form, which are kept to the letter', () => {
    const item = aKpiLinkRow({
      id: { S: 'Link 7' },
      kpiId: { S: '{C1000000-0000-4000-8000-000000000001}' },
      createdAt: { S: '2024-03-01T09:00:00.1234567+00:00' },
      updatedAt: { S: 'yesterday' },
    });
    const { aggregate } = LINK.mapper.fromItem(item);
    expect(aggregate.state()).toMatchObject({
      id: 'Link 7',
      kpiId: '{C1000000-0000-4000-8000-000000000001}',
    });
    expect(LINK.mapper.toItem({ aggregate, envelope: {} })).toStrictEqual(item);
  });

  test('may link a strategy and no goal, but not neither', () => {
    const item = without(aKpiLinkRow(), 'goalId');
    expect(LINK.mapper.toItem(LINK.mapper.fromItem(item))).toStrictEqual(item);
    expect(() => LINK.mapper.fromItem(without(item, 'strategyId'))).toThrow(
      expect.objectContaining({ field: 'goalId' }),
    );
  });

  test('K-X30: data may have no tenant, but not one of another type', () => {
    const { aggregate, envelope } = DATA.mapper.fromItem(without(aKpiDataRow(), 'tenantId'));
    expect(envelope.tenantId).toBeUndefined();
    expect(aggregate.state()).not.toHaveProperty('tenantId');
    expect(DATA.mapper.toItem({ aggregate, envelope: { tenantId: 't-1' } })).toStrictEqual(
      aKpiDataRow({ tenantId: { S: 't-1' } }),
    );
  });
});

describe('restore ∘ persist', () => {
  test('a number is written in its canonical form, and is the same number', () => {
    const item = aKpiDataRow({ postValue: { N: '1.0050E+2' } });
    expect(DATA.mapper.toItem(DATA.mapper.fromItem(item))).toStrictEqual(
      aKpiDataRow({ postValue: { N: '100.5' } }),
    );
  });

  test('K-X24: states that break every rule of today survive being stored', () => {
    const link = KpiLink.restore(anOldLinkState());
    const storedLink = new KpiLinkMapper().fromItem(
      new KpiLinkMapper().toItem({ aggregate: link, envelope: {} }),
    );
    expect(storedLink.aggregate.state()).toEqual(anOldLinkState());
    const data = KpiData.restore(anOldDataState());
    const storedData = new KpiDataMapper().fromItem(
      new KpiDataMapper().toItem({ aggregate: data, envelope: {} }),
    );
    expect(storedData.aggregate.state()).toEqual(anOldDataState());
    const person = Person.restore(aPersonState());
    const storedPerson = new PersonMapper().fromItem(
      new PersonMapper().toItem({ aggregate: person, envelope: {} }),
    );
    expect(storedPerson.aggregate.state()).toEqual(aPersonState());
  });

  const text = fc.string({ unit: 'grapheme' });
  const key = text.filter((one) => /\S/.test(one)).map((one) => `k${one}`);
  const number = fc.tuple(
    fc.bigInt({ min: -(10n ** 38n - 1n), max: 10n ** 38n - 1n }),
    fc.integer({ min: 0, max: 37 }),
  );
  const canonical = number.map(([coefficient, places]) => {
    const digits = String(coefficient)
      .replace('-', '')
      .padStart(places + 1, '0');
    const whole = digits.slice(0, digits.length - places);
    const fraction = digits.slice(digits.length - places).replace(/0+$/, '');
    return `${coefficient < 0n ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
  });
  const { value: anyValue } = fc.letrec<{ value: StoredValue }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      text.map((S) => ({ S })),
      canonical.map((N) => ({ N })),
      fc.boolean().map((BOOL) => ({ BOOL })),
      fc.constant({ NULL: true as const }),
      fc.uint8Array().map((B) => ({ B })),
      fc.uniqueArray(text, { minLength: 1 }).map((SS) => ({ SS })),
      fc.array(tie('value'), { maxLength: 3 }).map((L) => ({ L })),
      fc
        .dictionary(text, tie('value'), { maxKeys: 3 })
        .map((M) => ({ M: Object.fromEntries(Object.entries(M)) })),
    ),
  }));
  const like = (value: StoredValue, name: string): fc.Arbitrary<StoredValue> => {
    if ('N' in value) return canonical.map((N) => ({ N }));
    if ('BOOL' in value) return fc.boolean().map((BOOL) => ({ BOOL }));
    return (/id$/i.test(name) || name === 'dataCategory' ? key : text).map((S) => ({ S }));
  };

  test.each(CASES)(
    '%s: any row that is structurally right comes back, and so does its state',
    (_table, of) => {
      const row = of.row();
      const known = fc.record(
        Object.fromEntries(Object.entries(row).map(([name, value]) => [name, like(value, name)])),
        { requiredKeys: [...of.required, ...('goalId' in row ? ['goalId'] : [])] },
      );
      const unknown = fc.dictionary(
        text.filter((name) => !(name in row) && !['_migration', 'legacyAttributes'].includes(name)),
        anyValue,
        { maxKeys: 4 },
      );
      const carried = fc.option(fc.dictionary(text, anyValue, { maxKeys: 3 }), { nil: undefined });
      fc.assert(
        fc.property(known, unknown, carried, fc.boolean(), (some, others, legacy, stamped) => {
          const item = Object.fromEntries([
            ...Object.entries(others),
            ...Object.entries(some),
            ...(legacy === undefined ? [] : [['legacyAttributes', { M: legacy }]]),
            ...(stamped ? [['_migration', STAMP]] : []),
          ]) as StoredItem;
          const stored = of.mapper.fromItem(item);
          const back = of.mapper.toItem(stored);
          expect(back).toEqual(item);
          expect(Object.keys(back).sort()).toEqual(Object.keys(item).sort());
          const again = of.mapper.fromItem(back);
          expect(again.aggregate.state()).toEqual(stored.aggregate.state());
          expect(again.envelope).toEqual(stored.envelope);
        }),
      );
    },
  );
});
