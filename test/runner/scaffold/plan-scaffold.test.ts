import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { planNames } from '../../../src/runner/scaffold/plan-names.js';
import { scaffoldOf, writeScaffold } from '../../../src/runner/scaffold/plan-scaffold.js';
import { CATALOG, typeWords, type Ended } from '../cli/command-line-harness.js';

/** What a scaffold reads of a checkout, beside the lists of plans. */
const COPIED = ['src/runner/scaffold/templates', 'package.json', '.prettierrc.json'];

/** Lists as those of this checkout, which grow: here is one plan. */
const OUTLINES = `import type { PlanOutline } from '../../migrations/contract/plan-outline.js';
import { CORE_TABLE_OUTLINE } from '../../migrations/core-table/core-table.outline.js';

export const PLAN_OUTLINES: readonly PlanOutline[] = [
  CORE_TABLE_OUTLINE,
  // plans new: outlines
];
`;
const PLANS = `import { Container, type Newable } from 'inversify';
import { EmployeeMapper } from '../../infrastructure/persistence/core-table/employee.mapper.js';
import { CORE_TABLE_STEPS, coreTablePlan } from '../../migrations/core-table/core-table.plan.js';
import {
  MEMBERSHIP_MAPPER,
  ROLE_POLICY,
  SERVER_MAPPER,
  USER_MAPPER,
} from '../../migrations/core-table/core-table.tokens.js';

export function plans(): readonly BoundPlan[] {
  const container = new Container({ defaultScope: 'Singleton' });
  container.bind(EMPLOYEE_MAPPER).to(EmployeeMapper);
  // plans new: bindings
  return [
    { plan: coreTablePlan(steps(container, CORE_TABLE_STEPS)), demo: new CoreTableDemoData() },
    // plans new: plans
  ];
}
`;

const LIBRARY = [
  'src/domain/library/book.ts',
  'src/domain/library/legacy/legacy-book.record.ts',
  'src/infrastructure/persistence/library/book.mapper.ts',
  'src/migrations/library/library.tables.ts',
  'src/migrations/library/library.tokens.ts',
  'src/migrations/library/library.outline.ts',
  'src/migrations/library/books.planner.ts',
  'src/migrations/library/books.step.ts',
  'src/migrations/library/library.plan.ts',
  'src/migrations/library/demo/library-demo-data.ts',
  'docs/plans/library.md',
  'test/domain/library/book.test.ts',
  'test/migrations/library/books.step.test.ts',
  'test/migrations/library/contract-page.test.ts',
  'test/migrations/library/library.conformance.test.ts',
];
const REGISTRIES = ['src/runner/composition/plan-outlines.ts', 'src/runner/composition/plans.ts'];

describe('node runner plans new', () => {
  let folder: string;
  let before: ReadonlyMap<string, string>;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'waybill-scaffold-'));
    for (const path of COPIED) cpSync(resolve(path), join(folder, path), { recursive: true });
    put('src/migrations/core-table/core-table.tables.ts', "export const TABLES = { core: 'CoreTable' };\n");
    put('src/runner/composition/plan-outlines.ts', OUTLINES);
    put('src/runner/composition/plans.ts', PLANS);
    chmodSync(join(folder, 'src/runner/composition/plans.ts'), 0o640);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function contents(): ReadonlyMap<string, string> {
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
    return new Map(
      files.map((path) => {
        const whole = join(folder, path);
        return [path, statSync(whole).isDirectory() ? 'folder' : readFileSync(whole, 'utf8')];
      }),
    );
  }

  function put(path: string, text: string): void {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
    before = contents();
  }

  function plansNew(words: string): Promise<Ended> {
    const loadCatalog = (): Promise<typeof CATALOG> => Promise.resolve({ ...CATALOG, checkout: folder });
    return typeWords(['plans', 'new', ...words.split(' ')], { composition: { loadCatalog } });
  }

  function lines(path: string): string[] {
    return readFileSync(join(folder, path), 'utf8').split('\n');
  }

  it('makes a plan, names what it made, and says what to type next', async () => {
    const ended = await plansNew('library --step books --json');

    expect(ended).toMatchObject({ exit: 0, stderr: '', opened: [] });
    expect(JSON.parse(ended.stdout)).toEqual({
      plan: 'library',
      step: 'books',
      dryRun: false,
      checkout: folder,
      created: LIBRARY,
      changed: REGISTRIES,
      next: [
        'npm run build',
        'npm run unit -- test/migrations/library test/domain/library',
        'node runner --env local --plan library --dry-run',
        'node runner --env local --plan library',
      ],
    });
    const made = [...contents()].filter(([, text]) => text !== 'folder').map(([path]) => path);
    const old = [...before].filter(([, text]) => text !== 'folder').map(([path]) => path);
    expect(made).toEqual([...old, ...LIBRARY].sort());
  });

  it('lists the plan where the others are listed, behind them, and changes nothing else there', async () => {
    await plansNew('library --step books');

    const added = (path: string): string[] => {
      const old = before.get(path)?.split('\n') ?? [];
      const now = lines(path);
      expect(now.filter((line) => old.includes(line))).toEqual(old);
      return now.filter((line) => !old.includes(line));
    };
    expect(added('src/runner/composition/plan-outlines.ts')).toEqual([
      "import { LIBRARY_OUTLINE } from '../../migrations/library/library.outline.js';",
      '  LIBRARY_OUTLINE,',
    ]);
    expect(added('src/runner/composition/plans.ts')).toEqual([
      "import { BookMapper } from '../../infrastructure/persistence/library/book.mapper.js';",
      "import { LibraryDemoData } from '../../migrations/library/demo/library-demo-data.js';",
      "import { LIBRARY_STEPS, libraryPlan } from '../../migrations/library/library.plan.js';",
      "import { BOOK_MAPPER } from '../../migrations/library/library.tokens.js';",
      '  container.bind(BOOK_MAPPER).to(BookMapper);',
      '    { plan: libraryPlan(steps(container, LIBRARY_STEPS)), demo: new LibraryDemoData() },',
    ]);
  });

  it('makes files that the owner of the checkout can share, though what the runner leaves is for its owner only', async () => {
    const mask = process.umask(0o077);
    try {
      await plansNew('library --step books');
    } finally {
      process.umask(mask);
    }
    const mode = (path: string): number => statSync(join(folder, path)).mode & 0o777;
    expect(mode('src/domain/library/book.ts')).toBe(mode('package.json') & 0o666);
    expect(mode('src/domain/library')).toBe(mode('src'));
    expect(mode('src/runner/composition/plans.ts')).toBe(0o640);
  });

  it('makes several plans, one after the other', async () => {
    await plansNew('library --step books');
    const { exit } = await plansNew('stock-takes');

    expect(exit).toBe(0);
    expect(lines('src/runner/composition/plan-outlines.ts').slice(-4)).toEqual([
      '  STOCK_TAKES_OUTLINE,',
      '  // plans new: outlines',
      '];',
      '',
    ]);
    expect(lines('src/domain/stock-takes/stock-take.ts').join('\n')).toContain('export class StockTake {');
  });

  it('writes nothing with --dry-run', async () => {
    const ended = await plansNew('library --step books --dry-run');

    expect(ended.exit).toBe(0);
    for (const path of LIBRARY) expect(ended.stdout).toContain(`  new      ${path}\n`);
    for (const path of REGISTRIES) expect(ended.stdout).toContain(`  changed  ${path}\n`);
    expect(ended.stdout).toContain('\nNothing was written.\n');
    expect(contents()).toEqual(before);
  });

  it.each([
    'Library',
    '2024',
    '-library',
    'library-',
    'a--b',
    'a_b',
    'a.b',
    '../library',
    '__proto__',
    'bücher',
    'l'.repeat(41),
  ])('refuses the name %s', async (name) => {
    const words = name.startsWith('-') ? `-- ${name}` : name;
    expect(await plansNew(words)).toMatchObject({ exit: 2, stderr: expect.stringContaining('NAME_INVALID') });
    expect(await plansNew(`library --step=${name}`)).toMatchObject({ exit: 2 });
    expect(contents()).toEqual(before);
  });

  it.each([
    ['a plan', 'kpi', 'There is already a plan kpi.'],
    ['a folder of a plan', 'core-table', 'There is already a folder src/migrations/core-table.'],
    ['a mapper of another plan', 'staff --step employees', 'has something called EmployeeMapper already'],
    ['a word of the templates', 'wood --step tables', 'call something TABLES,'],
    ['a class of the language', 'atlas --step maps', 'call something Map,'],
    ['a name of the plan itself', 'x --step x-tables', 'call something X_TABLES,'],
  ])('refuses the name of %s', async (_, words, message) => {
    const { exit, stderr } = await plansNew(words);

    expect([exit, stderr]).toEqual([2, expect.stringMatching(/^error NAME_TAKEN: /)]);
    expect(stderr).toContain(message);
    expect(contents()).toEqual(before);
  });

  it('refuses a table of another plan', async () => {
    put('src/migrations/depots/depots.tables.ts', "export const TABLES = { books: 'books' };\n");

    const { exit, stderr } = await plansNew('library --step books');

    expect([exit, stderr]).toEqual([2, expect.stringContaining('Plan depots has a table called books.')]);
    expect(contents()).toEqual(before);
  });

  it.each(['docs/plans/library.md', 'test/migrations/library/notes.txt', 'src/domain/library/book.ts'])(
    'refuses to write beside or over %s',
    async (path) => {
      put(path, 'of somebody else\n');

      expect(await plansNew('library')).toMatchObject({
        exit: 2,
        stderr: expect.stringMatching(/^error NAME_TAKEN: /),
      });
      expect(contents()).toEqual(before);
    },
  );

  it.each([
    ['src/runner/composition/plans.ts', '  // plans new: bindings\n'],
    ['src/runner/composition/plans.ts', '    // plans new: plans\n'],
    ['src/runner/composition/plan-outlines.ts', '  // plans new: outlines\n'],
  ])('refuses where %s has lost its mark %j, or has it twice', async (path, mark) => {
    const text = before.get(path) ?? '';
    for (const changed of [text.replace(mark, ''), text.replace(mark, mark + mark)]) {
      put(path, changed);
      const { exit, stderr } = await plansNew('library');
      expect([exit, stderr]).toEqual([3, expect.stringMatching(/^error REGISTRY_UNFAMILIAR: /)]);
      expect(contents()).toEqual(before);
    }
  });

  it('takes back what it wrote where it can not write the rest', async () => {
    // no folder can be made there, and that shows when half of the files are written
    put('test/migrations', 'a file\n');
    const files = await scaffoldOf(folder, planNames('library', 'books'));

    await expect(writeScaffold(folder, files)).rejects.toThrow(/ENOTDIR|EEXIST/);
    expect(contents()).toEqual(before);
  });

  it('takes back new files where a list of plans can not be changed', async () => {
    const files = await scaffoldOf(folder, planNames('library', 'books'));
    rmSync(join(folder, 'src/runner/composition/plans.ts'));
    before = contents();

    await expect(writeScaffold(folder, files)).rejects.toThrow('ENOENT');
    expect(contents()).toEqual(before);
  });

  it('refuses where Waybill is installed without its sources', async () => {
    const { exit, stderr } = await typeWords(['plans', 'new', 'library']);
    expect([exit, stderr]).toEqual([3, expect.stringMatching(/^error NO_CHECKOUT: /)]);
  });

  it('finds its marks in this checkout', async () => {
    const { changed } = await scaffoldOf(resolve('.'), planNames('scaffold-probe'));
    expect(changed.map(({ path }) => path)).toEqual(REGISTRIES);
  });
});

describe('the names of a new plan', () => {
  it.each([
    ['books', 'book'],
    ['stock-takes', 'stock-take'],
    ['companies', 'company'],
    ['days', 'day'],
    ['boxes', 'box'],
    ['addresses', 'address'],
    ['address', 'address'],
    ['status', 'status'],
    ['analysis', 'analysis'],
    ['stock', 'stock'],
    ['s', 's'],
  ])('%s are made of one %s each', (step, aggregate) => {
    expect(planNames('library', step).aggregate.kebab).toBe(aggregate);
  });

  it('are spelt as files, classes, functions, constants and sentences have it', () => {
    expect(planNames('stock-takes').step).toEqual({
      kebab: 'stock-takes',
      pascal: 'StockTakes',
      camel: 'stockTakes',
      constant: 'STOCK_TAKES',
      words: 'stock takes',
      title: 'Stock takes',
    });
  });
});
