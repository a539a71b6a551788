import type { CommandDefinition } from '../command-definition.js';
import type { StatusResult } from '../../application.js';
import { formatCount } from '../../reports/quantities.js';
import { textTable } from '../../reports/text-table.js';
import { untilAborted } from '../interruption.js';
import { environmentOf, planOf } from '../scope.js';

/** Runs that the text shows of each plan; the document has all that the application gave. */
const RUNS_SHOWN = 10;

export const statusCommand: CommandDefinition = {
  path: ['status'],
  summary: 'where each plan and step stands in an environment, and its latest runs',
  options: ['env', 'plan'],
  examples: ['status --env local', 'status --env staging --plan kpi --json'],
  async execute({ options, catalog, open, signal }) {
    const env = environmentOf(options, catalog);
    const request = options.plan === undefined ? {} : { plan: planOf(options.plan, catalog).name };
    const application = await open(env);
    const status = await untilAborted(application.status(request), signal);
    return { exit: 0, document: { value: status }, text: statusText(status) };
  },
};

function statusText(status: StatusResult): string {
  const blocks = status.plans.map((plan) => [
    `${plan.plan}: ${plan.title}`,
    ...textTable(
      [
        { title: '  Step' },
        { title: 'Status' },
        { title: 'Read', align: 'right' },
        { title: 'Quarantined', align: 'right' },
        { title: 'Conflicts', align: 'right' },
        { title: 'Since' },
        { title: 'Run' },
      ],
      plan.steps.map(({ step, status: standing, counters, at = '', run = '' }) => [
        `  ${step}`,
        standing,
        ...[counters?.read, counters?.quarantined, counters?.conflict].map((count) =>
          count === undefined ? '-' : formatCount(count),
        ),
        at,
        run,
      ]),
    ),
    ...runLines(plan.runs),
  ]);
  return `Environment ${status.env}\n\n${blocks.map((lines) => `${lines.join('\n')}\n`).join('\n')}`;
}

function runLines(runs: StatusResult['plans'][number]['runs']): string[] {
  if (runs.length === 0) return ['  No runs yet.'];
  return [
    '  Latest runs:',
    ...textTable(
      [{ title: '  Run' }, { title: 'Status' }, { title: 'Kind' }, { title: 'Steps' }],
      runs
        .slice(0, RUNS_SHOWN)
        .map((run) => [`  ${run.run}`, run.status, run.dryRun ? 'dry run' : 'run', run.steps.join(', ')]),
    ),
  ];
}
