import type { RollbackResult } from '../../application.js';
import type { CommandDefinition } from '../command-definition.js';
import type { CommandResult, ErrorDocument } from '../command-result.js';
import { nextCommand } from '../../reports/next-command.js';
import { rollbackDocument } from '../../reports/rollback-document.js';
import { rollbackSummary } from '../../reports/rollback-summary.js';
import { defined } from '../defined.js';
import { scopeOf } from '../scope.js';
import { requireTruth } from '../../reports/run-error.js';

export const rollbackCommand: CommandDefinition = {
  path: ['rollback'],
  summary:
    'remove the rows that the engine wrote and nobody touched since, newest step first; the rest is listed',
  options: [
    'env',
    'plan',
    'step',
    'writtenBy',
    'dryRun',
    'confirmProduction',
    'by',
    'why',
    'leaseSeconds',
    'segments',
    'concurrency',
    'maxWcu',
    'maxRcu',
  ],
  examples: [
    'rollback --env staging --dry-run',
    'rollback --env staging --step readings --by ann --why INC-17',
    'rollback --env staging --run 20261121T053512Z-a1b2c3 --json',
  ],
  async execute({ options, catalog, open, signal, operator }): Promise<CommandResult> {
    const { env, plan, steps } = scopeOf(options, catalog);
    const { run, why, leaseSeconds, segments, concurrency, maxWcu, maxRcu } = options;
    const application = await open(env);
    const result = await application.rollback({
      plan,
      dryRun: options.dryRun ?? false,
      confirmProduction: options.confirmProduction ?? false,
      by: options.by ?? operator(),
      signal,
      ...defined({ steps, run, why, leaseSeconds, segments, concurrency, maxWcu, maxRcu }),
    });
    return outcome(result);
  },
};

function outcome(result: RollbackResult): CommandResult {
  requireTruth(result);
  const { exit } = result;
  const text = rollbackSummary(result);
  if (exit === 0) return { exit, document: { value: rollbackDocument(result) }, text };
  const error = result.error ?? errorOf(result);
  return { exit, document: { value: { ...rollbackDocument(result), error } }, text, error };
}

function errorOf({ run, plan, env, status }: RollbackResult): ErrorDocument {
  return {
    code: 'ROLLBACK_ENDED',
    message: `The rollback ${run} is ${status}.`,
    next: `See ${nextCommand('report', { env, plan, run })}`,
  };
}
