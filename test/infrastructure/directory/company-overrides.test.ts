import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileOverrides } from '../../../src/infrastructure/directory/company-overrides.js';
import { UsageError } from '../../../src/runner/ports/errors.js';

describe(FileOverrides, () => {
  let folder = '';
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'overrides-'))));
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  function fileOf(text: string): FileOverrides {
    const path = join(folder, 'overrides.json');
    writeFileSync(path, text);
    return new FileOverrides(path);
  }

  it('A-12: says to which company the records of a user go', () => {
    const overrides = fileOf('\ufeff{ "u1": "c1", "__proto__": "c2" }');
    expect(['u1', '__proto__', 'U1', 'toString'].map((user) => overrides.get(user))).toEqual([
      'c1',
      'c2',
      undefined,
      undefined,
    ]);
  });

  it.each([
    ['[["u1", "c1"]]', 'is no object of users and their companies'],
    ['null', 'is no object of users and their companies'],
    ['{ "u1": "c1", "secret": 7 }', 'has no text as the company in entry 2'],
    ['{ "u1": "" }', 'has no text as the company in entry 1'],
    ['{ "secret" ', 'is no JSON'],
    ['', 'is no JSON'],
    ['{ "secret": "c1",\n  "u1": "c1",\n  "\\u0073ecret" : "c2" }', 'names a user again in line 3'],
    ['{ "\\"": "c1", "\\"": "c1" }', 'names a user again in line 1'],
  ])('refuses %s, and tells nothing of what stands there', (text, problem) => {
    const overrides = fileOf(text);
    expect(() => overrides.get('u1')).toThrow(UsageError);
    expect(() => overrides.get('u1')).toThrow(`The file of overrides overrides.json ${problem}.`);
  });

  it('a file that is not there disturbs only those who ask for it', () => {
    const overrides = new FileOverrides(join(folder, 'nowhere.json'));
    expect(() => overrides.get('u1')).toThrow('The file of overrides nowhere.json can’t be read.');
  });
});
