import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT } from '../../src/runner/ports/errors.js';
import { typeWords } from '../runner/cli/command-line-harness.js';
import { codeBlocks, documentText, quoted, section, tableRows } from './markdown.js';

const PAGE = documentText('docs/operations.md');
const PLAN_PAGE = documentText('docs/plans/kpi.md');

/** Words in capitals that are somebody else's: attributes of AWS's API, errors of Node, keys of items. */
const FOREIGN = new Set([
  ...['ALL_NEW', 'ALL_OLD', 'KEYS_ONLY', 'PAY_PER_REQUEST', 'DYNAMODB_JSON', 'FULL_EXPORT', 'IN_PROGRESS'],
  ...['WHEN_REQUIRED', 'EAI_AGAIN', 'HPE_INVALID', 'ERR_STREAM_PREMATURE_CLOSE', 'LD_LIBRARY_PATH'],
  // what the sink says of a row; the record's reason is WRITE_REJECTED
  'UPDATE_TOO_LARGE',
  // what dual writes tell the application, never a command; docs/cutover.md has them
  ...['RECORD_TOO_WIDE', 'UNDER_WAY'],
]);
const VARIABLE = /^(AWS|WAYBILL)_/;

/** Codes of a class of errors; the others name their exit code. */
const EXIT_OF_CLASS: Readonly<Record<string, number>> = {
  Usage: EXIT.usage,
  Refused: EXIT.refused,
  Store: EXIT.refused,
};

function sources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => documentText(join(folder, name)));
}

const CODE = ['src/runner', 'src/infrastructure', 'src/cutover/phases'].flatMap(sources);

/** code → the exit codes with which it is thrown, as far as the place says so */
function thrown(): Map<string, Set<number>> {
  const found = new Map<string, Set<number>>();
  const note = (code: string, exit: number): Set<number> =>
    found.set(code, (found.get(code) ?? new Set<number>()).add(exit)).get(code)!;
  for (const text of CODE) {
    for (const [, kind = '', code = ''] of text.matchAll(/new (Usage|Refused|Store)Error\(\s*'([A-Z_]+)'/g))
      note(code, EXIT_OF_CLASS[kind]!);
    for (const [, name = '', code = ''] of text.matchAll(/EXIT\.(\w+),\s*'([A-Z_]+)'/g))
      note(code, EXIT[name as keyof typeof EXIT]);
  }
  return found;
}

/** Every code in the sources: what is thrown by name, and any word of that shape that is not of another kind. */
function codes(): string[] {
  const reasons = ['## Reasons', '## Warnings'].flatMap((heading) => quoted(section(PLAN_PAGE, heading)));
  const kept = tableRows(section(PAGE, '### Rolling back')).flatMap(([code = '']) => quoted(code));
  const known = new Set([...reasons, ...kept]);
  const words = CODE.flatMap((text) => [...text.matchAll(/'([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)'/g)]);
  const named = CODE.flatMap((text) => [...text.matchAll(/\bcode: '([A-Z][A-Z_]+)'/g)]);
  const all = [...words, ...named].map(([, word = '']) => word);
  return [...new Set([...thrown().keys(), ...all])].filter(
    (word) => !FOREIGN.has(word) && !VARIABLE.test(word) && !known.has(word),
  );
}

/** The commands of a text: lines of its `bash` blocks, and what stands in backticks and begins with `node runner`. */
function commands(text: string): string[] {
  const blocks = codeBlocks(text).filter(({ language }) => language === 'bash');
  const lines = blocks.flatMap(({ code }) => code.split('\n')).map((line) => line.replace(/ +#.*$/, ''));
  const prose = quoted(text.replaceAll(/^```[\s\S]*?^```$/gm, ''));
  return [...lines, ...prose].flatMap((line) => /^node runner (.*)$/.exec(line)?.[1] ?? []);
}

function words(command: string): string[] {
  return [...command.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, one, two, three]) => one ?? two ?? three ?? '',
  );
}

describe('docs/operations.md', () => {
  const rows = tableRows(section(PAGE, '## Every code'));
  const listed = rows.map(([code = '']) => quoted(code)[0] ?? '');

  it('lists every code that a command can end with, once, and no other', () => {
    expect(listed.toSorted()).toEqual(codes().toSorted());
  });

  it('tells the exit code with each', () => {
    const wrong = rows.flatMap(([code = '', exits = '']) => {
      const found = [...(thrown().get(quoted(code)[0] ?? '') ?? [])].sort();
      const told = exits.split(', ').map(Number);
      return found.every((exit) => told.includes(exit)) && told.every((exit) => exit >= 1 && exit <= 4)
        ? []
        : [`${code}: ${exits}, but ${found.join(', ')}`];
    });
    expect(wrong).toEqual([]);
  });

  it('says of each what it means and what to do', () => {
    expect(rows.filter((cells) => cells.length !== 4 || cells.some((cell) => cell === ''))).toEqual([]);
  });

  it('has commands for everything that it speaks of', () => {
    expect(new Set(commands(PAGE)).size).toBeGreaterThan(30);
  });

  it.each([...new Set(commands(PAGE))])('node runner %s: can be typed', async (command) => {
    const { exit, opened } = await typeWords(words(command));
    // the application is opened when all that was typed makes sense; the fake one then does nothing
    const environment = /--env (\w+)/.exec(command)?.[1];
    expect(environment === undefined ? exit : opened.map(({ env }) => env)).toEqual(
      environment === undefined ? 0 : [environment],
    );
  });

  it('K-30: says how to look, to record and to decide afterwards', () => {
    const typed = commands(section(PAGE, '## After')).map((command) => command.replace(/ '?-.*| '.*/, ''));
    for (const command of [
      'quarantine list',
      'conflicts list',
      'warnings list',
      'report',
      'comment',
      'validate',
    ])
      expect(typed).toContain(command);
  });
});
