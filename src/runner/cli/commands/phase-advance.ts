import type { CommandDefinition } from '../command-definition.js';
import type { CommandResult } from '../command-result.js';
import { phaseChangeText } from '../../reports/phase-text.js';
import { defined } from '../defined.js';
import { inputText } from '../input-file.js';
import { required } from '../required.js';
import { scopeOf } from '../scope.js';

export const phaseAdvanceCommand: CommandDefinition = {
  path: ['phase', 'advance'],
  summary: 'go on to the next phase of a cutover, where everything that it asks for is so',
  options: ['env', 'plan', 'share', 'figures', 'confirmProduction', 'decider', 'decision'],
  examples: [
    'phase advance --env staging --by ann --why CHG-4711',
    'phase advance --env production --plan company --share 10 --figures figures.json --by ann --why CHG-4711 --confirm-production',
  ],
  async execute({ options, catalog, open, signal }): Promise<CommandResult> {
    const { env, plan } = scopeOf(options, catalog);
    const by = required('--by', options.by, 'who changes the phase: a decision needs a name');
    const why = required('--why', options.why, 'the reason, for the record');
    const { share, confirmProduction = false } = options;
    const application = await open(env);
    const figures = options.figures === undefined ? undefined : await inputText(options.figures);
    const request = { plan, by, why, confirmProduction, signal, ...defined({ share, figures }) };
    // waited for to the end: whether the phase changed must not be left open
    const result = await application.advancePhase(request);
    return { exit: 0, document: { value: result }, text: phaseChangeText(result) };
  },
};
