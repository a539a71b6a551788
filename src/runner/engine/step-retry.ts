import type { StoredItem } from '../../domain/storage/stored-value.js';
import {
  sourceRecordKey,
  type IMigrationStep,
  type RecordPlanner,
} from '../../migrations/contract/migration-step.js';
import type { JournalEntry, RunRecord } from '../ports/journal.js';
import { noCounters } from './counters.js';
import { surveyAll } from './guarded-planner.js';
import { PageSettlement } from './page-settlement.js';
import { isSelected } from './retry-amendments.js';
import { pendingRow, RowSettlement } from './row-settlement.js';
import { SetAside } from './set-aside.js';
import { addTallies, noTally, type StepTally } from './step-checkpoints.js';
import { tallyOf } from './step-execution.js';
import { checkWith, type StepRunnerParts } from './step-runner.js';

/** Records that are settled at a time. */
const BATCH = 250;

export interface RetryTally {
  /** what became of the records that were tried again */
  readonly tally: StepTally;
  /** what this changes of the numbers of the run that set them aside */
  readonly change: StepTally;
}

/** Settles records that a run has set aside once more, as they stand in the source now. */
export class StepRetry {
  constructor(private readonly parts: StepRunnerParts) {}

  /** `base`: the run whose quarantine it is. What is set aside again is journalled under `run`. */
  async settle(step: IMigrationStep, run: RunRecord, base: string): Promise<RetryTally> {
    const { reader, indexes, segments, sink, signal, keys } = this.parts;
    const check = checkWith(sink, run.run);
    const planner = await step.prepare({
      ...{ reader, indexes, segments, check, startedAt: run.startedAt },
      ...(signal === undefined ? {} : { signal }),
    });
    try {
      const rows = new RowSettlement(reader, sink, run.run);
      await this.prepare(step, planner, rows, run.run);
      const pages = new PageSettlement(step, planner, check, rows, run.run, keys, reader);
      return await this.records(step, run, base, pages);
    } finally {
      await planner.close();
    }
  }

  /** Decisions rest on the whole table, also where only a few records are decided on. */
  private async prepare(
    step: IMigrationStep,
    planner: RecordPlanner,
    rows: RowSettlement,
    run: string,
  ): Promise<void> {
    const { reader, segments, signal, keys } = this.parts;
    const options = signal === undefined ? {} : { signal };
    await surveyAll(planner, reader, step.source, segments, options);
    if (planner.companions === undefined) return;
    let batch = [];
    for await (const companion of planner.companions()) {
      batch.push(pendingRow(companion, keys(companion.table), companion.source, run));
      if (batch.length < BATCH) continue;
      await rows.insertOnly(batch);
      batch = [];
      signal?.throwIfAborted();
    }
    await rows.insertOnly(batch);
  }

  private async records(
    step: IMigrationStep,
    run: RunRecord,
    base: string,
    pages: PageSettlement,
  ): Promise<RetryTally> {
    const { journal, progress, signal } = this.parts;
    const setAside = new SetAside(step);
    let total: RetryTally = { tally: noTally(), change: noTally() };
    const settle = async (entries: readonly JournalEntry[]): Promise<void> => {
      signal?.throwIfAborted();
      const records = await this.read(step, entries);
      const settled = await pages.settle(records);
      const again = settled.flatMap((one) => setAside.entriesOf(one));
      if (again.length > 0) await journal.append(run.run, again);
      const tally = tallyOf(settled);
      const change = difference(tally, entries);
      total = { tally: addTallies(total.tally, tally), change: addTallies(total.change, change) };
      progress.advanced(total.tally.counters.read, total.tally.counters);
    };
    progress.started(`${step.name}: retry`, undefined);
    try {
      let batch: JournalEntry[] = [];
      for await (const entry of journal.entries(base, step.name, 'quarantine')) {
        if (!isSelected(run.selection ?? {}, entry)) continue;
        batch.push(entry);
        if (batch.length < BATCH) continue;
        await settle(batch);
        batch = [];
      }
      if (batch.length > 0) await settle(batch);
    } finally {
      progress.finished();
    }
    return total;
  }

  private async read(step: IMigrationStep, entries: readonly JournalEntry[]): Promise<StoredItem[]> {
    const keys = entries.map(({ source }) => sourceRecordKey(step, source));
    const records = await this.parts.reader.get(
      step.source,
      keys.filter((key) => key !== undefined),
    );
    return records.filter((record) => record !== undefined);
  }
}

/** Records that are gone from the source are neither read nor quarantined any more. */
function difference({ counters, reasons }: StepTally, entries: readonly JournalEntry[]): StepTally {
  const before = new Map<string, number>();
  for (const { reason } of entries) before.set(reason, (before.get(reason) ?? 0) - 1);
  const taken = { ...noCounters(), read: -entries.length, quarantined: -entries.length };
  return addTallies({ counters, reasons }, { counters: taken, reasons: Object.fromEntries(before) });
}
