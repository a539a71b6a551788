import { existsSync } from 'node:fs';
import { CORE_TABLE_TABLES } from '../../../src/migrations/core-table/core-table.tables.js';
import { documentText, quoted, section, tableRows } from '../../docs/markdown.js';
import { coreTableInMemory } from './core-table-trial.js';

const PAGE = documentText('docs/plans/core-table.md');

/**
 * What is the engine's for every plan and has its tests there, people's, or not there yet; the page says which. Whoever
 * covers one for this plan takes it off this list.
 */
const NOT_THE_PLANS = ['C-09', 'C-14', 'C-16', 'C-17', 'C-19', 'C-25'];

function ids(prefix: string, last: number): string[] {
  return Array.from({ length: last }, (_, index) => `${prefix}${String(index + 1).padStart(2, '0')}`);
}

describe('plan core-table', () => {
  it('C-08: servers, memberships, users, each after the one before', () => {
    const steps = coreTableInMemory().steps.map(({ name, requires }) => [name, requires]);
    expect(steps).toEqual([
      ['servers', []],
      ['memberships', ['servers']],
      ['users', ['memberships']],
    ]);
  });

  it('C-01, C-X21: only reads the old tables, and names all tables literally: an environment may rename them', () => {
    expect(CORE_TABLE_TABLES).toEqual([
      { name: 'ServersTable', role: 'source', partitionKey: 'id', indexes: [] },
      {
        name: 'UserMembershipTable',
        role: 'source',
        partitionKey: 'userId',
        sortKey: 'serverId',
        indexes: [],
      },
      { name: 'CoreTable', role: 'target', partitionKey: 'PK', sortKey: 'SK', indexes: [] },
    ]);
  });
});

describe('docs/plans/core-table.md', () => {
  const rows = [
    ...tableRows(section(PAGE, '## Requirements')),
    ...tableRows(section(PAGE, '## Defects not to reproduce')),
  ];

  it('has one row for each requirement and each defect, in order', () => {
    expect(rows.map(([id]) => id)).toEqual([...ids('C-', 27), ...ids('C-X', 21)]);
  });

  it('names tests that exist and that mention the requirement', () => {
    const wrong = rows.flatMap(([id = '', , , tests = '']) =>
      quoted(tests).filter(
        (file) => !existsSync(file) || !new RegExp(`${id}(?!\\d)`).test(documentText(file)),
      ),
    );
    expect(wrong).toEqual([]);
  });

  it('leaves none without a test but those that are not the plan’s', () => {
    const without = rows.filter(([, , , tests = '']) => quoted(tests).length === 0).map(([id]) => id);
    expect(without).toEqual(NOT_THE_PLANS);
  });

  it('lists the tables and keys that the plan has', () => {
    const listed = tableRows(section(PAGE, '## Tables')).map(([name = '', role, key = '']) => [
      quoted(name)[0],
      role,
      quoted(key),
    ]);
    const expected = CORE_TABLE_TABLES.map(({ name, role, partitionKey, sortKey }) => [
      name,
      role,
      sortKey === undefined ? [partitionKey] : [partitionKey, sortKey],
    ]);
    expect(listed).toEqual(expected);
  });

  it('lists the reasons that can be accepted, with their flags', () => {
    const reasons = tableRows(section(PAGE, '## Reasons'));
    for (const [reason, flag] of coreTableInMemory().acceptable)
      expect(reasons.find(([, name = '']) => quoted(name)[0] === reason)?.join()).toContain(`--${flag}`);
  });
});
