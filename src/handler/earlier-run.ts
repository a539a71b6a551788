import type { Application, RunReport, RunResult } from '../runner/application.js';
import { EXIT } from '../runner/ports/errors.js';
import { FunctionError } from './function-error.js';

/**
 * The result of the run that an event names, where that run is over: an invocation whose answer was lost, or an event that
 * came twice, must not begin another one. Undefined: the run can go on. Throws `RUN_UNKNOWN`, and `RUN_OVER` where it
 * never goes on.
 */
export async function endedRun(
  application: Pick<Application, 'report'>,
  { plan, run }: { readonly plan: string; readonly run: string },
): Promise<RunResult | undefined> {
  const report = await application.report({ plan, run });
  const { status, kind = 'migration', plan: ofPlan } = report.record;
  if (kind === 'migration' && ofPlan === plan) {
    if (status === 'running' || status === 'aborted') return undefined;
    if (status === 'complete' || status === 'failed') return resultOf(report, status);
  }
  const what = ofPlan === plan ? `${status} ${kind}` : `run of plan ${ofPlan}`;
  throw new FunctionError('Refused', {
    code: 'RUN_OVER',
    message: `The run ${run} is a ${what}; it can't go on as a run of plan ${plan}.`,
    next: 'Leave run and state out of the event to begin anew: what is done stays done.',
    run,
  });
}

function resultOf({ record, steps, acceptances }: RunReport, status: 'complete' | 'failed'): RunResult {
  const { run, plan, env, dryRun, error } = record;
  return {
    ...{ run, plan, env, dryRun, status, kind: 'migration', resumed: true },
    exit: status === 'complete' ? EXIT.done : EXIT.failed,
    ...(error === undefined ? {} : { error }),
    steps: steps.map(({ findings, durationMs = 0, ...step }) => ({
      ...step,
      ...{ findings: [], findingsTotal: findings, durationMs },
    })),
    ...{ folder: '', notices: [], acceptances },
  };
}
