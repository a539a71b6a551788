import type { PlanOutline } from '../../migrations/contract/plan-outline.js';
import type { Environment } from '../ports/environment.js';
import { RefusedError } from '../ports/errors.js';
import { nextCommand } from '../reports/next-command.js';
import { standingOf, type StandingParts } from './item-standing.js';
import { isAttested } from './plan-items.js';

export interface AttestationGateInput {
  readonly plan: PlanOutline;
  readonly environment: Pick<Environment, 'name' | 'production'>;
  /** asked only where something is demanded */
  readonly standing: () => Promise<StandingParts>;
}

/**
 * In production a plan may demand that people have said certain things (A-39, E-51); an attestation that has expired or was
 * given too early is none. There is no way past it but to say them. Throws RefusedError `ATTESTATION_REQUIRED`.
 */
export async function attestationGate({ plan, environment, standing }: AttestationGateInput): Promise<void> {
  if (!environment.production) return;
  const items = ((await plan.checklists?.())?.lists ?? []).flatMap((list) => list.items);
  const demanded = items.filter(isAttested).filter(({ answer }) => answer.gates === 'run');
  if (demanded.length === 0) return;
  const parts = await standing();
  const lacking: { readonly id: string; readonly words: string }[] = [];
  for (const item of demanded) {
    const { status, evidence } = await standingOf(item, parts);
    if (status !== 'done') lacking.push({ id: item.id, words: `${item.id} (${item.text}; ${evidence})` });
  }
  const [first] = lacking;
  if (first === undefined) return;
  const target = { env: environment.name, plan: plan.name };
  const left = lacking.length === 1 ? '' : ', and so on for each';
  throw new RefusedError(
    'ATTESTATION_REQUIRED',
    `${environment.name} takes no run of plan ${plan.name} before these are attested: ${lacking.map(({ words }) => words).join('; ')}`,
    `Whoever may say so types: ${nextCommand('attest', target)} --item ${first.id} --by NAME${left}`,
  );
}
