import type { CommandDefinition } from '../command-definition.js';
import type { CommandOptions } from '../command-options.js';
import type { CommandResult, ErrorDocument } from '../command-result.js';
import type { Catalog, RunResult } from '../../application.js';
import { UsageError } from '../../ports/errors.js';
import { nextCommand } from '../../reports/next-command.js';
import { runDocument } from '../../reports/run-document.js';
import { failureCauses, runSummary } from '../../reports/run-summary.js';
import { defined } from '../defined.js';
import { planOf, scopeOf } from '../scope.js';

export const runCommand: CommandDefinition = {
  path: ['run'],
  summary: 'migrate the steps in order, each validated before the next one starts (default command)',
  options: ['env', 'plan', 'step', 'dryRun', 'confirmProduction', 'segments', 'concurrency'],
  accepts: true,
  examples: ['--env local', 'run --env staging --step links', 'run --env production --dry-run --json'],
  async execute({ options, catalog, open, signal }): Promise<CommandResult> {
    const { env, plan, steps } = scopeOf(options, catalog);
    refuseForeignFlags(options, plan, catalog);
    const application = await open(env);
    const result = await application.run({
      plan,
      dryRun: options.dryRun ?? false,
      accept: options.accept,
      confirmProduction: options.confirmProduction ?? false,
      signal,
      ...defined({ steps, segments: options.segments, concurrency: options.concurrency }),
    });
    return resultOf(result);
  },
};

function resultOf(result: RunResult): CommandResult {
  if ((result.status === 'complete') !== (result.exit === 0)) {
    throw new Error(`a run that is ${result.status} can't end with exit ${result.exit}`);
  }
  const { exit } = result;
  if (exit === 0) return { exit, document: { value: runDocument(result) }, text: runSummary(result) };
  const error = result.error ?? errorOf(result);
  return { exit, document: { value: { ...runDocument(result), error } }, text: runSummary(result), error };
}

/** A run that did all its work and still failed has no error of its own; programs want one all the same. */
function errorOf(result: RunResult): ErrorDocument {
  const target = { env: result.env, plan: result.plan, run: result.run };
  const invalid = result.steps.some((step) => step.checks.some((check) => !check.passed));
  const code =
    result.status === 'failed' ? (invalid ? 'VALIDATION_FAILED' : 'RECORDS_SET_ASIDE') : 'RUN_ENDED';
  return {
    code,
    message: `The run ${result.run} is ${result.status}: ${failureCauses(result)}.`,
    next: `See ${nextCommand('report', target)}`,
  };
}

/** Another plan's accepting flag would be taken for an acceptance that never happens. */
function refuseForeignFlags(options: CommandOptions, name: string, catalog: Catalog): void {
  const flags = planOf(name, catalog).accept.map(({ flag }) => flag);
  const foreign = options.accept.find((flag) => !flags.includes(flag));
  if (foreign === undefined) return;
  const valid =
    flags.length === 0 ? 'It has none.' : `Valid ones: ${flags.map((flag) => `--${flag}`).join(', ')}.`;
  throw new UsageError('OPTION_UNKNOWN', `The plan ${name} has no option '--${foreign}'.`, valid);
}
