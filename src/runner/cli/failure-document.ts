import type { ErrorDocument } from './command-result.js';
import type { ExitCode } from '../ports/errors.js';
import { DEFAULT_PLAN } from '../reports/next-command.js';
import { EXIT } from '../ports/errors.js';

/**
 * What `--json` prints when a command has no result: `error`, and for commands whose result says how it ended the rest
 * of that shape, empty. It goes by the words typed, because they may be all that there is.
 */
export function failureDocument(argv: readonly string[], exit: ExitCode, error: ErrorDocument): object {
  const [first = '', second = ''] = argv;
  const scope = { plan: typed(argv, 'plan', '-p') ?? DEFAULT_PLAN, env: typed(argv, 'env', '-e') ?? null };
  const ending = { status: statusOf(exit), dryRun: argv.includes('--dry-run'), steps: [], exit };
  const run = { run: null, ...scope, ...ending, resumed: false };
  const migration = { ...run, notices: [], acceptances: [], error };
  if (first === '' || first === 'run' || first.startsWith('-')) return { ...migration, kind: 'migration' };
  if (first === 'quarantine' && second === 'retry') return { ...migration, kind: 'retry' };
  if (first === 'rollback') return { ...run, kept: [], error };
  if (first === 'validate') return { ...scope, passed: false, checks: [], findings: [], error };
  return { error };
}

function statusOf(exit: ExitCode): 'failed' | 'refused' | 'aborted' {
  if (exit === EXIT.failed) return 'failed';
  return exit === EXIT.aborted ? 'aborted' : 'refused';
}

/** The value of an option as typed: `--env local`, `--env=local`, `-e local`, `-elocal`. */
function typed(argv: readonly string[], long: string, short: string): string | undefined {
  for (const [index, word] of argv.entries()) {
    if (word === `--${long}` || word === short) return argv[index + 1];
    if (word.startsWith(`--${long}=`)) return word.slice(long.length + 3);
    if (word.startsWith(short) && !word.startsWith('--')) return word.slice(short.length);
  }
  return undefined;
}
