import type { CommandDefinition } from '../command-definition.js';
import { RefusedError, UsageError } from '../../ports/errors.js';
import type { FileSet } from '../../scaffold/file-set.js';
import { planNames } from '../../scaffold/plan-names.js';
import { scaffoldOf, writeScaffold } from '../../scaffold/plan-scaffold.js';

export const plansNewCommand: CommandDefinition = {
  path: ['plans', 'new'],
  summary: 'a new plan in this checkout, with one step, demo data, tests and a page: small, and it runs',
  argument: ['name', 'what the plan is called, e.g. library or stock-takes'],
  options: ['firstStep', 'dryRun'],
  examples: ['plans new notes', 'plans new library --step books', 'plans new notes --dry-run'],
  async execute({ options, operand, catalog }) {
    const names = planNames(operand, options.step?.[0]);
    const { kebab: plan } = names.plan;
    if (catalog.plans.some(({ name }) => name === plan)) {
      const next = `Choose another name. There are: ${catalog.plans.map(({ name }) => name).join(', ')}.`;
      throw new UsageError('NAME_TAKEN', `There is already a plan ${plan}.`, next);
    }
    const { checkout } = catalog;
    if (checkout === undefined) throw noCheckout();
    const files = await scaffoldOf(checkout, names);
    const dryRun = options.dryRun === true;
    if (!dryRun) await writeScaffold(checkout, files);
    const next = dryRun ? [] : nextCommands(plan);
    const value = { plan, step: names.step.kebab, dryRun, checkout, ...pathsOf(files), next };
    return { exit: 0, document: { value }, text: textOf(value) };
  },
};

interface Scaffolded {
  readonly plan: string;
  readonly dryRun: boolean;
  readonly checkout: string;
  readonly created: readonly string[];
  readonly changed: readonly string[];
  readonly next: readonly string[];
}

function pathsOf({ created, changed }: FileSet): Pick<Scaffolded, 'created' | 'changed'> {
  return { created: created.map(({ path }) => path), changed: changed.map(({ path }) => path) };
}

function nextCommands(plan: string): string[] {
  return [
    'npm run build',
    `npm run unit -- test/migrations/${plan} test/domain/${plan}`,
    `node runner --env local --plan ${plan} --dry-run`,
    `node runner --env local --plan ${plan}`,
  ];
}

function textOf({ plan, dryRun, checkout, created, changed, next }: Scaffolded): string {
  const lines = [
    dryRun ? `Plan ${plan} would be made in ${checkout}:` : `Plan ${plan} is made in ${checkout}:`,
    ...created.map((path) => `  new      ${path}`),
    ...changed.map((path) => `  changed  ${path}`),
    '',
    ...(dryRun ? ['Nothing was written.'] : ['Next, there:', ...next.map((command) => `  ${command}`), '']),
    ...(dryRun ? [] : ['Then make it yours: docs/how-to-add-a-step.md']),
  ];
  return `${lines.join('\n')}\n`;
}

function noCheckout(): RefusedError {
  return new RefusedError(
    'NO_CHECKOUT',
    'Waybill is installed without its sources here, and a new plan is made among them.',
    'Clone the repository, run npm ci there, and give the command there. A plan outside of it is made of waybill/plan.',
  );
}
