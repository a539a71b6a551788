import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { FIELDS } from '../../src/handler/event-fields.js';
import { readEvent } from '../../src/handler/read-event.js';
import { CATALOG } from '../runner/cli/command-line-harness.js';
import { codeBlocks, documentText, quoted, section, tableRows } from './markdown.js';

const PAGE = documentText('docs/function-handler.md');
const OPERATIONS = documentText('docs/operations.md');
const SOURCES = readdirSync('src/handler').map((name) => documentText(join('src/handler', name)));

function firstColumn(heading: string): string[] {
  return tableRows(section(PAGE, heading)).flatMap(([first = '']) => quoted(first));
}

function jsonBlocks(): unknown[] {
  return codeBlocks(PAGE)
    .filter(({ language }) => language === 'json')
    .map(({ code }) => JSON.parse(code) as unknown);
}

describe('docs/function-handler.md', () => {
  it('lists every field of the event, and no other', () => {
    expect(firstColumn('## Event').toSorted()).toEqual(Object.keys(FIELDS).toSorted());
  });

  it('lists every kind of failure, and every code that is not among those of operations', () => {
    const listed = firstColumn('## Result');
    const kinds = /type FailureKind = (.*);/.exec(SOURCES.join('\n'))?.[1]?.match(/\w+/g) ?? [];
    expect(kinds).toHaveLength(6);
    expect(listed).toEqual(expect.arrayContaining(kinds.map((kind) => `Waybill.${kind}`)));
    const codes = SOURCES.flatMap((text) => [
      ...text.matchAll(/(?:new UsageError\(\s*|code: )'([A-Z]+_[A-Z_]+)'/g),
    ]).map(([, code = '']) => code);
    expect(codes.length).toBeGreaterThan(7);
    expect(codes.filter((code) => !listed.includes(code) && !OPERATIONS.includes(`\`${code}\``))).toEqual([]);
  });

  it('shows a result whose next event is accepted', () => {
    const [result] = jsonBlocks() as { readonly next: object }[];
    expect(readEvent(result?.next, CATALOG).request).toMatchObject({ resume: 'resume' });
  });

  it('C-12: shows a state machine that goes on with `next`, and whose states are all there', () => {
    const machine = jsonBlocks()[1] as {
      readonly StartAt: string;
      readonly States: Readonly<Record<string, { readonly InputPath?: string }>>;
    };
    const names = [...JSON.stringify(machine).matchAll(/"(?:Next|Default|StartAt)":"([^"]*)"/g)];
    expect(new Set(names.map(([, name]) => name))).toEqual(new Set(Object.keys(machine.States)));
    expect(machine.States['Again']?.InputPath).toBe('$.next');
  });
});
