import { textOf } from '../../domain/storage/stored-value.js';
import type { IMigrationStep, RecordPlanner } from '../../migrations/contract/migration-step.js';
import type { RecordReader } from '../../migrations/contract/record-reader.js';
import type { Counters, Journal } from '../ports/journal.js';
import type { Progress } from '../ports/progress.js';
import type { RunLog } from '../ports/run-log.js';
import { addCounters, noCounters } from './counters.js';
import { survey } from './guarded-planner.js';
import type { PageSettlement, SettledRecord } from './page-settlement.js';
import { parallelScan } from './parallel-scan.js';
import { keyText, pendingRow, type RowSettlement } from './row-settlement.js';
import { SetAside } from './set-aside.js';

/** Records that a segment settles at a time: enough for full batches, few enough for memory and for a lively progress. */
const CHUNK_RECORDS = 250;

export interface StepTally {
  readonly counters: Counters;
  /** quarantined records per reason code */
  readonly reasons: Readonly<Record<string, number>>;
}

export interface StepExecutionParts {
  readonly step: IMigrationStep;
  readonly planner: RecordPlanner;
  readonly reader: RecordReader;
  readonly pages: PageSettlement;
  readonly rows: RowSettlement;
  readonly journal: Journal;
  readonly log: RunLog;
  readonly progress: Progress;
  readonly run: string;
  readonly segments: number;
  readonly keyOf: (table: string) => string;
  readonly signal?: AbortSignal;
}

/**
 * Moves every record of one step: survey, companions, then all pages in parallel segments. What is set aside is
 * journalled before it is counted. Safe to repeat: every write is insert-if-absent or conditional.
 */
export class StepExecution {
  private counters = noCounters();
  private readonly reasons = new Map<string, number>();
  private readonly setAside: SetAside;

  constructor(private readonly parts: StepExecutionParts) {
    this.setAside = new SetAside(parts.step);
  }

  async execute(estimate: number | undefined): Promise<StepTally> {
    const { progress, step } = this.parts;
    await this.survey(estimate);
    await this.insertCompanions();
    progress.started(step.name, estimate);
    try {
      await this.scan(async (records) => {
        for (let start = 0; start < records.length; start += CHUNK_RECORDS) {
          this.parts.signal?.throwIfAborted();
          await this.settle(records.slice(start, start + CHUNK_RECORDS));
        }
      });
    } finally {
      progress.finished();
    }
    return this.tally();
  }

  /** What has been counted so far. */
  tally(): StepTally {
    return { counters: this.counters, reasons: Object.fromEntries(this.reasons) };
  }

  private async survey(estimate: number | undefined): Promise<void> {
    const { planner, progress, step } = this.parts;
    if (planner.survey === undefined) return;
    let seen = 0;
    progress.started(`${step.name}: survey`, estimate);
    try {
      await this.scan(async (records) => {
        for (const record of records) await survey(planner, record);
        seen += records.length;
        progress.advanced(seen);
      });
    } finally {
      progress.finished();
    }
  }

  /** Insert-if-absent only: a companion that exists is never changed, whatever it holds. */
  private async insertCompanions(): Promise<void> {
    const { planner, rows, run, keyOf, log, step } = this.parts;
    if (planner.companions === undefined) return;
    let batch = [];
    let inserted = 0;
    for await (const companion of planner.companions()) {
      batch.push(pendingRow(companion, keyOf(companion.table), companion.source, run));
      if (batch.length < 500) continue;
      inserted += await rows.insertOnly(batch);
      batch = [];
    }
    inserted += await rows.insertOnly(batch);
    if (inserted > 0) log.event('info', 'companions.inserted', { step: step.name, rows: inserted });
  }

  private async settle(records: Parameters<PageSettlement['settle']>[0]): Promise<void> {
    const { pages, journal, run, progress } = this.parts;
    const settled = await pages.settle(records);
    const entries = settled.flatMap((one) => this.setAside.entriesOf(one));
    if (entries.length > 0) await journal.append(run, entries);
    this.count(settled);
    this.logPairs(settled);
    progress.advanced(this.counters.read, this.counters);
  }

  private count(settled: readonly SettledRecord[]): void {
    const page = { ...noCounters(), read: settled.length };
    for (const one of settled) {
      page[one.outcome] += 1;
      if (one.decision.kind === 'rows') page.rows += one.decision.rows.length;
      if (one.decision.kind !== 'quarantined') continue;
      const { reason } = one.decision.problem;
      this.reasons.set(reason, (this.reasons.get(reason) ?? 0) + 1);
    }
    this.counters = addCounters(this.counters, page);
  }

  /** K-15, K-19, K-22: each migrated record is logged with its old and new ids; one event a page keeps that cheap. */
  private logPairs(settled: readonly SettledRecord[]): void {
    const { log, step } = this.parts;
    const pairs = settled.flatMap(({ source, outcome, rows }) =>
      rows.length === 0 ? [] : [{ source, outcome, ...idsOf(step, rows) }],
    );
    if (pairs.length > 0) log.event('debug', 'records.migrated', { step: step.name, pairs });
  }

  private async scan(
    handle: (records: Parameters<PageSettlement['settle']>[0]) => Promise<void>,
  ): Promise<void> {
    const { reader, step, segments, signal } = this.parts;
    const options = signal === undefined ? {} : { signal };
    await parallelScan(reader, step.source, segments, (page) => handle(page.items), options);
  }
}

/** The ids of a record's rows, and those of the other rows that they name, e.g. `{ ids: […], kpiLinkId: […] }`. */
function idsOf(
  { loggedIds = [] }: Pick<IMigrationStep, 'loggedIds'>,
  rows: SettledRecord['rows'],
): Record<string, string[]> {
  const named = loggedIds.map(
    (name) => [name, rows.map(({ pending }) => textOf(pending.item[name]) ?? '')] as const,
  );
  return { ids: rows.map(({ pending }) => keyText(pending.key)), ...Object.fromEntries(named) };
}
