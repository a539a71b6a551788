import type { RunResult } from '../../runner/application.js';
import { Failpoints } from '../trial/failpoints.js';
import type { Trial } from '../trial/trial.js';

/** A run during which the application changes the tables, at one of its points. */
export function overtakenAt(trial: Trial, position: number, change: () => void): Promise<RunResult> {
  return overtaken(trial, (index) => index === position, change);
}

/** The same where the scan of a step is over and its verification has not begun. */
export function overtakenBeforeVerification(
  trial: Trial,
  step: string,
  change: () => void,
): Promise<RunResult> {
  let saved = 0;
  // the record of a step is saved when it begins, and again when its scan is over
  const isHere = (_: number, point: string): boolean =>
    point === `after journal.saveStep ${step} running` && (saved += 1) === 2;
  return overtaken(trial, isHere, change);
}

async function overtaken(
  trial: Trial,
  isHere: (index: number, point: string) => boolean,
  change: () => void,
): Promise<RunResult> {
  const done = { changed: false };
  const failpoints = new Failpoints((index, point) => {
    if (done.changed || !isHere(index, point)) return undefined;
    done.changed = true;
    change();
    return undefined;
  });
  const result = await trial.wholeRun({ failpoints });
  if (!done.changed)
    throw new RangeError('the run never came to the point at which the tables were to change');
  return result;
}
