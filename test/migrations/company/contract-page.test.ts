import { existsSync } from 'node:fs';
import { companyIdOf, COMPANY_NAMESPACE } from '../../../src/domain/company/company.js';
import { COMPANY_OPTIONS } from '../../../src/migrations/company/company.options.js';
import { COMPANY_OUTLINE } from '../../../src/migrations/company/company.outline.js';
import { companyInMemory } from './entities-trial.js';
import { documentText, quoted, section, tableRows } from '../../docs/markdown.js';

const PAGE = documentText('docs/plans/company.md');

function ids(prefix: string, last: number): string[] {
  return Array.from({ length: last }, (_, index) => `${prefix}${String(index + 1).padStart(2, '0')}`);
}

describe('docs/plans/company.md', () => {
  const rows = [
    ...tableRows(section(PAGE, '## Requirements')),
    ...tableRows(section(PAGE, '## Defects not to reproduce')),
  ];

  it('has one row for each requirement and each defect, in order', () => {
    expect(rows.map(([id]) => id)).toEqual([...ids('E-', 51), ...ids('E-X', 36)]);
  });

  it('names tests that exist and that mention the requirement, or says whose it is', () => {
    const wrong = rows.flatMap(([id = '', , holds = '', tests = '']) => {
      const files = quoted(tests);
      const known = files.every(
        (file) => existsSync(file) && new RegExp(`${id}(?!\\d)`).test(documentText(file)),
      );
      return known && (files.length > 0 || /^(The engine|Cutover|People)/.test(holds)) ? [] : [id];
    });
    expect(wrong).toEqual([]);
  });

  it('lists the tables, keys and indexes that the plan has, and those that it must not touch', () => {
    const listed = tableRows(section(PAGE, '## Tables')).map(([name = '', role, key = '', index = '']) => {
      const [indexName, ...indexKey] = quoted(index);
      return [
        quoted(name)[0],
        role,
        quoted(key),
        ...(indexName === undefined ? [] : [[indexName, indexKey]]),
      ];
    });
    const keysOf = ({
      partitionKey,
      sortKey,
    }: {
      readonly partitionKey: string;
      readonly sortKey?: string;
    }) => (sortKey === undefined ? [partitionKey] : [partitionKey, sortKey]);
    expect(listed).toEqual(
      COMPANY_OUTLINE.tables.map((table) => [
        ...[table.name, table.role, keysOf(table)],
        ...table.indexes.map((index) => [index.name, keysOf(index)]),
      ]),
    );
    for (const name of [...COMPANY_OUTLINE.untouched, ...COMPANY_OUTLINE.archived])
      expect(section(PAGE, '## Tables')).toContain(`\`${name}\``);
  });

  it('lists the steps with their sources and what they need', () => {
    const steps = tableRows(PAGE.slice(0, PAGE.indexOf('## Tables'))).map(([name = '']) => quoted(name)[0]);
    expect(steps).toEqual(COMPANY_OUTLINE.steps.map(({ name }) => name));
    expect(companyInMemory().steps.map(({ requires }) => requires)).toEqual([
      [],
      ['mapping'],
      ['mapping'],
      ['mapping', 'projects', 'contractors'],
      ['mapping', 'projects', 'contractors', 'works'],
    ]);
  });

  it('E-X07: gives the company of an orphan by a recipe that the plan follows', () => {
    const orphans = section(PAGE, '### The company of a user who has none');
    expect(orphans).toContain(`\`${COMPANY_NAMESPACE}\``);
    expect(orphans).toContain(`the company of \`orphan\` is \`${companyIdOf('orphan')}\``);
  });

  it('lists the options, and the reasons that can be accepted', () => {
    const options = tableRows(section(PAGE, '## Options')).map(([name = '']) => quoted(name)[0]);
    expect(options).toEqual(Object.keys(COMPANY_OPTIONS));
    const accepted = tableRows(section(PAGE, '## Reasons')).flatMap(([, reason = '', when = '']) => {
      const flag = /`--([a-z-]+)`/.exec(when)?.[1];
      return flag === undefined ? [] : [[quoted(reason)[0], flag]];
    });
    expect(accepted).toEqual([...COMPANY_OUTLINE.acceptable]);
  });
});
