import type { MigrationPlan } from '../../migrations/contract/migration-plan.js';
import { requireName } from '../acceptance/require-name.js';
import type { Override, StagingEvidence } from '../ports/attestation.js';
import type { Environment } from '../ports/environment.js';
import { RefusedError, UsageError, WaybillError } from '../ports/errors.js';
import { nextCommand } from '../reports/next-command.js';

export interface StagingGateParts {
  readonly plan: Pick<MigrationPlan, 'name' | 'steps'>;
  /** of the plan as it is about to run here */
  readonly planVersion: string;
  readonly environment: Pick<Environment, 'name' | 'after'>;
  /** evidence that came as files, from this environment's own journal */
  readonly imported: readonly StagingEvidence[];
  /**
   * Evidence in the journal of the environment named by `after`; undefined: none. What it throws as a WaybillError counts as
   * none and is told.
   */
  readonly predecessor: () => Promise<StagingEvidence | undefined>;
  readonly overrides: readonly Override[];
}

/** What opened the gate. */
export type StagingPass =
  | { readonly by: 'no-ladder' }
  | { readonly by: 'evidence'; readonly evidence: StagingEvidence }
  | { readonly by: 'override'; readonly override: Override };

/**
 * A plan version runs in an environment only after all of it has passed in the environment before. Throws RefusedError
 * `STAGING_REQUIRED`; UsageError for an override that does not say who (`NAME_MISSING`) or why (`WHY_MISSING`).
 */
export async function stagingGate(parts: StagingGateParts): Promise<StagingPass> {
  const { plan, planVersion, environment, imported, overrides } = parts;
  const { after } = environment;
  if (after === undefined) return { by: 'no-ladder' };
  const override = overrides.find(({ gate }) => gate === 'staging');
  if (override !== undefined) return { by: 'override', override: requireComplete(override) };
  const passes = (evidence: StagingEvidence): boolean =>
    isOf(evidence, plan.name, after) &&
    evidence.planVersion === planVersion &&
    stepsWithoutEvidence(plan, evidence).length === 0;
  const enough = imported.find(passes);
  if (enough !== undefined) return { by: 'evidence', evidence: enough };
  const { found, trouble } = await ofPredecessor(parts);
  if (found !== undefined && passes(found)) return { by: 'evidence', evidence: found };
  const others = [...imported, ...(found === undefined ? [] : [found])];
  throw refusal(parts, after, newest(others.filter((one) => isOf(one, plan.name, after))), trouble);
}

/** The steps of a plan that evidence says nothing of. */
export function stepsWithoutEvidence(
  { steps }: Pick<MigrationPlan, 'steps'>,
  evidence: StagingEvidence,
): string[] {
  return steps.map(({ name }) => name).filter((name) => !evidence.steps.some(({ step }) => step === name));
}

function isOf(evidence: StagingEvidence, plan: string, env: string): boolean {
  return evidence.plan === plan && evidence.env === env;
}

function requireComplete(override: Override): Override {
  requireName(override.by, 'goes without staging');
  if (override.why.trim() !== '') return override;
  throw new UsageError(
    'WHY_MISSING',
    'no reason is given to go without staging',
    'Say why: --without-staging "WHY"',
  );
}

/** Whatever keeps the other journal from being read leaves the gate closed, and the operator has to know of it. */
async function ofPredecessor({
  predecessor,
}: StagingGateParts): Promise<{ found?: StagingEvidence | undefined; trouble?: string }> {
  try {
    return { found: await predecessor() };
  } catch (error) {
    if (!(error instanceof WaybillError)) throw error;
    return { trouble: error.message };
  }
}

function newest(evidence: readonly StagingEvidence[]): StagingEvidence | undefined {
  return evidence.reduce<StagingEvidence | undefined>(
    (latest, one) => (latest === undefined || one.at > latest.at ? one : latest),
    undefined,
  );
}

function refusal(
  { plan, planVersion, environment }: StagingGateParts,
  after: string,
  latest: StagingEvidence | undefined,
  trouble: string | undefined,
): RefusedError {
  const known =
    latest === undefined
      ? 'there is no evidence of any version'
      : `the newest evidence is of version ${short(latest.planVersion)} (validated ${latest.at})`;
  const why = trouble === undefined ? '' : `; ${trouble.replace(/\.$/, '')}`;
  const [there, here] = [
    { env: after, plan: plan.name },
    { env: environment.name, plan: plan.name },
  ];
  return new RefusedError(
    'STAGING_REQUIRED',
    `version ${short(planVersion)} of plan ${plan.name} has not passed in ${after}, which ${environment.name} follows: ${known}${why}`,
    [
      `Run this very version there (its code and attribute aliases make the version): ${nextCommand('run', there)}`,
      `where ${after} is another account, then ${nextCommand('evidence export', there)} --by NAME --out FILE and ${nextCommand('evidence import', here)} --from FILE --by NAME`,
      'or go without, on record: --without-staging "WHY" --by NAME',
    ].join('; '),
  );
}

function short(version: string): string {
  return version.slice(0, 12);
}
