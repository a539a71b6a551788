import { createHash } from 'node:crypto';
import type { OptionFault } from '../../migrations/contract/option-rules.js';
import {
  decisiveOptions,
  optionFaults,
  type PlanOptions,
  type RawOptions,
} from '../../migrations/contract/plan-options.js';
import type { Environment } from '../../runner/ports/environment.js';
import { UsageError } from '../../runner/ports/errors.js';
import { fault, pointer } from './environment-check.js';

interface Plan {
  readonly name: string;
  readonly options?: () => Promise<PlanOptions>;
}

type WithPlans = Pick<Environment, 'plans'>;

/** Enough to tell two values of an option apart. */
const DIGEST_CHARACTERS = 16;

/**
 * Refuses an environment that sets options for a plan that there is none of, options that a plan does not have, or values
 * that an option does not take. Throws `UsageError` (`ENVIRONMENT_INVALID`) with every fault, its place and what is
 * valid there.
 */
export async function checkPlanOptions(
  environment: WithPlans & Pick<Environment, 'name'>,
  plans: readonly Plan[],
): Promise<void> {
  const faults: string[] = [];
  for (const [name, values] of Object.entries(environment.plans ?? {})) {
    const plan = plans.find((candidate) => candidate.name === name);
    if (plan === undefined) {
      const names = plans.map((one) => one.name).join(', ');
      faults.push(`${pointer(['plans', name])}: there is no such plan; valid are ${names}`);
      continue;
    }
    const found = optionFaults(await plan.options?.(), values);
    faults.push(...found.map((one) => told(['plans', name, ...one.at], one)));
  }
  if (faults.length === 0) return;
  throw new UsageError(
    'ENVIRONMENT_INVALID',
    [`The environment ${environment.name} sets plan options that are not valid:`, ...faults].join('\n  '),
    `Correct the file of the environment ${environment.name}; docs/plans says which options a plan has.`,
  );
}

function told(at: readonly string[], { found, valid, isKey }: OptionFault): string {
  if (isKey !== true) return fault(at, found, valid);
  return `${pointer(at)}: unknown key; ${valid === '' ? 'the plan has no options' : `valid are ${valid}`}`;
}

/** What an environment sets for a plan; nothing where it sets nothing. */
export function optionsOf({ plans = {} }: WithPlans, plan: string): RawOptions {
  return Object.hasOwn(plans, plan) ? (plans[plan] ?? {}) : {};
}

/** Option → the first 16 hex digits of SHA-256 over its value, for those that are set: what a run records. */
export function optionDigests(environment: WithPlans, plan: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(optionsOf(environment, plan)).map(([name, value]) => {
      const digest = createHash('sha256')
        .update(JSON.stringify(sorted(value)))
        .digest('hex');
      return [name, digest.slice(0, DIGEST_CHARACTERS)];
    }),
  );
}

/** What of a plan's options counts in its version, always the same text for the same; undefined where nothing is set. */
export async function decisiveText(environment: WithPlans, plan: Plan): Promise<string | undefined> {
  const values = optionsOf(environment, plan.name);
  if (Object.keys(values).length === 0) return undefined;
  const decisive = decisiveOptions(await plan.options?.(), values);
  return Object.keys(decisive).length === 0 ? undefined : JSON.stringify(sorted(decisive));
}

/** Objects as lists of their members by name: two that say the same are one text. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return { members: entries.map(([key, inner]) => [key, sorted(inner)]) };
}
