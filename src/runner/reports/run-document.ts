import type { RunResult } from '../application.js';
import { stepDocument } from './step-document.js';

/** The document of `run --json` (spec, "Reasons, outcomes, documents"). */
export function runDocument(result: RunResult) {
  return {
    run: result.run,
    plan: result.plan,
    env: result.env,
    status: result.status,
    dryRun: result.dryRun,
    steps: result.steps.map((step) => ({
      ...stepDocument(step),
      findings: step.findings,
      findingsTotal: step.findingsTotal,
    })),
    exit: result.exit,
    folder: result.folder,
    ...(result.error === undefined ? {} : { error: result.error }),
  };
}
