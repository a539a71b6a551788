import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { planFiles, planVersion } from '../../../src/infrastructure/versioning/plan-version.js';

const FILES = {
  'domain/values/guid.js': 'guid',
  'migrations/contract/outcome.js': 'outcome',
  'migrations/kpi/links.step.js': 'links',
  'migrations/kpi/demo/words.js': 'words',
  'migrations/company/other.step.js': 'other',
  'infrastructure/persistence/kpi/kpi-link.mapper.js': 'mapper',
  'infrastructure/dynamodb/client.js': 'client',
  'runner/engine/run-id.js': 'engine',
};
const NO_ALIASES = { attributes: {} };
let root: string;

function write(path: string, content: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}

const version = (environment: Parameters<typeof planVersion>[1] = NO_ALIASES): string =>
  planVersion('kpi', environment, root);

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'waybill-version-'));
  for (const [path, content] of Object.entries(FILES)) write(path, content);
});
afterEach(() => rmSync(root, { recursive: true }));

describe('the version of a plan', () => {
  it('is a SHA-256 in hex, the same for the same files wherever they are', () => {
    const first = version();
    expect(first).toMatch(/^[0-9a-f]{64}$/);
    const other = mkdtempSync(join(tmpdir(), 'waybill-elsewhere-'));
    const here = root;
    root = other;
    for (const [path, content] of Object.entries(FILES).reverse()) write(path, content);
    expect(version()).toBe(first);
    root = here;
    rmSync(other, { recursive: true });
  });

  it.each([
    'domain/values/guid.js',
    'migrations/contract/outcome.js',
    'migrations/kpi/links.step.js',
    'infrastructure/persistence/kpi/kpi-link.mapper.js',
  ])('changes with %s', (path) => {
    const before = version();
    write(path, 'changed');
    expect(version()).not.toBe(before);
  });

  it('changes with a file that is added, taken away or renamed', () => {
    const before = version();
    write('migrations/kpi/more.step.js', '');
    const more = version();
    expect(more).not.toBe(before);
    rmSync(join(root, 'migrations/kpi/more.step.js'));
    expect(version()).toBe(before);
    write('migrations/kpi/links2.step.js', FILES['migrations/kpi/links.step.js']);
    rmSync(join(root, 'migrations/kpi/links.step.js'));
    expect(version()).not.toBe(before);
  });

  it('does not let content slip from one file into the next', () => {
    const [a, b] = ['migrations/kpi/a.js', 'migrations/kpi/b.js'];
    write(a, 'one');
    write(b, 'two');
    const before = version();
    rmSync(join(root, b));
    write(a, `one${b}\0two`);
    expect(version()).not.toBe(before);
  });

  it.each([
    'migrations/kpi/demo/words.js',
    'migrations/company/other.step.js',
    'infrastructure/dynamodb/client.js',
    'runner/engine/run-id.js',
  ])('does not change with %s', (path) => {
    const before = version();
    write(path, 'changed');
    expect(version()).toBe(before);
  });

  it('does not count declarations and source maps', () => {
    const before = version();
    write('migrations/kpi/links.step.d.ts', 'types');
    write('migrations/kpi/links.step.js.map', '{}');
    expect(version()).toBe(before);
  });

  it('changes with the aliases of attributes, whatever order they are written in, and with nothing else of an environment', () => {
    const aliases = { readings: { value: 'readingValue', notes: 'note' }, links: { weight: 'share' } };
    const reordered = { links: { weight: 'share' }, readings: { notes: 'note', value: 'readingValue' } };
    expect(version({ attributes: aliases })).not.toBe(version());
    expect(version({ attributes: aliases })).toBe(version({ attributes: reordered }));
    expect(version({ attributes: { links: { weight: 'part' } } })).not.toBe(
      version({ attributes: { links: { weight: 'share' } } }),
    );
    expect(
      version({ attributes: {}, suffix: '-staging', segments: 99 } as Parameters<typeof planVersion>[1]),
    ).toBe(version());
  });

  it('covers the real modules of plan kpi', () => {
    const files = planFiles('kpi').map((file) => file.replaceAll('\\', '/'));
    for (const part of [
      'domain/values/moment',
      'migrations/kpi/data.planner',
      'persistence/mapping/structured.mapper',
    ]) {
      expect(files.some((file) => file.includes(part))).toBe(true);
    }
    expect(files.filter((file) => file.includes('/demo/') || file.endsWith('.d.ts'))).toEqual([]);
  });
});
