import { summaryOf } from '../measuring/statistics.js';
import { perSecond, worstWindow, type Taken } from '../meter/sliding-window.js';
import { Program } from '../processes/program.js';
import type { Metered } from '../programs/meter-proxy.js';
import { svgPlot } from '../report/svg-plot.js';
import { ENVIRONMENT } from '../workload/tables.js';
import type { Figure } from './figure.js';

const MAX_WCU = 500;
const TOLERANCE = 1.05;
const LONGEST_S = { quick: 20, full: 120 };
/** what an interrupted run ends with */
const ABORTED = 4;

/** What a run under `--max-wcu` takes in its worst second, measured by a proxy that reads its requests. */
export const rate: Figure = async ({ options, stage, closing, say, keep }) => {
  const place = await stage();
  const { stdout } = await place.command(['run', '--help']);
  if (!stdout.includes('--max-wcu')) return { lines: [], skipped: 'node runner run has no --max-wcu' };
  const longest = options.quick ? LONGEST_S.quick : LONGEST_S.full;
  const log = await closing.around(async () => {
    const task = {
      target: place.server.endpoint,
      latency: options.latency,
      tables: await place.shapes(),
    };
    const meter = await Program.start<string>('meter-proxy', task, closing);
    const words = ['run', '--env', ENVIRONMENT, '--max-wcu', String(MAX_WCU)];
    const ran = await place.attempt(words, { endpoint: meter.ready, stopAfter: longest });
    if (ran.exit !== 0 && ran.exit !== ABORTED)
      throw new Error(`node runner ${words.join(' ')}: exit ${String(ran.exit)}\n${ran.stdout.slice(-500)}`);
    return meter.ask<Metered[]>({});
  });
  const buckets = grouped(log, ({ bucket }) => bucket);
  const worst = [...buckets].map(([bucket, taken]) => ({ bucket, units: worstWindow(taken).units, taken }));
  const busiest = worst.reduce((most, one) => (one.units > most.units ? one : most), NOTHING);
  say(`worst second: ${busiest.units} units on ${busiest.bucket}`);
  const tables = grouped(log, ({ bucket }) => bucket.split('/')[0] ?? bucket);
  const together = Math.max(0, ...[...tables.values()].map((taken) => worstWindow(taken).units));
  return {
    lines: [
      {
        what: `worst sliding second under \`--max-wcu ${MAX_WCU}\`, busiest table or index`,
        bound: { kind: 'most', value: MAX_WCU * TOLERANCE },
        unit: 'units',
        value: summaryOf([busiest.units]),
        measured: Object.fromEntries(
          worst.map(({ bucket, units }) => [`${bucket}, units`, summaryOf([units])]),
        ),
        note: `busiest: ${busiest.bucket}; one run of at most ${longest} s`,
      },
      {
        what: 'worst sliding second of a table and its indexes together',
        unit: 'units',
        value: summaryOf([together]),
        measured: {},
      },
    ],
    files: [keep('meter.csv', csv(log)), keep('meter.svg', secondsPlot(worst))],
  };
};

const NOTHING = { bucket: 'none', units: 0, taken: [] as readonly Metered[] };

function grouped(log: readonly Metered[], nameOf: (one: Metered) => string): Map<string, Metered[]> {
  const groups = new Map<string, Metered[]>();
  for (const one of log) {
    const group = groups.get(nameOf(one));
    if (group === undefined) groups.set(nameOf(one), [one]);
    else group.push(one);
  }
  return groups;
}

function csv(log: readonly Metered[]): string {
  const from = log[0]?.at ?? 0;
  const lines = log.map(({ at, bucket, rows, units }) => [at - from, bucket, rows, units].join(','));
  return ['ms,bucket,rows,units', ...lines, ''].join('\n');
}

function secondsPlot(
  worst: readonly { readonly bucket: string; readonly taken: readonly Taken[] }[],
): string {
  return svgPlot({
    title: `Write units per second under --max-wcu ${MAX_WCU}`,
    xLabel: 'second',
    yLabel: 'units',
    series: worst.map(({ bucket, taken }) => ({
      name: bucket.replace('purposepath-', '').replaceAll('-bench', ''),
      points: perSecond(taken).map((units, second) => [second, units]),
    })),
  });
}
