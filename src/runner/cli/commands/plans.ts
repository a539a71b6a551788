import type { CommandDefinition } from '../command-definition.js';
import type { Catalog } from '../../application.js';
import { textTable } from '../../reports/text-table.js';
import { environmentOf, planOf } from '../scope.js';

export const plansCommand: CommandDefinition = {
  path: ['plans', 'list'],
  summary: 'the plans with their steps, and the environments',
  byDefault: true,
  options: ['env', 'plan'],
  examples: ['plans', 'plans list --json'],
  execute({ options, catalog }) {
    // the same everywhere; accepted, because every other command has it
    if (options.env !== undefined) environmentOf(options, catalog);
    const plans = options.plan === undefined ? catalog.plans : [planOf(options.plan, catalog)];
    const { environments } = catalog;
    return Promise.resolve({
      exit: 0,
      document: { value: { plans, environments } },
      text: `${[...plans.flatMap(planLines), `Environments: ${environments.join(', ')}`].join('\n')}\n`,
    });
  },
};

function planLines(plan: Catalog['plans'][number]): string[] {
  return [
    `${plan.name}: ${plan.title}`,
    ...textTable(
      [{ title: '  Step' }, { title: 'Does' }],
      plan.steps.map((step) => [`  ${step.name}`, step.title]),
    ),
    ...plan.accept.map(({ flag, reason }) => `  --${flag} accepts ${reason}`),
    '',
  ];
}
