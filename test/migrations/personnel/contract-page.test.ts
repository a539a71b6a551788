import { existsSync } from 'node:fs';
import { textOf, type StoredItem } from '../../../src/domain/storage/stored-value.js';
import { PERSONNEL_TABLES } from '../../../src/migrations/personnel/personnel.tables.js';
import { documentText, quoted, section, tableRows } from '../../docs/markdown.js';
import { decided, rowOf } from './planning.js';

const PAGE = documentText('docs/plans/personnel.md');

function ids(prefix: string, last: number): string[] {
  return Array.from({ length: last }, (_, index) => `${prefix}${String(index + 1).padStart(2, '0')}`);
}

describe('docs/plans/personnel.md', () => {
  const rows = [
    ...tableRows(section(PAGE, '## Requirements')),
    ...tableRows(section(PAGE, '## Defects not to reproduce')),
  ];

  it('has one row for each requirement and each defect, in order', () => {
    expect(rows.map(([id]) => id)).toEqual([...ids('P-', 45), ...ids('P-X', 33)]);
  });

  it('names tests that exist and that mention the requirement, or says whose it is', () => {
    const wrong = rows.flatMap(([id = '', , holds = '', tests = '']) => {
      const files = quoted(tests);
      const mentions = (file: string): boolean => {
        const range = /P-16 to P-24/.test(documentText(file)) && /^P-(1[6-9]|2[0-4])$/.test(id);
        return range || new RegExp(`${id}(?!\\d)`).test(documentText(file));
      };
      const known = files.every((file) => existsSync(file) && mentions(file));
      return known && (files.length > 0 || /^(The engine|Cutover|People)/.test(holds)) ? [] : [id];
    });
    expect(wrong).toEqual([]);
  });

  it('lists the tables, keys and indexes that the plan has', () => {
    const listed = tableRows(section(PAGE, '## Tables')).map(([, , index = '', key = '']) => [
      quoted(index)[0],
      quoted(key),
    ]);
    const indexes = PERSONNEL_TABLES.flatMap((table) => table.indexes).map((index) => [
      index.name,
      [index.partitionKey, ...(index.sortKey === undefined ? [] : [index.sortKey])],
    ]);
    expect(listed).toEqual([[undefined, []], ...indexes]);
    expect(PERSONNEL_TABLES.map(({ partitionKey, sortKey }) => [partitionKey, sortKey])).toEqual([
      ['PK', 'SK'],
      ['PK', 'SK'],
    ]);
  });

  it('P-17: assigns the numbers of its examples', async () => {
    const examples = tableRows(section(PAGE, '## Employee numbers')).map((cells) =>
      cells.map((cell) => quoted(cell)),
    );
    expect(examples).toHaveLength(4);
    const records = examples.map(([id = [], name = []]): StoredItem => {
      return { PK: { S: `EMPLOYEE#${id[0] ?? ''}` }, SK: { S: 'PROFILE' }, full_name: { S: name[0] ?? '' } };
    });
    for (const [index, [, , [number, alone = number] = []]] of examples.entries()) {
      const [record = {}, other = {}] = [records[index], records[index - 1]];
      expect(textOf(rowOf(await decided(record))['employee_number'])).toBe(alone);
      if (alone !== number)
        expect(textOf(rowOf(await decided(record, other))['employee_number'])).toBe(number);
    }
  });

  it('lists every warning and reason that the code can give, and no other', () => {
    const folder = 'src/domain/personnel/legacy';
    const planner = documentText('src/migrations/personnel/employees.planner.ts');
    const warnings = [
      ...documentText(`${folder}/employee-warnings.ts`).matchAll(/^ {2}([A-Z][A-Z0-9_]+):/gm),
      ...planner.matchAll(/code: '([A-Z_]+)'/g),
    ].map(([, code]) => code);
    const union =
      /EmployeeProblemReason =([^;]+);/.exec(documentText(`${folder}/attribute-reader.ts`))?.[1] ?? '';
    const reasons = [...union.matchAll(/'([A-Z_]+)'/g), ...planner.matchAll(/reason: '([A-Z_]+)'/g)].map(
      ([, code]) => code,
    );
    const listed = (heading: string): (string | undefined)[] =>
      tableRows(section(PAGE, heading)).map(([code = '']) => quoted(code)[0]);
    expect(listed('## Warnings').toSorted()).toEqual(warnings.toSorted());
    expect(listed('## Reasons').toSorted()).toEqual(reasons.toSorted());
  });
});
