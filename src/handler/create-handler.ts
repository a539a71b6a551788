import { setMaxListeners } from 'node:events';
import type { Catalog, RunResult } from '../runner/application.js';
import { WaybillError } from '../runner/ports/errors.js';
import type { RunLog } from '../runner/ports/run-log.js';
import { requireTruth, runError } from '../runner/reports/run-error.js';
import { endedRun } from './earlier-run.js';
import { FunctionError, functionError, kindOf } from './function-error.js';
import type { FunctionEvent, FunctionState } from './function-event.js';
import {
  completeResult,
  continuedResult,
  stepToGoOn,
  type FunctionResult,
  type RunSoFar,
} from './function-result.js';
import { progressMark } from './progress-mark.js';
import { readEvent, type ReadEvent } from './read-event.js';
import { timeBudget, type FunctionContext, type TimeBudget } from './time-budget.js';
import { WarmApplications, type OpenedApplication } from './warm-applications.js';

/** What the handler needs of the composition root. */
export interface FunctionComposition {
  loadCatalog(): Promise<Catalog>;
  openForFunction(env: string): Promise<OpenedApplication>;
}

export type FunctionHandler = (event: unknown, context: FunctionContext) => Promise<FunctionResult>;

const USUAL_IDLE = 5;
const NOTHING_DONE: FunctionState = { invocations: 0, idle: 0, mark: '' };

/** Calls back when so many ms are over, unless it is cancelled before. */
export type After = (milliseconds: number, call: () => void) => () => void;

function afterMillis(milliseconds: number, call: () => void): () => void {
  const timer = setTimeout(call, milliseconds);
  return () => clearTimeout(timer);
}

/** One invocation, as far as it is understood. */
interface Invocation {
  readonly read: ReadEvent;
  readonly budget: TimeBudget;
  /** aborted when the working time is over */
  readonly deadline: AbortSignal;
  readonly log: RunLog;
}

/**
 * A function that runs a plan for as long as an invocation lasts (C-12): the command line's `run`, stopped in good order
 * when the time is nearly over, with what the next invocation has to be given. Whatever is not a success is thrown as
 * `FunctionError`.
 */
export function createHandler(composition: FunctionComposition, after: After = afterMillis): FunctionHandler {
  const warm = new WarmApplications((env) => composition.openForFunction(env));
  return async (event, context) => {
    const deadline = new AbortController();
    // every request under way listens to it, and Node warns from the eleventh listener on
    setMaxListeners(0, deadline.signal);
    let cancel = (): void => undefined;
    try {
      const read = readEvent(event, await composition.loadCatalog());
      const budget = timeBudget(context, read.event);
      cancel = after(budget.working, () => deadline.abort());
      return await warm.use(read.env, async ({ application, log }) => {
        const invocation = { read, budget, deadline: deadline.signal, log };
        return logged(invocation, context, () => invoke(application, invocation));
      });
    } catch (error) {
      throw functionError(error, runOf(event));
    } finally {
      cancel();
    }
  };
}

async function invoke(
  application: OpenedApplication['application'],
  invocation: Invocation,
): Promise<FunctionResult> {
  const { read, budget, deadline } = invocation;
  const { request } = read;
  const { invocations } = read.event.state ?? NOTHING_DONE;
  const { run } = request;
  const ended = run === undefined ? undefined : await endedRun(application, { plan: request.plan, run });
  if (ended !== undefined) return outcome(ended, invocation);
  let result: RunResult;
  try {
    const limits = { leaseSeconds: budget.leaseSeconds, signal: deadline };
    result = await application.run({ ...request, ...limits, inParts: true });
  } catch (error) {
    if (!isOurStop(error, deadline)) throw error;
    // it watched another's lease, and the time was over before anything began
    return goOn(notBegun(read), read.event.state?.mark ?? '', invocation);
  }
  if (result.status === 'aborted' && isOurStop(result.error, deadline)) {
    if (result.dryRun) throw dryRunUnfinished(result, invocation);
    return goOn(result, progressMark(result.steps), invocation);
  }
  return outcome(result, invocation, invocations);
}

/** The end of a run: complete, or thrown. */
function outcome(
  result: RunResult,
  { read }: Invocation,
  before = read.event.state?.invocations ?? 0,
): FunctionResult {
  requireTruth(result);
  if (result.exit === 0) return completeResult(result, before + 1);
  const error = runError(result);
  throw new FunctionError(kindOf(result.exit, error.code), { ...error, run: result.run });
}

/** A run that is to go on; an error where the last invocations came no further. */
function goOn(run: RunSoFar, mark: string, { read, budget }: Invocation): FunctionResult {
  const { event } = read;
  const before = event.state ?? NOTHING_DONE;
  const idle = mark === before.mark ? before.idle + 1 : 0;
  const state: FunctionState = { invocations: before.invocations + 1, idle, mark };
  if (idle < (event.maxIdleInvocations ?? USUAL_IDLE)) return continuedResult(run, event, state);
  const step = stepToGoOn(run.steps);
  const where = step === undefined ? 'a run could begin' : `step ${step} came any further`;
  throw new FunctionError('NoProgress', {
    code: 'NO_PROGRESS',
    message:
      `${idle} invocations one after the other, the last with ${budget.working} ms to work in, ended before ${where}. ` +
      `Look-ups and a validation have to fit into one invocation each.`,
    next: 'Give the function a longer timeout or more memory, or go on with the same run at the command line: run --resume.',
    run: run.run,
  });
}

function notBegun({ env, event, request }: ReadEvent): RunSoFar {
  const { plan, dryRun } = request;
  const steps = { steps: [], notices: [] };
  return { ...{ env, plan, dryRun }, ...steps, ...(event.run === undefined ? {} : { run: event.run }) };
}

/** Whether work ended because our time was over; somebody else may have stopped it as well. */
function isOurStop(error: unknown, deadline: AbortSignal): boolean {
  if (!deadline.aborted) return false;
  const isCode = (value: unknown): value is Pick<WaybillError, 'code'> =>
    value instanceof WaybillError || (typeof value === 'object' && value !== null && 'code' in value);
  return isCode(error) && error.code === 'ABORTED';
}

function dryRunUnfinished({ run, steps }: RunResult, { budget }: Invocation): FunctionError {
  return new FunctionError('NoProgress', {
    code: 'DRY_RUN_UNFINISHED',
    message: `The dry run did not end within ${budget.working} ms; it stands at ${progressMark(steps)}.`,
    next: 'Dry runs are not resumed: name fewer steps, or run it at the command line.',
    run,
  });
}

/** The run that an event names, if it is one that can be read at all. */
function runOf(event: unknown): string | undefined {
  const run = (event as Partial<FunctionEvent> | null | undefined)?.run;
  return typeof run === 'string' ? run : undefined;
}

async function logged(
  { read, budget, log }: Invocation,
  context: FunctionContext,
  work: () => Promise<FunctionResult>,
): Promise<FunctionResult> {
  const { env, request, event } = read;
  const { plan, run } = request;
  const invocation = (event.state?.invocations ?? 0) + 1;
  const about = { request: context.awsRequestId, env, plan, invocation };
  log.event('info', 'invocation.started', { ...about, run, workingMs: budget.working });
  try {
    const result = await work();
    const { status, step, counts } = result;
    const leftMs = context.getRemainingTimeInMillis();
    log.event('info', 'invocation.ended', { ...about, run: result.run, status, step, ...counts, leftMs });
    return result;
  } catch (error) {
    log.event('error', 'invocation.failed', { ...about, run, error });
    throw error;
  }
}
