import { cpuAt, cpuSecondsIn, megabytesIn } from '../../bench/measuring/process-figures.js';

describe('cpuSecondsIn', () => {
  test('user and system time in ticks, also where the name holds spaces and parentheses', () => {
    const stat = '4711 (my (odd) node) S 1 4711 4711 0 -1 4194560 900 0 0 0 150 25 7 8 20 0 11 0 99 1 2';
    expect(cpuSecondsIn(stat)).toBeCloseTo(1.75);
  });
});

describe('megabytesIn', () => {
  const status = 'Name:\tnode\nVmHWM:\t  200000 kB\nVmRSS:\t  100000 kB\nRssAnon:\t   50000 kB\n';

  test('kB of 1024 bytes become MB of 10⁶', () => {
    expect(megabytesIn(status, 'VmHWM')).toBeCloseTo(204.8);
    expect(megabytesIn(status, 'VmRSS')).toBeCloseTo(102.4);
    expect(megabytesIn(status, 'RssAnon')).toBeCloseTo(51.2);
  });

  test('a process that has ended has none', () => {
    expect(megabytesIn('Name:\tnode\nState:\tZ (zombie)\n', 'VmRSS')).toBe(0);
  });
});

describe('cpuAt', () => {
  const samples = [
    { at: 100, cpu: 1, rss: 0, anonymous: 0 },
    { at: 200, cpu: 3, rss: 0, anonymous: 0 },
  ];

  test('between two samples by a straight line', () => {
    expect(cpuAt(samples, 125)).toBe(1.5);
    expect(cpuAt(samples, 200)).toBe(3);
  });

  test('before the first and after the last one: theirs', () => {
    expect(cpuAt(samples, 0)).toBe(1);
    expect(cpuAt(samples, 900)).toBe(3);
    expect(cpuAt([], 900)).toBe(0);
  });
});
