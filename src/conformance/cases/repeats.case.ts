import type { RunResult } from '../../runner/application.js';
import type { Trial } from '../trial/trial.js';
import { entryDifferences, numberDifferences, snapshotDifferences } from '../trial/differences.js';
import { endStateOf, withoutImages } from '../trial/end-state.js';
import type { Bench } from '../bench.js';
import type { Case } from './case.js';

/** A run after a run, by another process. */
export const REPEATS: Case = {
  id: 'repeats',
  name: 'changes nothing when it runs again',
  judge: async (bench) => {
    const problems = [...(await secondOf(bench.trial()))];
    if (problems.length === 0 && bench.subject.change !== undefined) {
      const trial = await changedTrial(bench);
      problems.push(...(await secondOf(trial)).map((line) => `after the change: ${line}`));
    }
    return {
      problems,
      advice:
        'Ids and contents of rows must follow from the record and its look-ups alone, not from what was written before.',
    };
  },
};

async function changedTrial(bench: Bench): Promise<Trial> {
  return bench.trial((await bench.secondRun()).start);
}

async function secondOf(trial: Trial): Promise<string[]> {
  const first = await trial.wholeRun();
  const [before, tables, writes] = [await endStateOf(trial), trial.tables(), trial.writes];
  const second = await trial.wholeRun();
  const problems = snapshotDifferences(trial, tables, trial.tables());
  if (trial.writes !== writes) problems.push(`${trial.writes - writes} rows were written again`);
  problems.push(...countDifferences(first, second));
  problems.push(...entryDifferences(withoutImages(before), withoutImages(await endStateOf(trial))));
  return problems;
}

/** What was created or updated is unchanged now; all else is as it was. */
function countDifferences(first: RunResult, second: RunResult): string[] {
  return second.steps.flatMap(({ step, status, counters, reasons }) => {
    const before = first.steps.find((one) => one.step === step);
    if (before === undefined || status === 'not-run') return [];
    const { created, updated, unchanged, ...others } = before.counters;
    const expected = {
      ...others,
      ...before.reasons,
      created: 0,
      updated: 0,
      unchanged: created + updated + unchanged,
    };
    return numberDifferences(expected, { ...counters, ...reasons }).map((line) => `step ${step}: ${line}`);
  });
}
