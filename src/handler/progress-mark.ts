import type { StepResult } from '../runner/application.js';

/**
 * How far a run has come: every step that has settled a record or is over, as `<step>:<status>:<records>`, and behind a plus
 * the rows that a validation in parts has taken. Two invocations with the same mark got no further, whatever they spent their
 * time on: look-ups, and validations that are not in parts, begin anew each time.
 */
export function progressMark(
  steps: readonly (Pick<StepResult, 'step' | 'status' | 'verifiedRows'> & {
    readonly counters: { readonly read: number };
  })[],
): string {
  return steps
    .filter(({ status, counters }) => counters.read > 0 || (status !== 'running' && status !== 'not-run'))
    .map(({ step, status, counters, verifiedRows = 0 }) =>
      [`${step}:${status}:${counters.read}`, ...(verifiedRows === 0 ? [] : [verifiedRows])].join('+'),
    )
    .join(',');
}
