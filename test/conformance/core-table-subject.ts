import type { ConformanceSubject, TableRows } from '../../src/conformance/index.js';
import type { StoredItem } from '../../src/domain/storage/stored-value.js';
import { CoreTableDemoData } from '../../src/migrations/core-table/demo/core-table-demo-data.js';
import { coreTableInMemory } from '../migrations/core-table/core-table-trial.js';

/** Records of the demo beside those of the defect catalogue. */
const SCALE = 12;
const [SERVERS, MEMBERSHIPS] = ['ServersTable', 'UserMembershipTable'] as const;

/** Items that newer functions have written already (C-X09): none of them has a stamp. */
const APPLICATION: readonly StoredItem[] = [
  { PK: { S: 'SERVER#newer' }, SK: { S: 'METADATA' }, Type: { S: 'Server' }, name: { S: 'Newer' } },
  {
    PK: { S: 'USER#x04-upper' },
    SK: { S: 'METADATA' },
    Type: { S: 'User' },
    email: { S: 'new@example.org' },
  },
  { PK: { S: 'AUDIT#1' }, SK: { S: '2026-01-01' } },
];

/** Plan `core-table` on the rows of all defects, and what the application has made of them a month later. */
export const CORE_TABLE_SUBJECT: ConformanceSubject = {
  plan: coreTableInMemory,
  tables: defectRows(),
  change: monthLater,
};

function defectRows(): TableRows {
  const tables = new Map<string, StoredItem[]>([['CoreTable', [...APPLICATION]]]);
  for (const { table, item } of new CoreTableDemoData().rows({ defects: true, scale: SCALE }))
    tables.set(table, [...(tables.get(table) ?? []), item]);
  return Object.fromEntries(tables);
}

/**
 * Servers were renamed, roles and addresses changed, a role that was missing entered, the missing server made, members
 * and a server added; a deserted server is gone, and so is a membership that a user's item was made of.
 */
function monthLater(tables: TableRows): TableRows {
  const [servers, memberships] = [tables[SERVERS] ?? [], tables[MEMBERSHIPS] ?? []];
  const renamed = servers.map((row, n) => (n % 3 === 1 ? { ...row, status: { S: 'renamed' } } : row));
  const changed = memberships.map((row, n) => (n % 4 === 1 ? { ...row, ...REVISED } : row));
  return {
    ...tables,
    [SERVERS]: [...renamed.filter((row) => !has(row, 'id', 'x11-deserted')), { id: { S: 'x11-gone' } }],
    [MEMBERSHIPS]: [
      ...changed
        .filter((row) => !(has(row, 'userId', 'x07-blank-first') && has(row, 'serverId', 'x07-a')))
        .map((row) => (has(row, 'userId', 'x05-no-role') ? { ...row, role: { S: 'viewer' } } : row)),
      member('keeper', 'x11-gone'),
      member('newcomer', 'x04-roles'),
      member('newcomer', 'newer'),
    ],
  };
}

const REVISED: StoredItem = { role: { S: 'moderator' }, email: { S: 'revised@example.org' } };

function member(userId: string, serverId: string): StoredItem {
  return { userId: { S: userId }, serverId: { S: serverId }, role: { S: 'viewer' } };
}

function has(row: StoredItem, name: string, text: string): boolean {
  const value = row[name];
  return value !== undefined && 'S' in value && value.S === text;
}
