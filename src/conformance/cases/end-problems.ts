import type { RunResult } from '../../runner/application.js';

/** Why a run did not validate, in the words of its findings; none where it did. */
export function endProblems({ error, steps }: RunResult): string[] {
  if (error !== undefined) return [`the run stopped with ${error.code}: ${error.message}`];
  return steps.flatMap(({ step, status, findings }) =>
    status === 'failed'
      ? findings.map(
          ({ kind, table, key, detail }) => `step ${step}, validation, ${kind} ${table}#${key}: ${detail}`,
        )
      : [],
  );
}
