import { parseArgs } from 'node:util';
import { FIGURE_NAMES, ON_REQUEST, type FigureName } from './figures/names.js';

/** What the command line asks for. */
export interface BenchOptions {
  readonly figures: readonly FigureName[];
  /** legacy records to seed */
  readonly records: number;
  /** pairs of measurements */
  readonly runs: number;
  /** ms that the proxy adds to each request */
  readonly latency: number;
  /** records that the original way moves; the rest is scaled */
  readonly originalRecords: number;
  /** of the figure `memory` */
  readonly memoryRecords: readonly [small: number, large: number];
  /** a server that is running; undefined: an embedded one in memory */
  readonly endpoint?: string;
  /** what results call that server */
  readonly server?: string;
  readonly quick: boolean;
  /** where results go */
  readonly out?: string;
}

export const USAGE = `npm run bench -- [names…] [options]

  names            ${FIGURE_NAMES.join(', ')}
                   default: all but ${ON_REQUEST.join(', ')}
  --records N      legacy records (default: 20000)
  --runs N         pairs of candidate and baseline (default: 5)
  --latency MS     added to each request (default: 5)
  --original-records N     how many of them the original way moves (default: 1000)
  --memory-records A,B     sizes that memory compares (default: 100000,1000000)
  --endpoint URL   measure on this server instead of an embedded one
  --server NAME    how results call it (default: what it says of itself)
  --out DIR        where results go (default: bench/results)
  --quick          one pair of 1000 records, to see that everything works; README and results stay as they are
`;

/** Throws Error, with what is valid, where the words make no sense. */
export function readOptions(words: readonly string[]): BenchOptions {
  const { values, positionals } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: {
      records: { type: 'string' },
      runs: { type: 'string' },
      latency: { type: 'string' },
      'original-records': { type: 'string' },
      'memory-records': { type: 'string' },
      endpoint: { type: 'string' },
      server: { type: 'string' },
      out: { type: 'string' },
      quick: { type: 'boolean', default: false },
    },
  });
  const { quick, endpoint, server, out } = values;
  const records = wholeNumber('--records', values.records, quick ? 1000 : 20_000, 50);
  const original = wholeNumber('--original-records', values['original-records'], quick ? 100 : 1000, 4);
  if (server !== undefined && !/^[\w.-]+$/.test(server)) throw new Error('--server is part of a file name');
  return {
    figures: figuresOf(positionals),
    records,
    runs: wholeNumber('--runs', values.runs, quick ? 1 : 5, 1),
    latency: wholeNumber('--latency', values.latency, 5, 0),
    originalRecords: Math.min(original, records),
    memoryRecords: sizes(values['memory-records'], quick),
    quick,
    ...(endpoint === undefined ? {} : { endpoint: new URL(endpoint).origin }),
    ...(server === undefined ? {} : { server }),
    ...(out === undefined ? {} : { out }),
  };
}

function figuresOf(names: readonly string[]): FigureName[] {
  const unknown = names.find((name) => !FIGURE_NAMES.some((known) => known === name));
  if (unknown !== undefined) throw new Error(`no figure is called ${unknown}: ${FIGURE_NAMES.join(', ')}`);
  return FIGURE_NAMES.filter((name) =>
    names.length === 0 ? !ON_REQUEST.includes(name) : names.includes(name),
  );
}

function wholeNumber(flag: string, text: string | undefined, fallback: number, least: number): number {
  if (text === undefined) return fallback;
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < least)
    throw new Error(`${flag} is a whole number from ${least} on`);
  return value;
}

function sizes(text: string | undefined, quick: boolean): [number, number] {
  if (text === undefined) return quick ? [500, 1500] : [100_000, 1_000_000];
  const [small, large, ...more] = text.split(',').map((part) => wholeNumber('--memory-records', part, 0, 50));
  if (small === undefined || large === undefined || more.length > 0 || small >= large)
    throw new Error('--memory-records is two sizes, the smaller one first: 100000,1000000');
  return [small, large];
}
