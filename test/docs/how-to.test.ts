import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { CodeBlock } from './markdown.js';
import { codeBlocks, documentText } from './markdown.js';

/** docs/how-to-add-a-step.md, followed to the letter in a copy of the repository. */

const COPIED = [
  ...['src', 'test/support', 'examples', 'environments', 'runner.js', 'package.json', 'jest.config.js'],
  ...['tsconfig.json', 'tsconfig.build.json', 'tsconfig.jest.json', 'eslint.config.js'],
];
const TEST = 'test/migrations/notes';
const PATIENCE_MS = 240_000;

const FILES = codeBlocks(documentText('docs/how-to-add-a-step.md')).filter(({ label }) => label !== '');

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

  beforeAll(() => {
    for (const path of COPIED) cpSync(resolve(path), join(folder, path), { recursive: true });
    symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
    for (const file of FILES) write(folder, file);
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it(
    'has code that compiles with the strict settings of the project',
    async () => {
      const settings = { extends: './tsconfig.json', include: ['src', TEST] };
      writeFileSync(join(folder, 'tsconfig.how-to.json'), JSON.stringify(settings));
      expect((await tool('typescript/bin/tsc', '--noEmit', '-p', 'tsconfig.how-to.json')).stdout).toBe('');
    },
    PATIENCE_MS,
  );

  it(
    'has code that the rules of the project accept',
    async () => {
      const own = FILES.filter(({ language }) => language === 'ts').map(({ label }) => label);
      expect((await tool('eslint/bin/eslint.js', '--max-warnings', '0', ...own)).stdout).toBe('');
    },
    PATIENCE_MS,
  );

  it(
    'has tests that pass, the conformance kit among them',
    async () => {
      const jest = await node(
        '--experimental-vm-modules',
        '--no-warnings',
        'node_modules/jest/bin/jest.js',
        TEST,
      );
      expect(jest.stderr).toMatch(/Test Suites: 2 passed, 2 total\nTests: +(1[0-9]) passed, \1 total/);
    },
    PATIENCE_MS,
  );

  it(
    'ends with a dry run of the command line that accounts for every record',
    async () => {
      expect((await tool('typescript/bin/tsc', '--noCheck', '-p', 'tsconfig.build.json')).stdout).toBe('');
      const run = await node('runner.js', '--env', 'local', '--plan', 'notes', '--dry-run', '--json');
      const { status, dryRun, steps } = JSON.parse(run.stdout);
      expect({ code: run.code, status, dryRun }).toEqual({ code: 0, status: 'complete', dryRun: true });
      expect(steps).toMatchObject([
        { step: 'notes', read: 20, created: 16, skipped: 4, quarantined: 0, rows: 16 },
      ]);
    },
    PATIENCE_MS,
  );
});
