import { newestFigures, number, resultsMarkdown } from '../../bench/report/figures-table.js';
import { markdownTable } from '../../bench/report/markdown-table.js';
import { withResults } from '../../bench/report/readme.js';
import { keepsBound, merged, type FigureResult } from '../../bench/report/result.js';
import { axis, svgPlot } from '../../bench/report/svg-plot.js';
import { summaryOf } from '../../bench/measuring/statistics.js';

const RESULT: FigureResult = {
  figure: 'cpu',
  measuredAt: '2026-01-02T03:04:05.000Z',
  records: 20_000,
  latency: 5,
  machine: { cpu: 'Some CPU', cores: 2, memoryGb: 24, system: 'Linux 6.1', node: '20.20.0' },
  versions: { waybill: '0.1.0' },
  lines: [
    {
      what: 'processor time',
      bound: { kind: 'most', value: 1.5 },
      unit: '×',
      value: summaryOf([1.4, 1.6, 1.45]),
      measured: { 'loop, ms': summaryOf([100]) },
      note: 'as it is',
    },
  ],
  files: ['curve.svg', 'log.csv'],
};

describe('results', () => {
  test('the median decides whether a bound is kept', () => {
    const value = summaryOf([1, 2, 9]);
    expect(keepsBound({ value, bound: { kind: 'most', value: 2 } })).toBe(true);
    expect(keepsBound({ value, bound: { kind: 'least', value: 2.1 } })).toBe(false);
    expect(keepsBound({ value })).toBeUndefined();
  });

  test('a new result replaces the one of its figure and no other', () => {
    const other: FigureResult = { ...RESULT, figure: 'rate' };
    const newer = { ...RESULT, records: 5 };
    expect(merged([RESULT, other], [newer])).toEqual([other, newer]);
  });

  test('of several days the newest of each figure is shown, but a skipped one hides nothing', () => {
    const newer = { ...RESULT, measuredAt: '2026-01-03T00:00:00.000Z', records: 5 };
    const skipped = { ...RESULT, measuredAt: '2026-01-04T00:00:00.000Z', lines: [], skipped: 'no time' };
    const files = [[RESULT], [newer], [skipped]].map((figures) => ({ server: 's', date: 'd', figures }));
    expect(newestFigures(files)).toEqual([newer]);
  });

  test('the table says the bound, the median, the range and whether it is kept', () => {
    const text = resultsMarkdown('server-1', [RESULT], 'results');
    expect(text).toContain('| processor time | ≤ 1.5 × | 1.45 × | 1.4 – 1.6 | yes  |     3 |  20,000 |');
    expect(text).toContain('| cpu: processor time | loop, ms |    100 |   100 |');
    expect(text).toContain('Measured 2026-01-02 on Some CPU, 2 cores, 24 GB, Linux 6.1, node 20.20.0');
    expect(text).toContain('- cpu: as it is.');
    expect(text).toContain('![curve](results/curve.svg)');
    expect(text).not.toContain('log.csv');
  });

  test('numbers keep three digits, and all before the point', () => {
    expect([0.12345, 12.345, 1234.5, 0].map(number)).toEqual(['0.123', '12.3', '1,235', '0']);
  });
});

describe('markdownTable', () => {
  test('columns are aligned, numbers to the right, and a bar does not end a cell', () => {
    const rows = [
      ['a|b', '1'],
      ['é', '1000'],
    ];
    expect(markdownTable(['name', 'n'], rows, [1]).split('\n')).toEqual([
      '| name |    n |',
      '| ---- | ---: |',
      '| a\\|b |    1 |',
      '| é    | 1000 |',
    ]);
  });
});

describe('withResults', () => {
  const readme = 'before\n<!-- results: written by npm run bench -->\n\nold\n\n<!-- results end -->\nafter\n';

  test('only what is between the markers changes, twice as once', () => {
    const once = withResults(readme, 'new');
    expect(once).toBe(
      'before\n<!-- results: written by npm run bench -->\n\nnew\n\n<!-- results end -->\nafter\n',
    );
    expect(withResults(once, 'new')).toBe(once);
  });

  test('a README without markers is left alone', () => {
    expect(() => withResults('text', 'new')).toThrow('no place');
  });
});

describe('svgPlot', () => {
  test('points are where the axes say: zero at the bottom left, the end of the axes at the top right', () => {
    const svg = svgPlot({
      ...{ title: 'a < b', xLabel: 'x', yLabel: 'y' },
      series: [
        {
          name: 'one',
          points: [
            [0, 0],
            [50, 100],
            [25, 50],
          ],
        },
        { name: 'none', points: [] },
      ],
    });
    expect(svg).toContain('<polyline points="76,364 570,44 323,204"');
    expect(svg.match(/<polyline/g)).toHaveLength(1);
    expect(svg).toContain('<title>a &lt; b</title>');
  });

  test('ticks are round numbers up to the first that is not below the highest value', () => {
    expect(axis(50)).toEqual({ end: 50, ticks: [0, 10, 20, 30, 40, 50] });
    expect(axis(7300).ticks).toEqual([0, 2000, 4000, 6000, 8000]);
    expect(axis(0.3).end).toBeCloseTo(0.3);
    expect(axis(0)).toEqual({ end: 1, ticks: [0, 1] });
  });
});
