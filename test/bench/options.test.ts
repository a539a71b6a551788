import { readOptions } from '../../bench/options.js';

describe('readOptions', () => {
  test('without words: every figure but the long one, five pairs of 20,000 records behind 5 ms', () => {
    const options = readOptions([]);
    expect(options.figures).toContain('whole-run');
    expect(options.figures).not.toContain('memory');
    expect(options).toMatchObject({ records: 20_000, runs: 5, latency: 5, quick: false });
  });

  test('named figures come in the order of the bench', () => {
    expect(readOptions(['memory', 'cpu']).figures).toEqual(['cpu', 'memory']);
  });

  test('--quick means one pair of few records, unless told otherwise', () => {
    expect(readOptions(['--quick'])).toMatchObject({ records: 1000, runs: 1, memoryRecords: [500, 1500] });
    expect(readOptions(['--quick', '--runs', '2', '--records', '80'])).toMatchObject({
      ...{ records: 80, runs: 2 },
      // never more than there are
      originalRecords: 80,
    });
  });

  test.each([
    [['speed'], 'no figure is called speed'],
    [['--runs', '0'], '--runs'],
    [['--records', '1e3.5'], '--records'],
    [['--memory-records', '100,50'], '--memory-records'],
    [['--server', '../x'], '--server'],
    [['--unknown'], '--unknown'],
    [['--endpoint', 'nowhere'], 'Invalid URL'],
  ])('%j is refused', (words, message) => {
    expect(() => readOptions(words)).toThrow(message);
  });
});
