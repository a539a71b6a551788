import { summaryOf } from '../measuring/statistics.js';
import type { ProcessSample } from '../measuring/process-figures.js';
import type { Ran } from '../processes/runner.js';
import { svgPlot, type Series } from '../report/svg-plot.js';
import { Stage } from '../workload/stage.js';
import type { Figure } from './figure.js';

const GROWTH = 1.1;
const MOST_MB = 300;
const WATCH_EVERY_MS = 200;
const POINTS = 400;

/** Resident memory of a run of many records against one of few, each on data of its own; one run each. */
export const memory: Figure = async ({ options, closing, say, keep }) => {
  const runs: { records: number; ran: Ran }[] = [];
  for (const records of options.memoryRecords) {
    const ran = await closing.around(async () => {
      const { latency, endpoint } = options;
      const running = endpoint === undefined ? undefined : { endpoint, name: options.server ?? 'endpoint' };
      say(`seeding ${records} records`);
      const place = await Stage.open({ records, latency, running }, closing);
      return place.run([], { watchEvery: WATCH_EVERY_MS });
    });
    say(`${records} records: peak ${ran.peak.toFixed(0)} MB in ${ran.seconds.toFixed(0)} s`);
    runs.push({ records, ran });
  }
  const [small, large] = runs;
  if (small === undefined || large === undefined) throw new Error('two sizes are needed');
  const measured = Object.fromEntries(
    runs.flatMap(({ records, ran }) => [
      [`peak at ${records} records, MB`, summaryOf([ran.peak])],
      [`anonymous at ${records} records, MB`, summaryOf([anonymousPeak(ran)])],
      [`run of ${records} records, s`, summaryOf([ran.seconds])],
    ]),
  );
  return {
    lines: [
      {
        what: `peak memory at ${large.records} records against ${small.records}`,
        bound: { kind: 'most', value: GROWTH },
        unit: '×',
        value: summaryOf([large.ran.peak / small.ran.peak]),
        measured,
        note: 'one run each',
      },
      {
        what: `peak memory at ${large.records} records`,
        bound: { kind: 'most', value: MOST_MB },
        unit: 'MB',
        value: summaryOf([large.ran.peak]),
        measured: {},
      },
      {
        what: 'the same ratio without mapped files, which are the page cache’s',
        unit: '×',
        value: summaryOf([anonymousPeak(large.ran) / anonymousPeak(small.ran)]),
        measured: {},
      },
    ],
    files: [keep('memory.csv', csv(runs)), keep('memory.svg', curve(runs))],
  };
};

function anonymousPeak({ samples }: Ran): number {
  return samples.reduce((most, { anonymous }) => Math.max(most, anonymous), 0);
}

type Runs = readonly { readonly records: number; readonly ran: Ran }[];

function csv(runs: Runs): string {
  const lines = runs.flatMap(({ records, ran: { samples } }) =>
    samples.map(({ at, rss, anonymous }) =>
      [records, at - (samples[0]?.at ?? at), rss.toFixed(1), anonymous.toFixed(1)].join(','),
    ),
  );
  return ['records,ms,rss_mb,anonymous_mb', ...lines, ''].join('\n');
}

/** Over the share of the run that is over, so that both fit the same axis. */
function curve(runs: Runs): string {
  return svgPlot({
    title: 'Resident memory of the runner',
    xLabel: 'share of the run, %',
    yLabel: 'MB',
    series: runs.map(({ records, ran }) => ({
      name: `${records.toLocaleString('en-US')} records`,
      points: thinned(ran.samples),
    })),
  });
}

/** The highest of every stretch, so that no peak is lost. */
function thinned(samples: readonly ProcessSample[]): Series['points'] {
  const size = Math.max(1, Math.ceil(samples.length / POINTS));
  const count = Math.ceil(samples.length / size);
  return Array.from({ length: count }, (_, index) => {
    const stretch = samples.slice(index * size, (index + 1) * size);
    return [(index / count) * 100, Math.max(...stretch.map(({ rss }) => rss))];
  });
}
