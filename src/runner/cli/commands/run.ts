import type { RunRequest } from '../../application.js';
import type { CommandCall, CommandDefinition } from '../command-definition.js';
import type { CommandOptions } from '../command-options.js';
import type { CommandResult } from '../command-result.js';
import { UsageError } from '../../ports/errors.js';
import { defined } from '../defined.js';
import { scopeOf } from '../scope.js';
import { refuseForeignFlags, runOutcome } from './run-outcome.js';

export const runCommand: CommandDefinition = {
  path: ['run'],
  summary:
    'migrate the steps in order, each validated before the next one starts; an unfinished run goes on (default command)',
  byDefault: true,
  options: [
    'env',
    'plan',
    'step',
    'dryRun',
    'resume',
    'restart',
    'confirmProduction',
    'withoutBackup',
    'withoutStaging',
    'by',
    'maxFailures',
    'maxQuarantined',
    'leaseSeconds',
    'segments',
    'concurrency',
    'maxWcu',
    'maxRcu',
  ],
  accepts: true,
  examples: [
    '--env local',
    'run --env staging --step links',
    'run --env staging --restart --max-quarantined 500',
    'run --env production --dry-run --json',
    'run --env production --confirm-production --without-backup rehearsal --by ann',
  ],
  async execute(call): Promise<CommandResult> {
    const { options, catalog, open, signal } = call;
    const { env, plan, steps } = scopeOf(options, catalog);
    refuseForeignFlags(options, plan, catalog);
    const resume = resumeOf(options);
    const overrides = overridesOf(call);
    const { segments, concurrency, maxWcu, maxRcu, leaseSeconds, maxFailures, maxQuarantined } = options;
    const application = await open(env);
    const result = await application.run({
      plan,
      dryRun: options.dryRun ?? false,
      accept: options.accept,
      confirmProduction: options.confirmProduction ?? false,
      resume,
      overrides,
      signal,
      ...defined({ steps, segments, concurrency, maxWcu, maxRcu }),
      ...defined({ leaseSeconds, maxFailures, maxQuarantined }),
    });
    return runOutcome(result);
  },
};

function resumeOf({ resume = false, restart = false, dryRun = false }: CommandOptions): RunRequest['resume'] {
  if (resume && restart) {
    throw new UsageError(
      'OPTION_CONFLICT',
      '--resume and --restart contradict each other.',
      'Give one of them; without either, an unfinished run goes on where there is one.',
    );
  }
  if (!resume && !restart) return 'auto';
  const word = resume ? 'resume' : 'restart';
  if (!dryRun) return word;
  throw new UsageError(
    'OPTION_CONFLICT',
    `--${word} can't go with --dry-run: a dry run always starts from the beginning.`,
    `Leave --${word} out, or --dry-run.`,
  );
}

function overridesOf({ options, operator }: CommandCall): RunRequest['overrides'] {
  const { withoutBackup, withoutStaging, by } = options;
  const reasons = [
    { gate: 'backup', why: withoutBackup },
    { gate: 'staging', why: withoutStaging },
  ] as const;
  const given = reasons.flatMap(({ gate, why }) => (why === undefined ? [] : [{ gate, why }]));
  if (given.length > 0) {
    const who = by ?? operator();
    return given.map(({ gate, why }) => ({ gate, by: who, why }));
  }
  if (by === undefined) return [];
  throw new UsageError(
    'OPTION_INCOMPLETE',
    '--by needs a decision to sign.',
    'Write it with --without-backup WHY or --without-staging WHY.',
  );
}
