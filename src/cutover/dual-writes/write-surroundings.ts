import { randomUUID } from 'node:crypto';
import type { StoredItem } from '../../domain/storage/stored-value.js';
import type { Conduct } from '../phases/phase.js';
import type { Discrepancy, DiscrepancyReason } from './discrepancies.js';
import type { StepTranslation } from './step-translation.js';
import type { TwoModels } from './two-models.js';
import type { Transition, WriteProposals } from './write-proposal.js';

/** What every way of writing is given. */
export interface WriteSurroundings {
  readonly models: TwoModels;
  readonly translation: StepTranslation;
  readonly proposals: WriteProposals;
  /** looks at a record that others change at the same time, at most */
  readonly attempts: number;
  readonly now: () => Date;
  /** monotonic, in milliseconds */
  readonly clock: () => number;
  /** milliseconds for which a write may be under way after its intent was noted */
  readonly grace: number;
}

export function readRecord({ models, translation }: WriteSurroundings, key: StoredItem) {
  return models.read(translation.rules.legacy.name, key);
}

export function readRow({ models, translation }: WriteSurroundings, key: StoredItem) {
  const { rules } = translation;
  return models.read(rules.current.name, rules.rowKey(key));
}

/** A discrepancy as it is noted, under a version that nobody has seen. */
export function discrepancyOf(
  { translation, now }: WriteSurroundings,
  { source, write }: Pick<Transition, 'source' | 'write'>,
  reason: DiscrepancyReason,
  truth: Conduct['truth'],
): Discrepancy {
  const { plan, step } = translation.rules;
  const at = now().toISOString();
  return { plan, step: step.name, source, version: randomUUID(), reason, truth, write, at };
}
