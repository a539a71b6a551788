import type { RunResult } from '../application.js';
import { acceptanceDocument } from './decisions.js';
import { stepDocument } from './step-document.js';

/** The document of `run --json` (spec, "Reasons, outcomes, documents"); ours behind the spec's fields. */
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
    kind: result.kind,
    resumed: result.resumed,
    notices: result.notices,
    acceptances: result.acceptances.map((acceptance) => acceptanceDocument(acceptance, result.steps)),
    ...(result.error === undefined ? {} : { error: result.error }),
  };
}
