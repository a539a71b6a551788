import type { Trial } from '../../../src/conformance/trial/trial.js';
import type { StoredItem } from '../../../src/domain/storage/stored-value.js';
import {
  aContractor,
  anExpense,
  aProject,
  aWork,
  contentOf,
  findings,
  linesOf,
  rowOf,
  T,
  trialOn,
  type PlanOptions,
} from './entities-trial.js';
import { entriesOf } from '../../support/trial-entries.js';

const DERIVED_TIME: StoredItem = {
  createdAt: { S: '2024-01-02T00:00:00.000Z' },
  createdAtDerived: { BOOL: true },
  updatedAt: { S: '2024-01-02T00:00:00.000Z' },
};

const BOBS_C1 = 'fccaaec5-badd-51a4-b6cc-f9939b1b58e5';

/** The one row that comes of an expense of `ann` with the id `e1`. */
async function migrated(expense: StoredItem): Promise<StoredItem | undefined> {
  const trial = trialOn({ [T.oldExpenses]: [expense] });
  await trial.wholeRun();
  return contentOf(trial, T.expenses)['acme|e1'];
}

/** What is told of the expenses with these attributes, each `<kind> <reason> <key> <field>`. */
async function told(more: StoredItem, options: PlanOptions = {}): Promise<string[]> {
  const trial = trialOn({ [T.oldExpenses]: [anExpense('ann', 'e1', more)] }, options);
  await trial.wholeRun();
  return linesOf(trial, 'expenses');
}

function ledger(original: StoredItem, written: StoredItem = {}): StoredItem {
  const parts = {
    original: { M: original },
    ...(Object.keys(written).length > 0 && { written: { M: written } }),
  };
  return { legacyAttributes: { M: parts } };
}

function without(item: StoredItem, ...names: readonly string[]): StoredItem {
  return Object.fromEntries(Object.entries(item).filter(([name]) => !names.includes(name)));
}

const ROW: StoredItem = {
  companyId: { S: 'acme' },
  expenseId: { S: 'e1' },
  amount: { N: '12.5' },
  description: { S: 'Nails' },
  date: { S: '2024-01-02' },
  createdBy: { S: 'ann' },
  createdAt: { S: '2024-01-02T03:04:05.678Z' },
  updatedAt: { S: '2024-02-03T04:05:06Z' },
};

describe('E-18, E-19: an expense becomes one of its company', () => {
  it('keeps what it says, under its id, and says who made it', async () => {
    expect(await migrated(anExpense('ann', 'e1'))).toEqual(ROW);
  });

  it('keeps references to what its company has', async () => {
    const references = { projectId: { S: 'p1' }, contractorId: { S: 'c1' }, workId: { S: 'w1' } };
    const trial = trialOn({
      [T.oldProjects]: [aProject('bob', 'p1')],
      [T.oldContractors]: [aContractor('ann', 'c1')],
      [T.oldWorks]: [aWork('ann', 'w1', { expenseId: { S: 'e1' } })],
      [T.oldExpenses]: [anExpense('ann', 'e1', references)],
    });
    const result = await trial.wholeRun();
    expect(result.exit).toBe(0);
    expect(contentOf(trial, T.expenses)).toEqual({ 'acme|e1': { ...ROW, ...references } });
    expect(contentOf(trial, T.works)['acme|w1']?.['expenseId']).toEqual({ S: 'e1' });
    expect((await trial.validate()).passed).toBe(true);
  });

  it('A-15, E-X09: an absent time of creation is midnight in UTC of its day, and said to be derived', async () => {
    const row = await migrated(without(anExpense('ann', 'e1'), 'createdAt', 'updatedAt'));
    expect(row).toEqual({
      ...ROW,
      ...DERIVED_TIME,
      legacyAttributes: { M: { written: { M: DERIVED_TIME } } },
    });
  });
});

describe('E-X04: what the model does not know', () => {
  const odd: StoredItem = {
    ...{ vat: { N: '12345678901234567890.123456789012345678' }, tags: { SS: ['a', 'b'] } },
    ...{ photo: { B: Uint8Array.of(0, 255) }, nothing: { NULL: true }, paid: { BOOL: false } },
    ...{ lines: { L: [{ M: { net: { N: '1.1' } } }] }, tenantId: { N: '7' } },
    ['__proto__']: { S: 'a name like any other' },
  };

  it('is carried on top level under its own name, type and digits unchanged, and told once for the table', async () => {
    const trial = trialOn({
      [T.oldExpenses]: [anExpense('ann', 'e1', odd), anExpense('ann', 'e2', { vat: { N: '1' } })],
    });
    await trial.wholeRun();
    expect(rowOf(trial, T.expenses, 'acme|e1')).toMatchObject({ ...ROW, ...odd });
    expect(Object.keys(rowOf(trial, T.expenses, 'acme|e1'))).toContain('__proto__');
    const carried = (await entriesOf(trial, 'expenses')).filter(
      ({ reason }) => reason === 'ATTRIBUTE_CARRIED',
    );
    expect(carried.map(({ field }) => field).sort()).toEqual(Object.keys(odd).sort());
    expect((await trial.validate()).passed).toBe(true);
  });

  it('arrives whole at 40 KB, and is set aside where the row would be too large', async () => {
    const receipt = (length: number) => ({ receipt: { S: 'r'.repeat(length) }, invoiceNum: { S: 'R1' } });
    expect((await migrated(anExpense('ann', 'e1', receipt(40_313))))?.['receipt']).toEqual({
      S: 'r'.repeat(40_313),
    });
    expect(await told(receipt(409_400))).toEqual(['quarantine ITEM_TOO_LARGE ann|e1']);
  });

  it('loses no value that has the name of a computed attribute', async () => {
    const reserved = {
      companyId: { S: 'by hand' },
      createdAtDerived: { N: '1' },
      legacyCreatedBy: { S: 'x' },
    };
    expect(await migrated(anExpense('ann', 'e1', reserved))).toEqual({ ...ROW, ...ledger(reserved) });
    expect(await told({ companyId: { S: 'by hand' } })).toEqual([
      'warning ATTRIBUTE_RESERVED ann|e1 companyId',
    ]);
  });
});

describe('values', () => {
  it.each<[string, StoredItem, StoredItem]>([
    ['E-18, invariant 5', { amount: { N: '12345678901234567890.123456789012345678' } }, {}],
    ['E-X32: a day', { date: { S: '2024-12-31' } }, {}],
    ['E-X32: a time', { date: { S: '2024-03-01T23:30:00-05:00' } }, {}],
    [
      'kept to the letter',
      { createdAt: { S: '2024-05-06T07:08:09.1230+02:00' }, updatedAt: { S: 'in spring' } },
      {},
    ],
    ['E-X33: an invoice number', { invoiceNum: { S: ' R 1 ' } }, {}],
    ['E-35: a status', { status: { S: 'whatever' } }, {}],
    ['E-X35: the same creator', { createdBy: { S: 'ann' } }, ledger({ createdBy: { S: 'ann' } })],
  ])('are kept as they are: %s', async (_, more, extra) => {
    expect(await migrated(anExpense('ann', 'e1', more))).toEqual({ ...ROW, ...more, ...extra });
  });

  it.each<[string, StoredItem, StoredItem, string]>([
    [
      'E-18: a number as text',
      { amount: { S: ' 12.50 ' } },
      { amount: { N: '12.5' }, ...ledger({ amount: { S: ' 12.50 ' } }, { amount: { N: '12.5' } }) },
      'warning NUMBER_AS_TEXT ann|e1 amount',
    ],
    [
      'E-X33: a blank invoice number',
      { invoiceNum: { S: ' ' } },
      ledger({ invoiceNum: { S: ' ' } }),
      'warning INVOICE_BLANK ann|e1 invoiceNum',
    ],
    ['E-X10: NULL', { projectId: { NULL: true } }, ledger({ projectId: { NULL: true } }), ''],
    [
      'E-X11: a project that nobody has',
      { projectId: { S: 'p9' } },
      ledger({ projectId: { S: 'p9' } }),
      'warning REFERENCE_DANGLING ann|e1 projectId',
    ],
    [
      'E-X35: another creator',
      { createdBy: { S: 'bob' } },
      {
        legacyCreatedBy: { S: 'bob' },
        ...ledger({ createdBy: { S: 'bob' } }, { legacyCreatedBy: { S: 'bob' } }),
      },
      '',
    ],
  ])(
    'are corrected, reported, and kept as they were for the way back: %s',
    async (_, more, expected, line) => {
      expect(await migrated(anExpense('ann', 'e1', more))).toEqual({ ...ROW, ...expected });
      expect(await told(more)).toEqual(line === '' ? [] : [line]);
    },
  );

  it.each<[StoredItem, string]>([
    [{ amount: { S: 'much' } }, 'NUMBER_INVALID ann|e1 amount'],
    [{ amount: { N: '1' }, date: { S: '31.01.2024' } }, 'DATE_INVALID ann|e1 date'],
    [{ date: { S: '2023-02-29' } }, 'DATE_INVALID ann|e1 date'],
    [{ date: { S: ' ' } }, 'FIELD_MISSING ann|e1 date'],
    [{ amount: { NULL: true } }, 'FIELD_MISSING ann|e1 amount'],
    [{ invoiceNum: { N: '1' } }, 'TYPE_INVALID ann|e1 invoiceNum'],
  ])('that can not be read set their record aside: %j', async (more, line) => {
    expect(await told(more)).toEqual([`quarantine ${line}`]);
  });

  it('E-35: a status that is not among the configured ones sets its record aside, an absent one does not', async () => {
    const options = { policy: { onCollision: 'derive', statuses: new Set(['paid']) } } as const;
    expect(await told({ status: { S: 'Paid' } }, options)).toEqual([
      'quarantine STATUS_INVALID ann|e1 status',
    ]);
    expect(await told({ status: { S: 'paid' } }, options)).toEqual([]);
    expect(await told({}, options)).toEqual([]);
  });
});

describe('E-X11, E-08: companies', () => {
  it('a reference to what belongs to another company leads nowhere', async () => {
    const trial = trialOn({
      [T.oldProjects]: [aProject('zoe', 'p1')],
      [T.oldExpenses]: [anExpense('ann', 'e1', { projectId: { S: 'p1' } })],
    });
    await trial.wholeRun();
    expect(rowOf(trial, T.expenses, 'acme|e1')['projectId']).toBeUndefined();
    expect(await linesOf(trial, 'expenses')).toEqual(['warning REFERENCE_DANGLING ann|e1 projectId']);
  });

  it('a reference to a row of the application in the company is kept', async () => {
    const live = { companyId: { S: 'acme' }, projectId: { S: 'p1' } };
    const trial = trialOn({
      [T.projects]: [live],
      [T.oldExpenses]: [anExpense('ann', 'e1', { projectId: { S: 'p1' } })],
    });
    await trial.wholeRun();
    expect(rowOf(trial, T.expenses, 'acme|e1')['projectId']).toEqual({ S: 'p1' });
  });

  it('E-X05, E-X08: of a user in two companies, or without a name, nothing is guessed', async () => {
    const trial = trialOn({
      [T.users]: [
        { companyId: { S: 'acme' }, userId: { S: 'two' } },
        { companyId: { S: 'zeta' }, userId: { S: 'two' } },
      ],
      [T.oldExpenses]: [anExpense('two', 'e1'), anExpense(' ', 'e2')],
    });
    expect((await trial.wholeRun()).exit).toBe(1);
    expect(contentOf(trial, T.expenses)).toEqual({});
    expect(await linesOf(trial, 'expenses')).toEqual([
      'quarantine COMPANY_AMBIGUOUS two|e1 userId',
      'quarantine USER_MISSING  |e2 userId',
    ]);
  });

  it('A-12: what the operator decides on a user counts', async () => {
    const rows = { [T.oldExpenses]: [anExpense('ann', 'e1')] };
    const trial = trialOn(rows, { overrides: new Map([['ann', 'zeta']]) });
    await trial.wholeRun();
    expect(Object.keys(contentOf(trial, T.expenses))).toEqual(['zeta|e1']);
  });
});

describe('E-02, E-X03: a row of the application has the key', () => {
  it('it stays as it is, and the record is a conflict', async () => {
    const live = { companyId: { S: 'acme' }, expenseId: { S: 'e1' }, amount: { N: '1' } };
    const trial = trialOn({ [T.expenses]: [live], [T.oldExpenses]: [anExpense('ann', 'e1')] });
    expect((await trial.wholeRun()).exit).toBe(1);
    expect(trial.tables().get(T.expenses)).toEqual([live]);
    expect(await linesOf(trial, 'expenses')).toEqual(['conflict CONFLICT ann|e1']);
  });
});

async function repeatedIn(trial: Trial): Promise<(string | undefined)[][]> {
  const entries = (await entriesOf(trial, 'expenses')).filter(({ reason }) => reason === 'EXPENSE_REPEATED');
  return entries
    .map(({ source, detail }) => [source.split('#')[1], detail.split(' in the company')[0]])
    .sort();
}

describe('E-34, E-X34: one expense, entered twice', () => {
  const bill: StoredItem = { invoiceNum: { S: 'R1' }, contractorId: { S: 'c1' } };
  const twice: StoredItem = { ...bill, amount: { S: '12.50' } };

  it('is reported on both sides, among old records and against rows of the application, and kept', async () => {
    const live = {
      companyId: { S: 'acme' },
      expenseId: { S: 'live' },
      amount: { N: '12.5' },
      date: { S: '2024-01-02' },
      ...bill,
    };
    const trial = trialOn({
      [T.contractors]: [{ companyId: { S: 'acme' }, contractorId: { S: 'c1' } }],
      [T.expenses]: [live],
      [T.oldExpenses]: [
        anExpense('ann', 'e1', bill),
        anExpense('bob', 'e2', twice),
        anExpense('ann', 'e3', { ...bill, invoiceNum: { S: 'R2' } }),
        anExpense('ann', 'e4', { ...bill, date: { S: '2024-01-03' } }),
        anExpense('zoe', 'e5', bill),
      ],
    });
    await trial.wholeRun();
    const expected = [
      ['ann|e1', 'old expense e2'],
      ['bob|e2', 'old expense e1'],
    ];
    expect(await repeatedIn(trial)).toEqual(expected);
    // rows that the run has made are no expenses of their own
    await trial.wholeRun();
    expect(await repeatedIn(trial)).toEqual(expected);
    expect(Object.keys(contentOf(trial, T.expenses))).toHaveLength(6);
  });

  const inTheCompany = (id: string, more: StoredItem = {}): StoredItem => ({
    ...{ companyId: { S: 'acme' }, expenseId: { S: id }, amount: { N: '12.5' }, date: { S: '2024-01-02' } },
    ...more,
  });

  it('against a row of the application alone', async () => {
    const trial = trialOn({
      [T.expenses]: [inTheCompany('live', { invoiceNum: { S: ' R1' } })],
      [T.oldExpenses]: [anExpense('ann', 'e1', { invoiceNum: { S: 'R1' } })],
    });
    const expected = [['ann|e1', 'the application’s expense live']];
    await trial.wholeRun();
    expect(await repeatedIn(trial)).toEqual(expected);
    await trial.wholeRun();
    expect(await repeatedIn(trial)).toEqual(expected);
  });

  it('is nothing to report where there is no invoice number: of one day and amount there are many', async () => {
    const trial = trialOn({
      [T.expenses]: [inTheCompany('live'), inTheCompany('other', { invoiceNum: { S: ' ' } })],
      [T.oldExpenses]: [
        anExpense('ann', 'e1'),
        anExpense('bob', 'e2', { invoiceNum: { NULL: true } }),
        anExpense('cyd', 'e3', { invoiceNum: { S: '' } }),
      ],
    });
    await trial.wholeRun();
    expect(await repeatedIn(trial)).toEqual([]);
  });

  it('is told by what the contractors become: of two that have one id, and of one that the application names', async () => {
    const trial = trialOn({
      [T.oldContractors]: [aContractor('ann', 'c1'), aContractor('bob', 'c1', { name: { S: 'Mason' } })],
      // UUIDv5 of `contractor:bob|c1` in the plan's namespace, computed outside of this repository
      [T.expenses]: [inTheCompany('again', { ...bill, contractorId: { S: BOBS_C1 } })],
      [T.oldExpenses]: [
        anExpense('ann', 'e1', bill),
        anExpense('bob', 'e2', bill),
        anExpense('ann', 'e3', { ...bill, invoiceNum: { S: 'R2' }, contractorId: { S: 'gone' } }),
        anExpense('bob', 'e4', { ...bill, invoiceNum: { S: 'R2' }, contractorId: { S: 'nobody' } }),
      ],
    });
    await trial.wholeRun();
    expect(rowOf(trial, T.expenses, 'acme|e2')['contractorId']).toEqual({ S: BOBS_C1 });
    expect(await repeatedIn(trial)).toEqual([
      ['ann|e3', 'old expense e4'],
      ['bob|e2', 'the application’s expense again'],
      ['bob|e4', 'old expense e3'],
    ]);
  });

  it('is none between a record and the row that it is in conflict with', async () => {
    const bare = { invoiceNum: { S: 'R1' } };
    const trial = trialOn({
      [T.expenses]: [inTheCompany('e1', bare)],
      [T.oldExpenses]: [anExpense('ann', 'e1', bare), anExpense('bob', 'e2', bare)],
    });
    await trial.wholeRun();
    expect(await repeatedIn(trial)).toEqual([
      ['ann|e1', 'old expense e2'],
      ['bob|e2', 'old expense e1'],
    ]);
    trial.change({ [T.oldExpenses]: [anExpense('bob', 'e2', bare)] }, {});
    await trial.wholeRun();
    expect(await repeatedIn(trial)).toEqual([]);
  });
});

describe('E-17, E-34: planted defects', () => {
  async function referring() {
    const trial = trialOn({
      [T.oldProjects]: [aProject('ann', 'p1')],
      [T.oldExpenses]: [
        anExpense('ann', 'e1', { projectId: { S: 'p1' } }),
        anExpense('ann', 'e2', { projectId: { S: 'p1' } }),
      ],
    });
    await trial.wholeRun();
    return trial;
  }

  it('a project that is gone is one finding, however many expenses refer to it', async () => {
    const trial = await referring();
    trial.change({ [T.projects]: [rowOf(trial, T.projects, 'acme|p1')] }, {});
    expect(await findings(trial)).toEqual(['projects missing acme|p1']);
  });

  it('a project that is gone on both sides leaves orphans', async () => {
    const trial = await referring();
    trial.change(
      { [T.projects]: [rowOf(trial, T.projects, 'acme|p1')], [T.oldProjects]: [aProject('ann', 'p1')] },
      {},
    );
    expect(await findings(trial, ['expenses'])).toEqual([
      'expenses orphan acme|e1 projectId',
      'expenses orphan acme|e2 projectId',
    ]);
  });

  it.each<[StoredItem, string]>([
    [{ amount: { N: '12.50000000000000000001' } }, 'expenses different acme|e1 amount'],
    [{ date: { S: '2024-01-01' } }, 'expenses different acme|e1 date'],
    [{ amount: { S: '12.5' } }, 'expenses different acme|e1 amount'],
  ])('E-35: an edited value is found, to the last digit: %j', async (change, finding) => {
    const trial = await referring();
    trial.put(T.expenses, [{ ...rowOf(trial, T.expenses, 'acme|e1'), ...change }]);
    expect(await findings(trial)).toEqual([finding]);
  });

  it('E-08: a row that somebody has put into another company is found, also where nothing dangles there', async () => {
    const trial = trialOn({ [T.oldExpenses]: [anExpense('ann', 'e1')] });
    await trial.wholeRun();
    const row = rowOf(trial, T.expenses, 'acme|e1');
    trial.change({ [T.expenses]: [row] }, { [T.expenses]: [{ ...row, companyId: { S: 'zeta' } }] });
    expect(await findings(trial)).toEqual(['expenses different zeta|e1 companyId']);
  });

  it('E-08: a row in another company is found', async () => {
    const trial = await referring();
    const row = rowOf(trial, T.expenses, 'acme|e1');
    trial.change({ [T.expenses]: [row] }, { [T.expenses]: [{ ...row, companyId: { S: 'zeta' } }] });
    // there is no such project in that company
    expect(await findings(trial)).toEqual(['expenses orphan zeta|e1 projectId']);
  });
});
