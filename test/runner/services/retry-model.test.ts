import fc from 'fast-check';
import { contentDigest } from '../../../src/domain/storage/canonical-digest.js';
import { RefusedError } from '../../../src/runner/ports/errors.js';
import { Failpoints } from '../../support/faults/failpoints.js';
import { KpiTrial } from '../../support/engine/kpi-trial.js';
import { become, comparableTables, tablesOf } from '../../support/engine/model-tables.js';
import { ledger } from '../../support/engine/retry-ledger.js';
import { applyChanges, arbitraryChanges, arbitraryTables } from '../../support/kpi/arbitraries.js';
import { secondModel, type StepName } from '../../support/kpi/second-model.js';

const RUNS = Number(process.env['WAYBILL_PROPERTY_RUNS'] ?? 150);
const SHRINKING = process.env['WAYBILL_PROPERTY_SHRINK'] === 'no' ? { endOnFailure: true } : {};

/** A retry in a process that may die on its way, and may be refused where an earlier step does not stand. */
async function retried(
  trial: KpiTrial,
  reasons: readonly string[] | undefined,
  crashAt?: number,
): Promise<number> {
  const failpoints = new Failpoints(crashAt);
  const process = trial.process({ failpoints });
  await process.retry(reasons === undefined ? {} : { reasons }).catch((error: unknown) => {
    if (!failpoints.crashed && !(error instanceof RefusedError)) throw error;
  });
  return failpoints.points.length;
}

describe('invariant 1: retries of random data after random changes', () => {
  it('keep numbers and entries in step, killed or not, and leave the next run to the model', async () => {
    let rescued = 0;
    await fc.assert(
      fc.asyncProperty(
        arbitraryTables(),
        arbitraryChanges({ removals: true }),
        fc.option(fc.constant(['KPI_MISSING', 'NUMBER_INVALID', 'PERSON_AMBIGUOUS']), { nil: undefined }),
        fc.noBias(fc.nat({ max: 150 })),
        async (tables, changes, reasons, crashAt) => {
          const trial = await new KpiTrial({ segments: 2 }, { pageSize: 3 }).put(tables);
          await trial.run();
          const entries = await trial.entries('quarantine');
          const quarantined = entries.length;
          // one that nothing is set aside for would be refused
          const chosen = reasons?.filter((reason) => entries.some((entry) => entry.reason === reason));
          become(trial, applyChanges(tablesOf(trial), changes));
          await retried(trial, chosen?.length === 0 ? undefined : chosen, crashAt);
          await retried(trial, undefined);
          await ledger(trial);
          if ((await trial.entries('quarantine')).length < quarantined) rescued += 1;
          const before = tablesOf(trial);
          const result = await trial.process().run();
          await ledger(trial);
          const reached = result.steps
            .filter(({ status }) => status !== 'not-run')
            .map(({ step }) => step as StepName);
          const model = secondModel(before, contentDigest, reached);
          expect(comparableTables(tablesOf(trial))).toEqual(comparableTables(model.tables));
        },
      ),
      { numRuns: RUNS / 2, interruptAfterTimeLimit: 40_000, ...SHRINKING },
    );
    expect(rescued).toBeGreaterThan(0);
  });
});
