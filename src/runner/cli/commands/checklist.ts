import type { ChecklistResult } from '../../application.js';
import { EXIT } from '../../ports/errors.js';
import type { CommandDefinition } from '../command-definition.js';
import type { CommandResult, ErrorDocument } from '../command-result.js';
import { checklistText } from '../../reports/checklist-text.js';
import { nextCommand } from '../../reports/next-command.js';
import { defined } from '../defined.js';
import { inputText } from '../input-file.js';
import { untilAborted } from '../interruption.js';
import { scopeOf } from '../scope.js';

export const checklistCommand: CommandDefinition = {
  path: ['checklist'],
  summary: 'what has to be so before and after a migration: measured, given or attested, each told apart',
  options: ['env', 'plan', 'list', 'figures'],
  examples: [
    'checklist --env production --list pre',
    'checklist --env production --figures figures.json --json',
  ],
  async execute({ options, catalog, open, signal }): Promise<CommandResult> {
    const { env, plan } = scopeOf(options, catalog);
    const application = await open(env);
    const figures = options.figures === undefined ? undefined : await inputText(options.figures);
    const request = { plan, ...defined({ lists: options.list, figures }) };
    return outcome(await untilAborted(application.checklist(request), signal));
  },
};

/** Open items are no failure; a trigger that fired is one, so that whoever watches by script hears of it. */
function outcome(result: ChecklistResult): CommandResult {
  const text = checklistText(result);
  const fired = result.triggers.filter((trigger) => trigger.fired === true);
  if (fired.length === 0) return { exit: EXIT.done, document: { value: result }, text };
  const error: ErrorDocument = {
    code: 'ROLLBACK_TRIGGERED',
    message: `What calls for a rollback has happened: ${fired.map(({ id, evidence }) => `${id} (${evidence})`).join('; ')}.`,
    next: `Decide; what a rollback would remove: ${nextCommand('rollback', { env: result.env, plan: result.plan })} --dry-run`,
  };
  return { exit: EXIT.failed, document: { value: { ...result, error } }, text, error };
}
