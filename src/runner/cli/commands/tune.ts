import type { TuneResult } from '../../application.js';
import type { CommandDefinition } from '../command-definition.js';
import { UsageError } from '../../ports/errors.js';
import type { UnitLimit } from '../../ports/rates.js';
import { nextCommand } from '../../reports/next-command.js';
import { defined } from '../defined.js';
import { scopeOf } from '../scope.js';
import { holderWords } from './lease-words.js';

export const tuneCommand: CommandDefinition = {
  path: ['tune'],
  summary: 'change the rate of the runner that is at work, wherever it runs, without a restart',
  options: ['env', 'plan', 'maxWcu', 'maxRcu'],
  examples: ['tune --env staging --max-wcu 500', 'tune --env production --max-wcu none --max-rcu 2000'],
  async execute({ options, catalog, open }) {
    const { env, plan } = scopeOf(options, catalog);
    const { maxWcu, maxRcu } = options;
    if (maxWcu === undefined && maxRcu === undefined) {
      throw new UsageError(
        'OPTION_INCOMPLETE',
        'tune needs a rate.',
        'Give --max-wcu, --max-rcu or both, each a number of units a second or none.',
      );
    }
    const application = await open(env);
    // waited for to the end, as stop is: an abandoned request may still arrive
    const result = await application.tune({ plan, limits: defined({ maxWcu, maxRcu }) });
    const document = { value: { ...result, asked: result.asked ?? null } };
    return { exit: 0, document, text: tuneText(result) };
  },
};

function tuneText({ plan, env, limits, asked }: TuneResult): string {
  if (asked === undefined) {
    return `Nothing to tune: nobody works on the plan ${plan} in the environment ${env}.\n`;
  }
  const { maxWcu, maxRcu } = limits;
  return [
    `Told: ${holderWords(asked)}.`,
    ...(maxWcu === undefined ? [] : [limitText(maxWcu, 'write units a second on any one table or index')]),
    ...(maxRcu === undefined ? [] : [limitText(maxRcu, 'read units a second on any one table')]),
    'It keeps to that from its next heartbeat on, until it ends.',
    '',
    'Next:',
    `  ${nextCommand('status', { env, plan })}`,
    '',
  ].join('\n');
}

function limitText(limit: UnitLimit, what: string): string {
  return limit === 'none' ? `  no limit of ${what}` : `  at most ${limit} ${what}`;
}
