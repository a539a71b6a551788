import type { DemoRow } from '../../contract/demo-data.js';
import { fanOutDefects } from './defects-of-fan-out.js';
import { peopleDefects } from './defects-of-people.js';
import { runDefects } from './defects-of-runs.js';
import { valueDefects } from './defects-of-values.js';

/** The rows of the defect catalogue; `defect-cases.ts` says what has to become of each legacy record among them. */
export function* defectRows(): Generator<DemoRow> {
  yield* peopleDefects();
  yield* fanOutDefects();
  yield* valueDefects();
  yield* runDefects();
}
