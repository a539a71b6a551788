import type { StoredItem, StoredValue } from '../../../domain/storage/stored-value.js';
import type { DemoRow } from '../../contract/demo-data.js';
import { TABLES } from '../company.tables.js';
import { companyId, userId } from './live-rows.js';

/** Fits the old table, and not the new one with what is added. */
const NEARLY_TOO_LARGE = 409_300;

/** Members of the first company, in the order of their ids. */
const [FIRST, SECOND, THIRD] = ['defect-user-a', 'defect-user-b', 'defect-user-c'] as const;
/** A member of the second company. */
const OUTSIDER = userId(1);

/** The rows of the defect catalogue (docs/plans/company.md), on top of the others. */
export function* defectRows(): Generator<DemoRow> {
  for (const user of [FIRST, SECOND, THIRD]) yield member(companyId(0), user);
  yield* collisions();
  yield* liveKeys();
  yield* unknownAttributes();
  yield* users();
  yield* references();
  yield* values();
  yield* times();
  yield* repeated();
}

/** E-X02: two users of one company, one id. */
function* collisions(): Generator<DemoRow> {
  yield expense(FIRST, 'x02-same');
  yield expense(SECOND, 'x02-same');
  yield expense(FIRST, 'x02-other');
  yield expense(SECOND, 'x02-other', { amount: { N: '99.95' } });
  yield expense(THIRD, 'x02-other', { amount: { N: '99.95' } });
  yield project(FIRST, 'x02-project');
  yield project(SECOND, 'x02-project', { name: { S: 'Another house' } });
  yield contractor(FIRST, 'x02-contractor');
  yield contractor(SECOND, 'x02-contractor');
  const named = { projectId: { S: 'x02-project' }, contractorId: { S: 'x02-contractor' } };
  yield work(FIRST, 'x02-work', { ...named, expenseId: { S: 'x02-other' } });
  yield work(SECOND, 'x02-work', { ...named, expenseId: { S: 'x02-other' } });
  // these two say the same, and mean different projects
  yield expense(FIRST, 'x02-named', { ...named, workId: { S: 'x02-work' } });
  yield expense(SECOND, 'x02-named', { ...named, workId: { S: 'x02-work' } });
}

/** E-X03: rows of the application have these keys. */
function* liveKeys(): Generator<DemoRow> {
  yield expense(FIRST, 'live-expense-1');
  yield project(FIRST, 'live-project-1');
}

/** E-X04 */
function* unknownAttributes(): Generator<DemoRow> {
  yield expense(FIRST, 'x04-unknown', {
    ...{
      vat: { N: '12345678901234567890.123456789' },
      tags: { SS: ['b', 'a'] },
      scores: { NS: ['2', '10.50'] },
    },
    ...{ photo: { B: Uint8Array.of(0, 255) }, photos: { BS: [Uint8Array.of(1)] }, paid: { BOOL: false } },
    ...{ nothing: { NULL: true }, lines: { L: [{ M: { net: { N: '1.10' } } }] } },
    ...{ tenantId: { N: '7' }, ['__proto__']: { S: 'a name like any other' } },
  });
  yield expense(FIRST, 'x04-reserved', {
    ...{ companyId: { S: 'typed by hand' }, _migration: { S: 'moved by hand' } },
    ...{ legacyAttributes: { M: {} }, legacyCreatedBy: { S: 'x' }, createdAtDerived: { BOOL: false } },
  });
  yield expense(FIRST, 'x04-receipt', { receipt: { S: 'r'.repeat(40_000) } });
  yield expense(FIRST, 'x04-large', { receipt: { S: 'r'.repeat(NEARLY_TOO_LARGE) } });
  yield project(FIRST, 'x04-types', { name: { N: '42' }, status: { NULL: true }, budget: { S: 'much' } });
}

/** E-X05, E-X07, E-X08, E-X30 */
function* users(): Generator<DemoRow> {
  yield member(companyId(0), 'defect-x05-two');
  yield member(companyId(1), 'defect-x05-two');
  yield expense('defect-x05-two', 'x05-expense');
  yield project('defect-x07-orphan', 'x07-project');
  yield expense('defect-x07-orphan', 'x07-first', { projectId: { S: 'x07-project' } });
  yield expense('defect-x07-orphan', 'x07-second');
  yield expense(' ', 'x08-nobody');
  const listed = { userId: { S: 'defect-x30-listed' }, email: { S: 'listed@example.org' } };
  yield { table: TABLES.legacyUsers, item: listed };
}

/** E-X10, E-X11, E-X12 */
function* references(): Generator<DemoRow> {
  yield expense(FIRST, 'x10-null', { projectId: { NULL: true }, contractorId: { S: ' ' } });
  yield project(OUTSIDER, 'x11-outside');
  yield expense(FIRST, 'x11-gone', { projectId: { S: 'x11-never' }, contractorId: { S: 'x11-never' } });
  yield expense(FIRST, 'x11-outside', { projectId: { S: 'x11-outside' } });
  yield expense(FIRST, 'x11-set-aside', { projectId: { S: 'x11-broken' } });
  yield project(FIRST, 'x11-broken', { createdAt: { N: '5' } });
  yield project(SECOND, 'x11-colleague');
  yield expense(FIRST, 'x11-colleague', { projectId: { S: 'x11-colleague' } });
  yield expense(FIRST, 'x11-live', { projectId: { S: 'live-project-6' } });
  yield work(FIRST, 'x12-work', { expenseId: { S: 'x12-never' } });
}

/** E-18, E-X31, E-X33, E-X35 */
function* values(): Generator<DemoRow> {
  for (const [index, amount] of ['0.1', '0.2', '0.3', '12345678901234567890.123456789012345678'].entries())
    yield expense(FIRST, `x31-sum-${index}`, { amount: { N: amount } });
  yield expense(FIRST, 'e18-text', { amount: { S: ' 12.50 ' } });
  yield expense(FIRST, 'e18-words', { amount: { S: 'twelve' } });
  yield expense(FIRST, 'e18-flag', { amount: { BOOL: true } });
  yield expense(FIRST, 'e18-none', { amount: { NULL: true } });
  yield expense(FIRST, 'x33-blank', { invoiceNum: { S: '' } });
  yield expense(FIRST, 'x33-spaces', { invoiceNum: { S: '  ' } });
  yield expense(FIRST, 'x33-number', { invoiceNum: { N: '17' } });
  yield expense(FIRST, 'x35-other', { createdBy: { S: SECOND } });
  yield expense(FIRST, 'x35-same', { createdBy: { S: FIRST } });
  yield expense(FIRST, 'x35-null', { createdBy: { NULL: true } });
}

/** E-X09, E-X32 */
function* times(): Generator<DemoRow> {
  const none: StoredValue = { NULL: true };
  yield expense(FIRST, 'x09-none', { createdAt: none, updatedAt: none });
  yield project(FIRST, 'x09-project', { createdAt: { S: '' }, updatedAt: none });
  yield expense(FIRST, 'x09-odd', {
    createdAt: { S: 'in spring' },
    updatedAt: { S: '2024-05-06T07:08:09+02:00' },
  });
  yield expense(FIRST, 'x32-time', { date: { S: '2024-03-01T23:30:00-05:00' } });
  yield expense(FIRST, 'x32-odd', { date: { S: '31.01.2024' } });
  yield expense(FIRST, 'x32-leap', { date: { S: '2023-02-29' } });
}

/** E-X34: the same once more, under another id; E-X33: and the same in another company, which is no business of this one. */
function* repeated(): Generator<DemoRow> {
  const bill = { invoiceNum: { S: 'R-77' }, amount: { N: '77.70' }, date: { S: '2024-07-07' } };
  yield expense(OUTSIDER, 'x33-abroad', bill);
  yield expense(FIRST, 'x34-first', bill);
  yield expense(SECOND, 'x34-second', { ...bill, amount: { S: '77.7' } });
  yield expense(FIRST, 'x34-live', {
    ...{ invoiceNum: { S: 'INV-1006' }, amount: { N: '45.855' }, date: { S: '2025-06-06' } },
    contractorId: { S: 'live-contractor-6' },
  });
}

function member(company: string, user: string): DemoRow {
  return {
    table: TABLES.companyUsers,
    item: { companyId: { S: company }, userId: { S: user }, role: { S: 'editor' } },
  };
}

const TIMES: StoredItem = {
  createdAt: { S: '2024-01-02T03:04:05.678Z' },
  updatedAt: { S: '2024-02-03T04:05:06Z' },
};

function expense(user: string, id: string, more: StoredItem = {}): DemoRow {
  const said = { amount: { N: '15.25' }, description: { S: id.slice(0, 3) }, date: { S: '2024-01-02' } };
  return {
    table: TABLES.legacyExpenses,
    item: { userId: { S: user }, expenseId: { S: id }, ...said, invoiceNum: { S: id }, ...TIMES, ...more },
  };
}

function project(user: string, id: string, more: StoredItem = {}): DemoRow {
  const item = { userId: { S: user }, projectId: { S: id }, name: { S: 'House' }, ...TIMES, ...more };
  return { table: TABLES.legacyProjects, item };
}

function contractor(user: string, id: string): DemoRow {
  const item = { userId: { S: user }, contractorId: { S: id }, name: { S: 'Roofer' }, ...TIMES };
  return { table: TABLES.legacyContractors, item };
}

function work(user: string, id: string, more: StoredItem): DemoRow {
  const item = { userId: { S: user }, workId: { S: id }, name: { S: 'Roof' }, ...TIMES, ...more };
  return { table: TABLES.legacyWorks, item };
}
