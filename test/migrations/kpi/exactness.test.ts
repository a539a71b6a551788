import type { StoredItem } from '../../../src/domain/storage/stored-value.js';
import { KpiTrial } from '../../support/engine/kpi-trial.js';
import { column, entries, migrated, rowOf, told } from '../../support/engine/observed.js';
import {
  actual,
  changed,
  id,
  kpi,
  link,
  milestone,
  person,
  reading,
} from '../../support/engine/small-rows.js';
import { TABLE } from '../../support/kpi/tables.js';

const COMPANY = { [TABLE.kpis]: [kpi(1)], [TABLE.people]: [person(1)], [TABLE.links]: [link(1)] };
const DIGITS_38 = '12345678901234567890.123456789012345678';

/** Every type that a store has, also inside each other, under names that are traps. */
const TORTURE: StoredItem = Object.fromEntries<StoredItem[string]>([
  ['digits', { N: DIGITS_38 }],
  ['tiny', { N: '-0.00000000000000000000000000000000000012345678901234567890123456789012345678' }],
  ['beyondDouble', { N: '9007199254740993' }],
  ['texts', { SS: ['b', '', 'ä', 'a'] }],
  ['numbers', { NS: ['1', '-2.5', '10000000000000000000000000000000000001'] }],
  ['blobs', { BS: [new Uint8Array([0, 255]), new Uint8Array([])] }],
  ['blob', { B: new Uint8Array([0, 1, 127, 128, 254, 255]) }],
  ['noBytes', { B: new Uint8Array([]) }],
  ['empty', { S: '' }],
  ['blank', { S: ' \t\u0000' }],
  ['nothing', { NULL: true }],
  ['no', { BOOL: false }],
  ['emptyMap', { M: {} }],
  ['emptyList', { L: [] }],
  ['time', { S: '2024-03-01T09:00:00.1234567+09:00' }],
  ['words', { S: 'naïve 🚚 e\u0301 \u{10FFFF}' }],
  [
    'nested',
    {
      M: {
        'a.b #:"': {
          L: [
            { M: { set: { NS: ['1.5'] }, deep: { L: [{ NULL: true }, { B: new Uint8Array([7]) }] } } },
            { S: '' },
          ],
        },
      },
    },
  ],
  [
    '__proto__',
    {
      M: Object.fromEntries([
        ['__proto__', { S: 'inner' }],
        ['constructor', { N: '1' }],
      ]),
    },
  ],
  ['constructor', { S: 'not a function' }],
  ['hasOwnProperty', { BOOL: true }],
  ['toString', { L: [{ S: 'x' }] }],
  ['_migration', { S: 'a name of ours' }],
  ['legacyAttributes', { M: { colour: { S: 'another name of ours' } } }],
  ['postValue', { N: '1' }],
]);
const TRAPS = Object.keys(TORTURE);

describe('unknown attributes of every type', () => {
  it('invariant 5: survive bit for bit in legacyAttributes, on every row that the record yields', async () => {
    const { trial, result } = await migrated({
      ...COMPANY,
      [TABLE.links]: [{ ...link(1), ...TORTURE }, link(2)],
      [TABLE.milestones]: [{ ...milestone(1), ...TORTURE }],
      [TABLE.actuals]: [{ ...actual(1), ...TORTURE }],
      [TABLE.readings]: [{ ...reading(1), ...TORTURE }],
    });
    expect([result.exit, result.error]).toEqual([0, undefined]);
    const carrying = [rowOf(trial, TABLE.kpiLinks, id('11', 1)), ...trial.store.rows(TABLE.kpiData)];
    expect(carrying).toHaveLength(7);
    for (const row of carrying) {
      const carried = row['legacyAttributes'];
      const map = carried !== undefined && 'M' in carried ? carried.M : {};
      expect(Object.keys(map).sort()).toEqual(TRAPS.toSorted());
      for (const name of TRAPS)
        expect([name, Object.getOwnPropertyDescriptor(map, name)?.value]).toEqual([name, TORTURE[name]]);
    }
    expect(rowOf(trial, TABLE.kpiLinks, id('11', 2))['legacyAttributes']).toBeUndefined();
  });

  it('are reported once per name and step, for the table', async () => {
    const { trial } = await migrated({
      ...COMPANY,
      [TABLE.milestones]: [1, 2, 3].map((n) => ({ ...milestone(n), ...TORTURE })),
    });
    const warnings = (await trial.entries('warning')).filter(({ step }) => step === 'milestones');
    expect(warnings.map(({ field }) => field).sort()).toEqual(TRAPS.toSorted());
    expect(new Set(warnings.map(({ source, reason }) => `${source} ${reason}`))).toEqual(
      new Set(['purposepath-kpi-milestones UNKNOWN_ATTRIBUTE']),
    );
  });

  it('leave nothing for a second run or a validation to find', async () => {
    const { trial } = await migrated({ ...COMPANY, [TABLE.readings]: [{ ...reading(1), ...TORTURE }] });
    expect((await trial.run()).steps.map(({ counters }) => [counters.updated, counters.conflict])).toEqual(
      Array(4).fill([0, 0]),
    );
    expect((await trial.validate()).findings).toEqual([]);
  });

  it('survive a dry run that only looks', async () => {
    const trial = await new KpiTrial().put({ ...COMPANY, [TABLE.readings]: [{ ...reading(1), ...TORTURE }] });
    expect((await trial.run({ dryRun: true })).exit).toBe(0);
    expect(trial.store.rows(TABLE.kpiData)).toEqual([]);
  });

  it.each([
    ['one digit of thirty-eight', 'digits', { N: '12345678901234567890.123456789012345679' }],
    ['one byte', 'blob', { B: new Uint8Array([0, 1, 127, 128, 254, 254]) }],
    ['one element of a set', 'numbers', { NS: ['1', '-2.5', '10000000000000000000000000000000000002'] }],
    ['a set that became a list', 'texts', { L: [{ S: 'b' }, { S: '' }, { S: 'ä' }, { S: 'a' }] }],
    ['a number that became text', 'beyondDouble', { S: '9007199254740993' }],
    ['a NULL that became an empty text', 'nothing', { S: '' }],
  ] as const)('are compared exactly: %s', async (_case, name, value) => {
    const { trial } = await migrated({ ...COMPANY, [TABLE.readings]: [{ ...reading(1), ...TORTURE }] });
    const row = rowOf(trial, TABLE.kpiData, id('d3', 1));
    const spoilt = Object.fromEntries([...Object.entries(TORTURE), [name, value]]);
    trial.store.load(TABLE.kpiData, [changed(row, { legacyAttributes: { M: spoilt } })]);
    expect(told((await trial.validate()).findings)).toEqual([
      `readings different ${id('d3', 1)} legacyAttributes`,
    ]);
  });
});

describe('numbers', () => {
  it('invariant 5: keep thirty-eight digits, whether they came as number or as text', async () => {
    const { trial, result } = await migrated({
      ...COMPANY,
      [TABLE.milestones]: [
        milestone(1, { targetValue: { N: DIGITS_38 } }),
        milestone(2, { targetValue: { S: ` +${DIGITS_38}\n` } }),
        milestone(3, { targetValue: { S: '-1.5E+3' } }),
      ],
      [TABLE.actuals]: [
        actual(1, { actualValue: { N: '0.10' } }),
        actual(2, { actualValue: { N: '99999999999999999999999999999999999999' } }),
      ],
    });
    expect(result.exit).toBe(0);
    expect(column(trial, TABLE.kpiData, 'id', 'postValue')).toEqual([
      `${id('d1', 1)} ${DIGITS_38}`,
      `${id('d1', 2)} ${DIGITS_38}`,
      `${id('d1', 3)} -1500`,
      `${id('d2', 1)} 0.1`,
      `${id('d2', 2)} 99999999999999999999999999999999999999`,
    ]);
    expect(await entries(trial, 'warning')).toEqual([
      `milestones ${id('d1', 2)} NUMBER_AS_TEXT`,
      `milestones ${id('d1', 3)} NUMBER_AS_TEXT`,
    ]);
  });

  it('with a thirty-ninth digit, or none, are set aside', async () => {
    const { trial } = await migrated({
      ...COMPANY,
      [TABLE.milestones]: [
        milestone(1, { targetValue: { S: `${DIGITS_38}9` } }),
        milestone(2, { targetValue: { S: 'NaN' } }),
        milestone(3, { targetValue: { S: '1,5' } }),
      ],
    });
    expect(await entries(trial, 'quarantine')).toEqual(
      [1, 2, 3].map((n) => `milestones ${id('d1', n)} NUMBER_INVALID`),
    );
  });
});

describe('times and texts', () => {
  it('invariant 5: keep one to nine fraction digits, seven as .NET writes them', async () => {
    const times = [
      '2024-01-01T00:00:00.1Z',
      '2024-01-01T00:00:00.1234567Z',
      '2024-01-01T00:00:00.0000000Z',
      '2024-01-01T00:00:00.123456789Z',
    ];
    const { trial } = await migrated({
      ...COMPANY,
      [TABLE.milestones]: times.map((time, at) => milestone(at + 1, { createdAt: { S: time } })),
    });
    expect(column(trial, TABLE.kpiData, 'id', 'createdAt')).toEqual(
      times.map((time, at) => `${id('d1', at + 1)} ${time}`),
    );
  });

  it('carry blank optional text, and leave out what is absent or NULL', async () => {
    const { trial } = await migrated({
      ...COMPANY,
      [TABLE.milestones]: [
        milestone(1, { label: { S: '' }, rationale: { S: '  ' } }),
        milestone(2, { label: { NULL: true }, confidenceLevel: { S: ' ' } }),
      ],
    });
    expect(rowOf(trial, TABLE.kpiData, id('d1', 1))).toMatchObject({
      label: { S: '' },
      rationale: { S: '  ' },
    });
    const names = Object.keys(rowOf(trial, TABLE.kpiData, id('d1', 2)));
    expect(
      names.filter((name) => ['label', 'confidenceLevel', 'rationale', 'legacyAttributes'].includes(name)),
    ).toEqual([]);
  });
});
