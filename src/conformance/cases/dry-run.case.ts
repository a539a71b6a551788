import type { RunResult } from '../../runner/application.js';
import type { Bench } from '../bench.js';
import { numberDifferences, snapshotDifferences } from '../trial/differences.js';
import type { Trial } from '../trial/trial.js';
import type { Case } from './case.js';

/** What a dry run says, against what the run then does. */
export const DRY_RUN: Case = {
  id: 'dry-run',
  name: 'writes nothing in a dry run, which counts what the run then counts',
  judge: async (bench) => {
    const problems = await dryThenReal(bench.trial());
    if (problems.length === 0 && bench.subject.change !== undefined) {
      const later = await dryThenReal(await secondTrial(bench));
      problems.push(...later.map((line) => `after the change: ${line}`));
    }
    return {
      problems,
      advice:
        'A dry run reads through what the run would have created. Read tables by the reader that `prepare` is given, and by nothing else.',
    };
  },
};

async function secondTrial(bench: Bench): Promise<Trial> {
  return bench.trial((await bench.secondRun()).start);
}

async function dryThenReal(trial: Trial): Promise<string[]> {
  const before = trial.tables();
  const dry = await trial.wholeRun({ dryRun: true });
  const problems = snapshotDifferences(trial, before, trial.tables());
  if (trial.writes > 0) problems.push(`${trial.writes} rows were written`);
  if ((await trial.runs()).length > 0) problems.push('the journal was written');
  const real = await trial.wholeRun();
  return [...problems, ...countDifferences(real, dry)];
}

function countDifferences(real: RunResult, dry: RunResult): string[] {
  return real.steps.flatMap(({ step, status, counters, reasons, findingsTotal }) => {
    const told = dry.steps.find((one) => one.step === step);
    if (told === undefined) return [`step ${step}: is not in the dry run`];
    const lines = numberDifferences(
      { ...counters, ...reasons, findings: findingsTotal },
      { ...told.counters, ...told.reasons, findings: told.findingsTotal },
    );
    if (told.status !== status) lines.push(`${told.status} instead of ${status}`);
    return lines.map((line) => `step ${step}: the dry run says ${line}`);
  });
}
