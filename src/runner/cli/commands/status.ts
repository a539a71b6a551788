import type { CommandDefinition } from '../command-definition.js';
import { untilAborted } from '../interruption.js';
import { environmentOf, planOf } from '../scope.js';
import { statusText } from './status-text.js';

export const statusCommand: CommandDefinition = {
  path: ['status'],
  summary:
    'who is at work, where each plan and step stands in an environment, what is unfinished, the latest runs',
  options: ['env', 'plan'],
  examples: ['status --env local', 'status --env staging --plan kpi --json'],
  heading(options, catalog) {
    return `Environment ${environmentOf(options, catalog)}\n\n`;
  },
  async execute({ options, catalog, open, signal }) {
    const env = environmentOf(options, catalog);
    const request = options.plan === undefined ? {} : { plan: planOf(options.plan, catalog).name };
    const application = await open(env);
    const status = await untilAborted(application.status(request), signal);
    return { exit: 0, document: { value: status }, text: statusText(status) };
  },
};
