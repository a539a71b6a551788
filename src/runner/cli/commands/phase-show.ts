import type { CommandDefinition } from '../command-definition.js';
import type { CommandResult } from '../command-result.js';
import { phaseDocument, phaseText } from '../../reports/phase-text.js';
import { untilAborted } from '../interruption.js';
import { scopeOf } from '../scope.js';

export const phaseShowCommand: CommandDefinition = {
  path: ['phase', 'show'],
  byDefault: true,
  summary: 'where a plan stands between its two models, what that means, and what the next phase asks for',
  options: ['env', 'plan'],
  examples: ['phase show --env staging --plan company', 'phase show --env production --json'],
  async execute({ options, catalog, open, signal }): Promise<CommandResult> {
    const { env, plan } = scopeOf(options, catalog);
    const application = await open(env);
    const view = await untilAborted(application.phase({ plan }), signal);
    return { exit: 0, document: { value: phaseDocument(view) }, text: phaseText(view) };
  },
};
