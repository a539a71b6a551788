import { Trial } from '../../../src/conformance/trial/trial.js';
import { stampOf } from '../../../src/domain/storage/stored.js';
import { textOf, type StoredItem, type StoredValue } from '../../../src/domain/storage/stored-value.js';
import { entriesOf } from '../../support/trial-entries.js';
import { demoTables } from './demo-tables.js';
import { companyInMemory, T } from './entities-trial.js';

const A = 'defect-user-a|';
const B = 'defect-user-b|';
const OF_ORPHAN = '5e4d2859-c635-56eb-8459-ac95523b8144';
const OF_LISTED = '44361579-93dd-55e7-903e-68df63133fdb';
/** by the recipe of the contract page, worked out by another implementation */
const DERIVED = {
  project: '85296fe8-0f16-54b2-bc65-9b055141cd48',
  work: '3314aa25-5d3e-5daf-9cb9-950b32735cd0',
  other: 'e1fd5905-f1de-5be2-844a-797d2cb657c7',
  named: '5ccc7b2e-e00d-59d0-93bf-702b391e954e',
};

interface Case {
  /** of the defect table, or of the requirement that the record is for */
  readonly id: string;
  /** `<legacy table> <user>|<id>` */
  readonly record: string;
  /** the keys of its rows, else why there are none; then what is warned of, sorted */
  readonly outcome: string;
  /** attributes of the row that the defect is about; undefined: absent */
  readonly has?: Readonly<Record<string, StoredValue | undefined>>;
}

function of(
  id: string,
  ...cases: readonly (readonly [record: string, outcome: string, has?: Case['has']])[]
): Case[] {
  return cases.map(([record, outcome, has]) => ({
    id,
    record,
    outcome,
    ...(has === undefined ? {} : { has }),
  }));
}

const text = (S: string): StoredValue => ({ S });
const number = (N: string): StoredValue => ({ N });

/** What becomes of every planted record, by hand from the defect table of docs/plans/company.md. */
const CASES: readonly Case[] = [
  ...of(
    'E-X02',
    [`expenses ${A}x02-same`, 'company-1|x02-same'],
    [`expenses ${B}x02-same`, 'RECORD_MERGED expenseId'],
    [`expenses ${A}x02-other`, 'company-1|x02-other', { amount: number('15.25') }],
    [
      `expenses ${B}x02-other`,
      `company-1|${DERIVED.other} ID_DERIVED expenseId`,
      { amount: number('99.95') },
    ],
    ['expenses defect-user-c|x02-other', 'RECORD_MERGED expenseId'],
    [`projects ${A}x02-project`, 'company-1|x02-project', { name: text('House') }],
    [
      `projects ${B}x02-project`,
      `company-1|${DERIVED.project} ID_DERIVED projectId`,
      { name: text('Another house') },
    ],
    [`contractors ${A}x02-contractor`, 'company-1|x02-contractor'],
    [`contractors ${B}x02-contractor`, 'RECORD_MERGED contractorId'],
    [
      `works ${A}x02-work`,
      'company-1|x02-work',
      { projectId: text('x02-project'), expenseId: text('x02-other') },
    ],
    [
      `works ${B}x02-work`,
      `company-1|${DERIVED.work} ID_DERIVED workId, REFERENCE_REWRITTEN expenseId, REFERENCE_REWRITTEN projectId`,
      {
        projectId: text(DERIVED.project),
        contractorId: text('x02-contractor'),
        expenseId: text(DERIVED.other),
      },
    ],
    [
      `expenses ${A}x02-named`,
      'company-1|x02-named',
      { projectId: text('x02-project'), workId: text('x02-work') },
    ],
    [
      `expenses ${B}x02-named`,
      `company-1|${DERIVED.named} ID_DERIVED expenseId, REFERENCE_REWRITTEN projectId, REFERENCE_REWRITTEN workId`,
      { projectId: text(DERIVED.project), workId: text(DERIVED.work) },
    ],
  ),
  ...of(
    'E-X03',
    [`expenses ${A}live-expense-1`, 'conflict CONFLICT'],
    [`projects ${A}live-project-1`, 'conflict CONFLICT'],
  ),
  ...of(
    'E-X04',
    [
      `expenses ${A}x04-unknown`,
      'company-1|x04-unknown',
      {
        ...{ vat: number('12345678901234567890.123456789'), tags: { SS: ['b', 'a'] } },
        ...{ scores: { NS: ['2', '10.5'] }, photo: { B: Uint8Array.of(0, 255) } },
        ...{ photos: { BS: [Uint8Array.of(1)] }, paid: { BOOL: false }, nothing: { NULL: true } },
        ...{ lines: { L: [{ M: { net: number('1.1') } }] }, tenantId: number('7') },
        ['__proto__']: text('a name like any other'),
      },
    ],
    [
      `expenses ${A}x04-reserved`,
      'company-1|x04-reserved ATTRIBUTE_RESERVED _migration, ATTRIBUTE_RESERVED companyId, ATTRIBUTE_RESERVED createdAtDerived, ATTRIBUTE_RESERVED legacyAttributes, ATTRIBUTE_RESERVED legacyCreatedBy',
      { legacyCreatedBy: undefined, createdAtDerived: undefined },
    ],
    [`expenses ${A}x04-receipt`, 'company-1|x04-receipt', { receipt: text('r'.repeat(40_000)) }],
    [`expenses ${A}x04-large`, 'quarantine ITEM_TOO_LARGE'],
    [
      `projects ${A}x04-types`,
      'company-1|x04-types',
      { name: number('42'), status: { NULL: true }, budget: text('much') },
    ],
  ),
  ...of('E-X05', ['expenses defect-x05-two|x05-expense', 'quarantine COMPANY_AMBIGUOUS userId']),
  ...of(
    'E-X07',
    ['projects defect-x07-orphan|x07-project', `${OF_ORPHAN}|x07-project`],
    [
      'expenses defect-x07-orphan|x07-first',
      `${OF_ORPHAN}|x07-first`,
      { projectId: text('x07-project'), createdBy: text('defect-x07-orphan') },
    ],
    ['expenses defect-x07-orphan|x07-second', `${OF_ORPHAN}|x07-second`],
  ),
  ...of('E-X08', ['expenses  |x08-nobody', 'quarantine USER_MISSING userId']),
  ...of(
    'E-X09',
    [
      `expenses ${A}x09-none`,
      'company-1|x09-none CREATED_AT_DERIVED createdAt',
      {
        ...{ createdAt: text('2024-01-02T00:00:00.000Z'), updatedAt: text('2024-01-02T00:00:00.000Z') },
        createdAtDerived: { BOOL: true },
      },
    ],
    [
      `projects ${A}x09-project`,
      'company-1|x09-project CREATED_AT_DERIVED createdAt',
      { createdAtDerived: { BOOL: true } },
    ],
    [
      `expenses ${A}x09-odd`,
      'company-1|x09-odd DATE_UNREADABLE createdAt',
      { createdAt: text('in spring'), updatedAt: text('2024-05-06T07:08:09+02:00') },
    ],
  ),
  ...of('E-X10', [
    `expenses ${A}x10-null`,
    'company-1|x10-null',
    { projectId: undefined, contractorId: undefined, workId: undefined },
  ]),
  ...of(
    'E-X11',
    [`projects user-000002|x11-outside`, 'company-2|x11-outside'],
    [
      `expenses ${A}x11-gone`,
      'company-1|x11-gone REFERENCE_DANGLING contractorId, REFERENCE_DANGLING projectId',
      { projectId: undefined, contractorId: undefined },
    ],
    [
      `expenses ${A}x11-outside`,
      'company-1|x11-outside REFERENCE_DANGLING projectId',
      { projectId: undefined },
    ],
    [
      `expenses ${A}x11-set-aside`,
      'company-1|x11-set-aside REFERENCE_DANGLING projectId',
      { projectId: undefined },
    ],
    [`projects ${A}x11-broken`, 'quarantine TYPE_INVALID createdAt'],
    [`projects ${B}x11-colleague`, 'company-1|x11-colleague'],
    [`expenses ${A}x11-colleague`, 'company-1|x11-colleague', { projectId: text('x11-colleague') }],
    [`expenses ${A}x11-live`, 'company-1|x11-live', { projectId: text('live-project-6') }],
  ),
  ...of('E-X12', [
    `works ${A}x12-work`,
    'company-1|x12-work REFERENCE_DANGLING expenseId',
    { expenseId: undefined },
  ]),
  ...of(
    'E-18',
    [`expenses ${A}e18-text`, 'company-1|e18-text NUMBER_AS_TEXT amount', { amount: number('12.5') }],
    [`expenses ${A}e18-words`, 'quarantine NUMBER_INVALID amount'],
    [`expenses ${A}e18-flag`, 'quarantine TYPE_INVALID amount'],
    [`expenses ${A}e18-none`, 'quarantine FIELD_MISSING amount'],
  ),
  ...of('E-X30', [
    'users defect-x30-listed',
    `${OF_LISTED}, ${OF_LISTED}|defect-x30-listed`,
    { email: undefined },
  ]),
  ...of(
    'E-X31',
    ...['0.1', '0.2', '0.3', '12345678901234567890.123456789012345678'].map(
      (amount, at) =>
        [`expenses ${A}x31-sum-${at}`, `company-1|x31-sum-${at}`, { amount: number(amount) }] as const,
    ),
  ),
  ...of(
    'E-X32',
    [
      `expenses ${A}x32-time`,
      'company-1|x32-time DATE_WITH_TIME date',
      { date: text('2024-03-01T23:30:00-05:00') },
    ],
    [`expenses ${A}x32-odd`, 'quarantine DATE_INVALID date'],
    [`expenses ${A}x32-leap`, 'quarantine DATE_INVALID date'],
  ),
  ...of(
    'E-X33',
    [`expenses ${A}x33-blank`, 'company-1|x33-blank INVOICE_BLANK invoiceNum', { invoiceNum: undefined }],
    [`expenses ${A}x33-spaces`, 'company-1|x33-spaces INVOICE_BLANK invoiceNum', { invoiceNum: undefined }],
    [`expenses ${A}x33-number`, 'quarantine TYPE_INVALID invoiceNum'],
    ['expenses user-000002|x33-abroad', 'company-2|x33-abroad', { invoiceNum: text('R-77') }],
  ),
  ...of(
    'E-X34',
    [`expenses ${A}x34-first`, 'company-1|x34-first EXPENSE_REPEATED', { invoiceNum: text('R-77') }],
    [`expenses ${B}x34-second`, 'company-1|x34-second EXPENSE_REPEATED, NUMBER_AS_TEXT amount'],
    [`expenses ${A}x34-live`, 'company-1|x34-live EXPENSE_REPEATED'],
  ),
  ...of(
    'E-X35',
    [
      `expenses ${A}x35-other`,
      'company-1|x35-other',
      { createdBy: text('defect-user-a'), legacyCreatedBy: text('defect-user-b') },
    ],
    [`expenses ${A}x35-same`, 'company-1|x35-same', { legacyCreatedBy: undefined }],
    [`expenses ${A}x35-null`, 'company-1|x35-null', { legacyCreatedBy: undefined }],
  ),
];

/** Rows of the defect table that say what may stand in a table; the others say what code, texts and people may do. */
const OF_DATA = [
  ...['E-X02', 'E-X03', 'E-X04', 'E-X05', 'E-X07', 'E-X08', 'E-X09', 'E-X10', 'E-X11', 'E-X12'],
  ...['E-X30', 'E-X31', 'E-X32', 'E-X33', 'E-X34', 'E-X35'],
];

const KINDS = [
  ['users', T.oldUsers],
  ['projects', T.oldProjects, 'projectId'],
  ['contractors', T.oldContractors, 'contractorId'],
  ['works', T.oldWorks, 'workId'],
  ['expenses', T.oldExpenses, 'expenseId'],
] as const;

/** The records that the defects add, as `<legacy table> <user>|<id>`. */
function planted(): string[] {
  const [usual, all] = [demoTables({ defects: false }), demoTables({ defects: true })];
  return KINDS.flatMap(([kind, table, id]) =>
    (all[table] ?? []).slice((usual[table] ?? []).length).map((record) => {
      const key = [record['userId'], ...(id === undefined ? [] : [record[id]])].map(textOf);
      return `${kind} ${key.join('|')}`;
    }),
  );
}

describe('the defects of the demo of plan company', () => {
  const rows = new Map<string, { readonly key: string; readonly row: StoredItem }[]>();
  const said = new Map<string, string[]>();

  beforeAll(async () => {
    const trial = new Trial(() => companyInMemory(), demoTables({ defects: true }));
    await trial.wholeRun();
    const named = (source: string): string =>
      source.replace('construction-expenses-multi-table-', '').replace('#', ' ');
    for (const [table, all] of trial.tables())
      for (const row of all) {
        const source = named(stampOf(row)?.source ?? '');
        rows.set(source, [...(rows.get(source) ?? []), { key: trial.key(table, row), row }]);
      }
    for (const step of ['mapping', ...KINDS.slice(1).map(([kind]) => kind)])
      for (const { kind, reason, field, source } of await entriesOf(trial, step)) {
        if (reason === 'ATTRIBUTE_CARRIED' || kind === 'decision') continue;
        const words = [kind === 'warning' ? [] : [kind], reason, field ?? []].flat().join(' ');
        said.set(named(source), [...(said.get(named(source)) ?? []), words]);
      }
  });

  it('are each told below, once', () => {
    expect(CASES.map(({ record }) => record).sort()).toEqual(planted().sort());
  });

  it('are all of the defect table that can stand in a table', () => {
    const ids = new Set(CASES.map(({ id }) => id));
    expect(OF_DATA.filter((id) => !ids.has(id))).toEqual([]);
  });

  it.each(CASES)('$id: $record', ({ record, outcome, has = {} }) => {
    const found = rows.get(record) ?? [];
    const keys = found.map(({ key }) => key).sort();
    const warnings = (said.get(record) ?? []).sort().join(', ');
    expect([keys.join(', '), warnings].filter((part) => part !== '').join(' ')).toBe(outcome);
    const row = found[0]?.row ?? {};
    expect(Object.keys(has).map((name) => [name, Object.hasOwn(row, name) ? row[name] : undefined])).toEqual(
      Object.entries(has),
    );
  });
});
