import type { Measure, Threshold, Trigger } from '../../migrations/contract/checklist.js';
import type { Figures } from './figures.js';
import { Ratio } from './ratio.js';

/** Whether a condition holds, with the words for it. `undefined`: nobody gave the figure, so nothing is known. */
export interface Judgement {
  readonly holds: boolean | undefined;
  /** the figure, its limit and where it is from; without a figure, which one is missing */
  readonly evidence: string;
  readonly at?: string;
}

const HOLDS: Readonly<Record<Threshold['is'], (compared: number) => boolean>> = {
  above: (compared) => compared > 0,
  'at least': (compared) => compared >= 0,
  'at most': (compared) => compared <= 0,
  below: (compared) => compared < 0,
};

/**
 * Trigger, gate and target are three conditions with limits of their own (E-X29): each is judged by itself, on exact
 * decimals, and the limit itself belongs to `at least` and `at most` only.
 */
export function judge({ measure, is, limit }: Threshold, figures: Figures | undefined): Judgement {
  const condition = `${is} ${limit}${unitOf(measure)}`;
  const found = figures?.values.get(measure);
  if (figures === undefined || found === undefined)
    return { holds: undefined, evidence: `no figure ${measure} was given; the limit is ${condition}` };
  const from = figures.from === undefined ? '' : ` from ${figures.from}`;
  return {
    holds: HOLDS[is](found.compare(Ratio.of(limit))),
    evidence: `${measure} given as ${found.toString()}${unitOf(measure)}${from}, taken ${figures.takenAt}; the limit is ${condition}`,
    at: figures.takenAt,
  };
}

/** What is known of a trigger. */
export interface TriggerVerdict extends Pick<Trigger, 'id' | 'requirement' | 'text'> {
  /** undefined: not measured */
  readonly fired: boolean | undefined;
  readonly basis: 'measured' | 'given' | 'not measured';
  readonly evidence: string;
  readonly at?: string;
}

/** Whether the plan's triggers call for a rollback (E-26); `validation` is what the journal knows of the newest one. */
export function judgeTriggers(
  triggers: readonly Trigger[],
  figures: Figures | undefined,
  validation: Judgement,
): TriggerVerdict[] {
  return triggers.map(({ id, requirement, text, when }) => {
    const isMeasured = when === 'validation-failed';
    const { holds, ...judgement } = isMeasured ? negated(validation) : judge(when, figures);
    const basis = holds === undefined ? 'not measured' : isMeasured ? 'measured' : 'given';
    return { id, requirement, text, fired: holds, basis, ...judgement };
  });
}

function negated(judgement: Judgement): Judgement {
  return { ...judgement, holds: judgement.holds === undefined ? undefined : !judgement.holds };
}

function unitOf(measure: Measure): string {
  if (measure.endsWith('Ms')) return ' ms';
  const isShare = ['errorRate', 'dualWriteSuccess', 'uptime'].includes(measure) || measure.endsWith('Change');
  return isShare ? ' %' : '';
}
