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
  const firstLine = async (words: readonly string[]): Promise<number> => {
    const { firstLine: ms } = await place.command(words);
    if (ms === undefined) throw new Error(`node runner ${words.join(' ')} printed nothing`);
    return ms;
  };
  const [help = [], status = [], bare = []] = await alternate(Math.max(options.runs, AT_LEAST), [
    () => firstLine(['--help']),
    () => firstLine(['status', '--env', ENVIRONMENT]),
    () => Promise.resolve(bareStart()),
  ]);
  const measured: Record<string, Summary> = { 'node -e 0, ms': summaryOf(bare) };
  const bound = { kind: 'most', value: MOST_MS } as const;
  return {
    lines: [
      { what: '`--help` to its first line', bound, unit: 'ms', value: summaryOf(help), measured },
      { what: '`status` to its first line', bound, unit: 'ms', value: summaryOf(status), measured: {} },
    ],
  };
};

function bareStart(): number {
  const from = performance.now();
  execFileSync(process.execPath, ['-e', '0']);
  return performance.now() - from;
}
