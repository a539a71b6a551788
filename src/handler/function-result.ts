import type { RunResult, StepResult } from '../runner/application.js';
import type { Counters } from '../runner/ports/journal.js';
import type { FunctionEvent, FunctionState } from './function-event.js';

/** What an invocation answers with where nothing failed; whatever failed is thrown. JSON as it stands. */
export interface FunctionResult {
  /** 200: the run is complete; 202: invoke again with `next` (C-11) */
  readonly statusCode: 200 | 202;
  readonly status: 'complete' | 'continue';
  readonly message: string;
  readonly env: string;
  readonly plan: string;
  /** absent: the time was over before a run began */
  readonly run?: string;
  readonly dryRun: boolean;
  /** the step in which it goes on; absent: complete */
  readonly step?: string;
  /** totals of the run so far */
  readonly counts: Counters;
  readonly steps: readonly {
    readonly step: string;
    readonly status: StepResult['status'];
    readonly counts: Counters;
    readonly checks: { readonly total: number; readonly failed: number };
  }[];
  /** up to now, this one included */
  readonly invocations: number;
  /** things to know that change nothing */
  readonly notices: readonly string[];
  /** the event of the next invocation; exactly where `status` is `continue` */
  readonly next?: FunctionEvent;
}

/** What is told of a run that may go on. */
export type RunSoFar = Pick<RunResult, 'env' | 'plan' | 'dryRun' | 'steps' | 'notices'> & {
  readonly run?: string;
};

export function completeResult(run: RunSoFar, invocations: number): FunctionResult {
  const { read } = totals(run.steps);
  return {
    ...{ statusCode: 200, status: 'complete' },
    message: `The run ${run.run ?? ''} of plan ${run.plan} is complete: ${read} records.`,
    ...told(run, invocations),
  };
}

export function continuedResult(run: RunSoFar, event: FunctionEvent, state: FunctionState): FunctionResult {
  const step = stepToGoOn(run.steps);
  const { read } = totals(run.steps);
  return {
    ...{ statusCode: 202, status: 'continue' },
    message:
      run.run === undefined
        ? 'The time was over before a run began. Invoke again with next.'
        : `The run ${run.run} of plan ${run.plan} goes on: ${read} records so far. Invoke again with next.`,
    ...told(run, state.invocations),
    ...(step === undefined ? {} : { step }),
    next: nextEvent(event, run.run, state),
  };
}

/** Where a run stands that is not over: the first step that is not validated. */
export function stepToGoOn(steps: readonly Pick<StepResult, 'step' | 'status'>[]): string | undefined {
  return steps.find(({ status }) => status !== 'validated')?.step;
}

const ONLY_AT_FIRST: ReadonlySet<string> = new Set<keyof FunctionEvent>([
  'restart',
  'withoutBackup',
  'withoutStaging',
  'by',
]);

/** The same work, and which run it is. What only its beginning needed is not repeated. */
function nextEvent(event: FunctionEvent, run: string | undefined, state: FunctionState): FunctionEvent {
  if (run === undefined) return { ...event, state };
  const same = Object.fromEntries(Object.entries(event).filter(([name]) => !ONLY_AT_FIRST.has(name)));
  return { ...(same as unknown as FunctionEvent), run, state };
}

function told(
  { env, plan, run, dryRun, steps, notices }: RunSoFar,
  invocations: number,
): Pick<FunctionResult, 'env' | 'plan' | 'run' | 'dryRun' | 'counts' | 'steps' | 'invocations' | 'notices'> {
  return {
    ...{ env, plan, dryRun, invocations, notices },
    ...(run === undefined ? {} : { run }),
    counts: totals(steps),
    steps: steps.map(({ step, status, counters, checks }) => ({
      ...{ step, status, counts: counters },
      checks: { total: checks.length, failed: checks.filter(({ passed }) => !passed).length },
    })),
  };
}

function totals(steps: readonly Pick<StepResult, 'counters'>[]): Counters {
  const sum = (name: keyof Counters): number =>
    steps.reduce((total, { counters }) => total + counters[name], 0);
  return {
    ...{ read: sum('read'), rows: sum('rows'), created: sum('created'), updated: sum('updated') },
    ...{ unchanged: sum('unchanged'), skipped: sum('skipped') },
    ...{ quarantined: sum('quarantined'), conflict: sum('conflict') },
  };
}
