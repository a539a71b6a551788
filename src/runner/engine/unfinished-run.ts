import { RefusedError } from '../ports/errors.js';
import type { Journal, RunPins, RunRecord } from '../ports/journal.js';
import { nextCommand } from '../reports/next-command.js';

/** How many runs to look back over at first. Refused ones stand in the list, however many, and finish nothing. */
const LOOK_BACK = 100;

/** The newest run of a plan that did anything; refused runs did not, and dry ones are kept elsewhere. */
export async function latestRun(
  journal: Pick<Journal, 'runs'>,
  plan: string,
): Promise<RunRecord | undefined> {
  for (let limit = LOOK_BACK; ; limit *= 10) {
    const runs = await journal.runs(plan, limit);
    const latest = runs.find(({ status }) => status !== 'refused');
    if (latest !== undefined || runs.length < limit) return latest;
  }
}

/** Killed or stopped, so there is something to go on with. A failed run is finished: the next one is new. */
export function isUnfinished<R extends { readonly status: string }>(run: R | undefined): run is R {
  return run?.status === 'running' || run?.status === 'aborted';
}

/** What is asked for now, to be held against what the unfinished run was asked for. */
export interface Asked {
  readonly env: string;
  readonly plan: string;
  readonly planVersion: string;
  readonly steps: readonly string[];
  /** whether the steps were named, or are simply all */
  readonly stepsNamed: boolean;
  /** undefined: not asked for, so that of the unfinished run is fine */
  readonly segments?: number;
  readonly pins: Pick<RunPins, 'tables' | 'files'>;
  /** option of the plan → digest; undefined: none is set */
  readonly options?: RunRecord['options'];
  readonly resume: 'auto' | 'resume' | 'restart';
}

/**
 * The run to go on with, or undefined for a new one. Throws RefusedError:
 * - `NOTHING_TO_RESUME`: `--resume`, and no run is unfinished;
 * - `RESUME_OLD_FORMAT`: the run was begun by a version that left nothing to resume from;
 * - `RESUME_CHANGED`: the plan's code or configuration changed since; half a run of each would fit no plan version;
 * - `RESUME_DIFFERENT`: something else was asked for then;
 * - `ROLLBACK_UNFINISHED`: rows are being removed.
 *
 * `changed` puts the difference of two sets of files, or of options, into words.
 */
export function runToResume(
  latest: RunRecord | undefined,
  asked: Asked,
  changed: (before: RunPins['files'], now: RunPins['files']) => readonly string[],
): RunRecord | undefined {
  if (asked.resume === 'restart') return undefined;
  // a retry that was cut off left rows that any later run finds unchanged
  if (!isUnfinished(latest) || latest.kind === 'retry') {
    if (asked.resume === 'resume') throw nothingToResume(latest, asked);
    return undefined;
  }
  if (latest.kind === 'rollback') throw rollbackUnfinished(latest, asked);
  if (latest.pins === undefined) {
    if (asked.resume === 'auto') return undefined;
    throw oldFormat(latest, asked);
  }
  requireSameWork(latest, latest.pins, asked);
  requireSamePlan(latest, latest.pins, asked, changed);
  return latest;
}

function requireSameWork(latest: RunRecord, pins: RunPins, asked: Asked): void {
  const other: string[] = [];
  // --resume alone means: that run, whatever it was
  const stepsCount = asked.stepsNamed || asked.resume === 'auto';
  if (stepsCount && asked.steps.join() !== latest.steps.join())
    other.push(`it was for ${latest.steps.join(', ')}, now asked for is ${asked.steps.join(', ')}`);
  if (asked.segments !== undefined && asked.segments !== pins.segments)
    other.push(`it goes in ${pins.segments} segments, now asked for are ${asked.segments}`);
  if (other.length === 0) return;
  throw refused(
    'RESUME_DIFFERENT',
    `run ${latest.run} is unfinished and not the same work: ${other.join('; ')}`,
    asked,
  );
}

function requireSamePlan(
  latest: RunRecord,
  pins: RunPins,
  asked: Asked,
  changed: (before: RunPins['files'], now: RunPins['files']) => readonly string[],
): void {
  const differences: string[] = [];
  if (latest.planVersion !== asked.planVersion) {
    const files = changed(pins.files, asked.pins.files);
    const [was, is] = [latest.planVersion, asked.planVersion].map((version) => version.slice(0, 12));
    differences.push(`plan version ${was ?? ''} is now ${is ?? ''} (${files.join(', ')})`);
  }
  const options = changed(latest.options ?? {}, asked.options ?? {});
  if (options.length > 0) differences.push(`options of the plan: ${options.join(', ')}`);
  for (const [table, physical] of Object.entries(asked.pins.tables)) {
    const was = pins.tables[table];
    if (was !== physical) differences.push(`${table} was ${was ?? 'no table of it'} and is now ${physical}`);
  }
  if (differences.length === 0) return;
  throw refused('RESUME_CHANGED', `run ${latest.run} can't be resumed: ${differences.join('; ')}`, asked);
}

function nothingToResume(latest: RunRecord | undefined, asked: Asked): RefusedError {
  const state = latest === undefined ? 'nothing has run yet' : `${nameOf(latest)} is ${latest.status}`;
  return new RefusedError(
    'NOTHING_TO_RESUME',
    `there is no unfinished run of plan ${asked.plan} in ${asked.env}: ${state}`,
    `Run without --resume; a new run leaves what is done as it is: ${command(asked)}`,
  );
}

function nameOf({ run, kind = 'migration' }: RunRecord): string {
  return `${kind === 'migration' ? 'run' : kind} ${run}`;
}

function rollbackUnfinished(latest: RunRecord, asked: Asked): RefusedError {
  return new RefusedError(
    'ROLLBACK_UNFINISHED',
    `rollback ${latest.run} of plan ${asked.plan} is unfinished: a part of the rows is removed`,
    `Finish it: ${command(asked, 'rollback')}; or leave it as it is and migrate anew: ${command(asked)} --restart`,
  );
}

function refused(code: 'RESUME_CHANGED' | 'RESUME_DIFFERENT', message: string, asked: Asked): RefusedError {
  const goOn =
    code === 'RESUME_CHANGED'
      ? 'Put it back as it was'
      : `Go on with it as it was: ${command(asked)} --resume`;
  const steps = asked.stepsNamed ? ` --step ${asked.steps.join(',')}` : '';
  return new RefusedError(
    code,
    message,
    `${goOn}; or begin anew, what is done stays done: ${command(asked)}${steps} --restart`,
  );
}

function oldFormat(latest: RunRecord, asked: Asked): RefusedError {
  return new RefusedError(
    'RESUME_OLD_FORMAT',
    `run ${latest.run} was begun by a version that left nothing to resume from`,
    `Begin anew, what is done stays done: ${command(asked)} --restart`,
  );
}

function command(asked: Asked, name = 'run'): string {
  return nextCommand(name, { env: asked.env, plan: asked.plan });
}
