import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { planFileDigests, planVersion } from '../../../src/infrastructure/versioning/plan-version.js';
import { changedFiles } from '../../../src/runner/ladder/changed-files.js';

const STAGING = { name: 'staging', attributes: {} };
let root: string;

function write(path: string, content: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}

const digests = (environment = STAGING): Record<string, string> => planFileDigests('kpi', environment, root);

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'waybill-digests-'));
  write('domain/guid.js', 'guid');
  write('migrations/kpi/links.step.js', 'links');
  write('migrations/kpi/demo/words.js', 'words');
  write('runner/engine/run-id.js', 'engine');
});
afterEach(() => rmSync(root, { recursive: true }));

describe('the digests of the files of a plan', () => {
  it('are the first 16 hex digits of SHA-256 by relative name, the aliases as a name of their own', () => {
    expect(digests()).toEqual({
      // printf guid | sha256sum, printf links | sha256sum, printf '[]' | sha256sum
      'domain/guid.js': '4b565f53a6d8d395',
      'migrations/kpi/links.step.js': 'eef8b9fd5d437dd9',
      'environments/staging.json#attributes': '4f53cda18c2baa0c',
    });
  });

  it.each<[string, () => typeof STAGING, string[]]>([
    ['a change', () => (write('domain/guid.js', 'other'), STAGING), ['domain/guid.js changed']],
    [
      'a new file',
      () => (write('migrations/kpi/more.js', ''), STAGING),
      ['migrations/kpi/more.js was added'],
    ],
    ['a file that went', () => (rmSync(join(root, 'domain/guid.js')), STAGING), ['domain/guid.js is gone']],
    [
      'an alias',
      () => ({ ...STAGING, attributes: { readings: { value: 'v' } } }),
      ['environments/staging.json#attributes changed'],
    ],
    ['demo data', () => (write('migrations/kpi/demo/words.js', 'x'), STAGING), []],
    ['the engine', () => (write('runner/engine/run-id.js', 'x'), STAGING), []],
  ])('name %s exactly where the version changes', (_, change, expected) => {
    const [before, version] = [digests(), planVersion('kpi', STAGING, root)];
    const after = change();
    expect(changedFiles(before, digests(after))).toEqual(expected);
    expect(planVersion('kpi', after, root) !== version).toBe(expected.length > 0);
  });

  it('cover the modules of the real plan', () => {
    const names = Object.keys(planFileDigests('kpi', STAGING));
    expect(names).toContain('environments/staging.json#attributes');
    expect(names.some((name) => name.startsWith('migrations/kpi/kpi.plan.'))).toBe(true);
    expect(names.filter((name) => name.startsWith('/') || name.includes('\\'))).toEqual([]);
  });
});
