import type { CommandDefinition } from '../command-definition.js';
import { progressComment } from '../../reports/progress-comment.js';
import { untilAborted } from '../interruption.js';
import { scopeOf } from '../scope.js';

export const commentCommand: CommandDefinition = {
  path: ['comment'],
  summary: "the progress-update comment for the team's issue, as Markdown",
  options: ['env', 'plan'],
  examples: ['comment --env staging'],
  async execute({ options, catalog, open, signal }) {
    const { env, plan } = scopeOf(options, catalog);
    const application = await open(env);
    const summary = await untilAborted(application.progress({ plan }), signal);
    const comment = progressComment(summary);
    return { exit: 0, document: { value: { ...summary, comment } }, text: comment };
  },
};
