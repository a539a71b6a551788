import type { Catalog } from '../application.js';
import type { CommandOptions } from './command-options.js';
import { DEFAULT_PLAN } from '../reports/next-command.js';
import { UsageError } from '../ports/errors.js';

type CatalogPlan = Catalog['plans'][number];

/** Where a command works, checked against what there is. */
export interface Scope {
  readonly env: string;
  readonly plan: string;
  /** undefined: all steps of the plan */
  readonly steps?: readonly string[];
}

/** Throws `UsageError` with the valid values: `ENV_MISSING`, `ENV_UNKNOWN`, `PLAN_UNKNOWN`, `STEP_UNKNOWN`. */
export function scopeOf(options: CommandOptions, catalog: Catalog): Scope {
  const env = environmentOf(options, catalog);
  const plan = planOf(options.plan ?? DEFAULT_PLAN, catalog);
  for (const step of options.step ?? []) requireStep(step, plan);
  return { env, plan: plan.name, ...(options.step === undefined ? {} : { steps: options.step }) };
}

export function environmentOf(options: CommandOptions, catalog: Catalog): string {
  const { env } = options;
  const valid = `Valid environments: ${catalog.environments.join(', ')}.`;
  if (env === undefined) throw new UsageError('ENV_MISSING', '--env is missing.', valid);
  const meant = catalog.environments.includes(env) ? env : catalog.aliases?.[env];
  if (meant === undefined) {
    throw new UsageError('ENV_UNKNOWN', `There is no environment '${env}'.`, valid);
  }
  return meant;
}

export function planOf(name: string, catalog: Catalog): CatalogPlan {
  const plan = catalog.plans.find((candidate) => candidate.name === name);
  if (plan !== undefined) return plan;
  const valid = catalog.plans.map((candidate) => candidate.name).join(', ');
  throw new UsageError('PLAN_UNKNOWN', `There is no plan '${name}'.`, `Valid plans: ${valid}.`);
}

function requireStep(step: string, plan: CatalogPlan): void {
  if (plan.steps.some((candidate) => candidate.name === step)) return;
  const valid = plan.steps.map((candidate) => candidate.name).join(', ');
  throw new UsageError(
    'STEP_UNKNOWN',
    `The plan ${plan.name} has no step '${step}'.`,
    `Valid steps: ${valid}.`,
  );
}
