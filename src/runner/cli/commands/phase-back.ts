import type { CommandDefinition } from '../command-definition.js';
import type { CommandResult } from '../command-result.js';
import { phaseChangeText } from '../../reports/phase-text.js';
import { defined } from '../defined.js';
import { required } from '../required.js';
import { scopeOf } from '../scope.js';

export const phaseBackCommand: CommandDefinition = {
  path: ['phase', 'back'],
  summary: 'go back at once: reads to a smaller share or to the legacy model, or dual writes off again',
  options: ['env', 'plan', 'share', 'confirmProduction', 'decider', 'decision'],
  examples: [
    'phase back --env production --plan company --by ann --why INC-17 --confirm-production',
    'phase back --env staging --share 10 --by ann --why INC-17',
  ],
  async execute({ options, catalog, open }): Promise<CommandResult> {
    const { env, plan } = scopeOf(options, catalog);
    const by = required('--by', options.by, 'who changes the phase: a decision needs a name');
    const why = required('--why', options.why, 'the reason, for the record');
    const { share, confirmProduction = false } = options;
    const application = await open(env);
    // waited for to the end: whether the phase changed must not be left open
    const result = await application.backPhase({
      plan,
      by,
      why,
      confirmProduction,
      ...defined({ share }),
    });
    return { exit: 0, document: { value: result }, text: phaseChangeText(result) };
  },
};
