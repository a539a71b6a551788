import { pairedRatios, summaryOf } from '../measuring/statistics.js';
import { alternate, type Figure } from './figure.js';

const LEAST = 0.8;
const FAR = 50;
const NEAR = 5;

/** Throughput of the whole run far from the database against near it; concurrency is left to the runner. */
export const latency: Figure = async ({ options, stage, say }) => {
  const place = await stage();
  const at = async (added: number): Promise<number> => {
    const { seconds } = await place.run([], { latency: added });
    say(`whole run with ${added} ms added: ${seconds.toFixed(1)} s`);
    return seconds;
  };
  const [far = [], near = []] = await alternate(options.runs, [() => at(FAR), () => at(NEAR)]);
  return {
    lines: [
      {
        what: `throughput with ${FAR} ms added against ${NEAR} ms`,
        bound: { kind: 'least', value: LEAST },
        unit: '×',
        value: summaryOf(pairedRatios(near, far)),
        measured: {
          [`run at ${FAR} ms, s`]: summaryOf(far),
          [`run at ${NEAR} ms, s`]: summaryOf(near),
        },
      },
    ],
  };
};
