import { summaryOf } from '../measuring/statistics.js';
import { svgPlot, type Series } from '../report/svg-plot.js';
import { alternate, type Figure } from './figure.js';

const LATENCIES = [0, 5, 20, 50];
const CONCURRENCIES = [undefined, 4, 16, 64];

/** Throughput of the whole run against latency, with the concurrency that it finds itself and with fixed ones; one run each. */
export const plot: Figure = async ({ options, stage, say, keep }) => {
  const place = await stage();
  const latencies = options.quick ? [0, 5] : LATENCIES;
  const concurrencies = options.quick ? [undefined, 16] : CONCURRENCIES;
  const cells = concurrencies.flatMap((concurrency) => latencies.map((added) => ({ concurrency, added })));
  const measured = await alternate(
    1,
    cells.map(({ concurrency, added }) => async () => {
      const words = concurrency === undefined ? [] : ['--concurrency', String(concurrency)];
      const { seconds } = await place.run(words, { latency: added });
      say(`${nameOf(concurrency)}, ${added} ms: ${(options.records / seconds).toFixed(0)} records/s`);
      return options.records / seconds;
    }),
  );
  const rates = cells.map((cell, index) => ({ ...cell, rate: measured[index]?.[0] ?? 0 }));
  const series: Series[] = concurrencies.map((concurrency) => ({
    name: nameOf(concurrency),
    points: rates.filter((one) => one.concurrency === concurrency).map(({ added, rate }) => [added, rate]),
  }));
  const svg = svgPlot({
    title: 'Whole run: throughput against latency',
    xLabel: 'added to each request, ms',
    yLabel: 'legacy records per second',
    series,
  });
  return {
    lines: series.map(({ name, points }) => ({
      what: `records/s with ${name}`,
      unit: 'records/s',
      value: summaryOf(points.map(([, rate]) => rate)),
      measured: Object.fromEntries(points.map(([added, rate]) => [`${added} ms`, summaryOf([rate])])),
      note: `one run at each of ${latencies.join(', ')} ms: the range is over these`,
    })),
    files: [keep('throughput.svg', svg)],
  };
};

function nameOf(concurrency: number | undefined): string {
  return concurrency === undefined ? 'concurrency as it finds it' : `concurrency ${concurrency}`;
}
