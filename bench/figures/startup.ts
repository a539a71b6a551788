import { execFileSync } from 'node:child_process';
import { summaryOf, type Summary } from '../measuring/statistics.js';
import { ENVIRONMENT } from '../workload/tables.js';
import { alternate, type Figure } from './figure.js';

const AT_LEAST = 5;
const MOST_MS = 300;

/** Time from the start of the process to the first line that it prints. */
export const startup: Figure = async ({ options, stage }) => {
  const place = await stage();
  await place.rehearsed();
  const timed = async (
    words: readonly string[],
  ): Promise<{ readonly first: number; readonly end: number }> => {
    const { firstLine: first, seconds } = await place.command(words);
    if (first === undefined) throw new Error(`node runner ${words.join(' ')} printed nothing`);
    return { first, end: seconds * 1000 };
  };
  const ends: number[] = [];
  const [help = [], status = [], bare = []] = await alternate(Math.max(options.runs, AT_LEAST), [
    async () => (await timed(['--help'])).first,
    async () => {
      const { first, end } = await timed(['status', '--env', ENVIRONMENT]);
      ends.push(end);
      return first;
    },
    () => Promise.resolve(bareStart()),
  ]);
  const measured: Record<string, Summary> = { 'node -e 0, ms': summaryOf(bare) };
  const bound = { kind: 'most', value: MOST_MS } as const;
  return {
    lines: [
      { what: '`--help` to its first line', bound, unit: 'ms', value: summaryOf(help), measured },
      { what: '`status` to its first line', bound, unit: 'ms', value: summaryOf(status), measured: {} },
      // its first line names the environment; what the store knows comes behind it, in one piece
      { what: '`status` to its end', unit: 'ms', value: summaryOf(ends), measured: {} },
    ],
  };
};

function bareStart(): number {
  const from = performance.now();
  execFileSync(process.execPath, ['-e', '0']);
  return performance.now() - from;
}
