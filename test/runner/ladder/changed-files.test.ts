import { changedFiles } from '../../../src/runner/ladder/changed-files.js';

describe('what changed between two sets of files', () => {
  it('is said in words, in the order of the names', () => {
    const before = { 'b.js': '1', 'a.js': '1', 'same.js': '1' };
    const after = { 'same.js': '1', 'c.js': '1', 'a.js': '2' };
    expect(changedFiles(before, after)).toEqual(['a.js changed', 'b.js is gone', 'c.js was added']);
  });

  it('is nothing where all is the same, and everything where nothing was known', () => {
    expect(changedFiles({ 'a.js': '1' }, { 'a.js': '1' })).toEqual([]);
    expect(changedFiles({}, { 'a.js': '1' })).toEqual(['a.js was added']);
  });

  it('takes any name', () => {
    expect(changedFiles({}, JSON.parse('{"__proto__": "1"}') as Record<string, string>)).toEqual([
      '__proto__ was added',
    ]);
  });
});
