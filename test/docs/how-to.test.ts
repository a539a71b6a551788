import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import type { CodeBlock } from './markdown.js';
import { codeBlocks, documentText } from './markdown.js';

/**
 * docs/how-to-add-a-step.md, followed to the letter in a copy of the repository; and a plan with long names that is left as
 * `plans new` makes it, so that what is wrong with the templates is found here and not by whoever uses them.
 */

const COPIED = [
  ...[
    'src',
    'test/support',
    'test/docs/markdown.ts',
    'examples',
    'environments',
    'runner.js',
    'package.json',
  ],
  ...['jest.config.js', 'tsconfig.json', 'tsconfig.build.json', 'tsconfig.jest.json', 'eslint.config.js'],
  ...['.prettierrc.json', '.prettierignore', '.dependency-cruiser.cjs'],
];
const UNTOUCHED = 'quarterly-stock-takes-of-warehouses';
const PLANS_NEW = [
  ['library', '--step', 'books'],
  [UNTOUCHED, '--step', 'counted-articles-with-differences'],
];
const REGISTRIES = ['src/runner/composition/plans.ts', 'src/runner/composition/plan-outlines.ts'];
const TESTS = ['test/migrations', 'test/domain'];
const PATIENCE_MS = 240_000;

const PAGE = documentText('docs/how-to-add-a-step.md');
const FILES = codeBlocks(PAGE).filter(({ label }) => label !== '');

/** A block of lines to add and to remove; `@@` stands for lines that are left out. */
function applied(text: string, diff: string): string {
  return diff.split(/^@@\n/m).reduce((current, hunk) => {
    const lines = hunk.split('\n').slice(0, -1);
    const side = (other: string): string =>
      lines.flatMap((line) => (line.startsWith(other) ? [] : [`${line.slice(1)}\n`])).join('');
    if (current.split(side('+')).length !== 2)
      throw new Error(`these lines are not there, or twice:\n${side('+')}`);
    return current.replace(side('+'), () => side('-'));
  }, text);
}

function write(folder: string, { language, label, code }: CodeBlock): void {
  const file = join(folder, label);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, language === 'diff' ? applied(readFileSync(file, 'utf8'), code) : code);
}

/** Whoever followed the page has its plan already, and tests that still pass. */
function forget(file: string): void {
  const lines = readFileSync(file, 'utf8').split('\n');
  writeFileSync(file, lines.filter((line) => !/library|(Book|Loan)Mapper/i.test(line)).join('\n'));
}

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

describe('docs/how-to-add-a-step.md', () => {
  const folder = mkdtempSync(join(tmpdir(), 'waybill-how-to-'));

  const node = (...args: string[]): Promise<Ended> =>
    new Promise((done) => {
      const options = { cwd: folder, timeout: PATIENCE_MS, maxBuffer: 64 * 1024 * 1024 };
      execFile(process.execPath, args, options, (error, stdout, stderr) => {
        done({ code: error === null ? 0 : Number(error.code ?? -1), stdout, stderr });
      });
    });
  const tool = (name: string, ...args: string[]): Promise<Ended> => node(join('node_modules', name), ...args);

  const build = (): Promise<Ended> => tool('typescript/bin/tsc', '--noCheck', '-p', 'tsconfig.build.json');
  const made: string[] = [];

  beforeAll(async () => {
    const filter = (path: string): boolean => basename(path) !== 'library';
    for (const path of COPIED) cpSync(resolve(path), join(folder, path), { recursive: true, filter });
    for (const path of REGISTRIES) forget(join(folder, path));
    symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
    expect((await build()).stdout).toBe('');
    for (const words of PLANS_NEW) {
      const { stdout } = await node('runner.js', 'plans', 'new', ...words, '--json');
      made.push(...(JSON.parse(stdout) as { readonly created: string[] }).created);
    }
    for (const file of FILES) write(folder, file);
  }, PATIENCE_MS);

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('types at the scaffold what was typed here', () => {
    expect(PAGE).toContain(`\nnode runner plans new ${PLANS_NEW[0]?.join(' ') ?? ''}\n`);
  });

  it(
    'has code that compiles with the strict settings of the project, and so has the scaffold',
    async () => {
      const settings = { extends: './tsconfig.json', include: ['src', ...TESTS] };
      writeFileSync(join(folder, 'tsconfig.how-to.json'), JSON.stringify(settings));
      expect((await tool('typescript/bin/tsc', '--noEmit', '-p', 'tsconfig.how-to.json')).stdout).toBe('');
    },
    PATIENCE_MS,
  );

  it(
    'has code that the rules of the project accept, and so has the scaffold',
    async () => {
      const code = [...new Set([...made, ...FILES.map(({ label }) => label)])].filter(isCode);
      expect(code.length).toBeGreaterThan(made.length);
      expect((await tool('eslint/bin/eslint.js', '--max-warnings', '0', ...code)).stdout).toBe('');
      const untouched = made.filter((path) => path.includes(UNTOUCHED));
      const files = [...new Set([...code, ...untouched])];
      expect((await tool('prettier/bin/prettier.cjs', '--list-different', ...files)).stdout).toBe('');
      const cruise = await tool('.bin/depcruise', '--config', '.dependency-cruiser.cjs', 'src');
      expect(cruise.stdout).toContain('no dependency violations found');
    },
    PATIENCE_MS,
  );

  it(
    'has tests that pass, and so has the scaffold, the conformance kit among them',
    async () => {
      const jest = await node(
        '--experimental-vm-modules',
        '--no-warnings',
        'node_modules/jest/bin/jest.js',
        ...TESTS,
      );
      expect(jest.stderr).toMatch(/Test Suites: 9 passed, 9 total\nTests: +(5\d) passed, \1 total/);
    },
    PATIENCE_MS,
  );

  it(
    'ends with a dry run of the command line that accounts for every record',
    async () => {
      expect((await build()).stdout).toBe('');
      const run = await node('runner.js', '--env', 'local', '--plan', 'library', '--dry-run', '--json');
      const { status, dryRun, steps } = JSON.parse(run.stdout);
      expect({ code: run.code, status, dryRun }).toEqual({ code: 0, status: 'complete', dryRun: true });
      expect(steps).toMatchObject([
        { step: 'books', read: 16, created: 12, skipped: 4, quarantined: 0, rows: 12 },
        { step: 'loans', read: 4, created: 4, skipped: 0, quarantined: 0, rows: 4 },
      ]);
    },
    PATIENCE_MS,
  );
});

function isCode(path: string): boolean {
  return path.endsWith('.ts');
}
