import type { CommandDefinition } from '../command-definition.js';
import type { CommandResult } from '../command-result.js';
import { defined } from '../defined.js';
import { scopeOf } from '../scope.js';
import { refuseForeignFlags, runOutcome } from './run-outcome.js';

export const quarantineRetryCommand: CommandDefinition = {
  path: ['quarantine', 'retry'],
  summary: 'after a fix: read the records that were set aside from the source again and migrate them',
  options: [
    'env',
    'plan',
    'step',
    'reason',
    'id',
    'confirmProduction',
    'leaseSeconds',
    'segments',
    'concurrency',
    'maxWcu',
    'maxRcu',
  ],
  accepts: true,
  examples: [
    'quarantine retry --env staging',
    'quarantine retry --env staging --step links --reason KPI_MISSING',
    'quarantine retry --env staging --id 1b4e28ba-2fa1-4d3b-8c55-0d7c0e7a9f10 --json',
  ],
  async execute({ options, catalog, open, signal }): Promise<CommandResult> {
    const { env, plan, steps } = scopeOf(options, catalog);
    refuseForeignFlags(options, plan, catalog);
    const { reason, id, leaseSeconds, segments, concurrency, maxWcu, maxRcu } = options;
    const application = await open(env);
    const result = await application.retry({
      plan,
      accept: options.accept,
      confirmProduction: options.confirmProduction ?? false,
      signal,
      ...defined({ steps, reasons: reason, ids: id, leaseSeconds, segments, concurrency, maxWcu, maxRcu }),
    });
    return runOutcome(result);
  },
};
