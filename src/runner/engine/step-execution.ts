import { textOf } from '../../domain/storage/stored-value.js';
import type { IMigrationStep, RecordPlanner } from '../../migrations/contract/migration-step.js';
import type { Cursor, Page, RecordReader } from '../../migrations/contract/record-reader.js';
import type { RowKeys } from '../../migrations/contract/row-key.js';
import type { Journal } from '../ports/journal.js';
import type { Progress } from '../ports/progress.js';
import type { RunLog } from '../ports/run-log.js';
import { noCounters } from './counters.js';
import type { FailureLimits } from './failure-limits.js';
import { survey } from './guarded-planner.js';
import type { PageSettlement, SettledRecord } from './page-settlement.js';
import { parallelScan } from './parallel-scan.js';
import { pendingRow, type RowSettlement } from './row-settlement.js';
import { SetAside } from './set-aside.js';
import { addTallies, noTally, type StepCheckpoints, type StepTally } from './step-checkpoints.js';

/** Records that a segment settles at a time: enough for full batches, few enough for memory and for a lively progress. */
const CHUNK_RECORDS = 250;

/** Companions that are inserted between two looks at the signal. */
const COMPANIONS_AT_ONCE = 500;

export interface StepExecutionParts {
  readonly step: IMigrationStep;
  readonly planner: RecordPlanner;
  readonly reader: RecordReader;
  readonly pages: PageSettlement;
  readonly rows: RowSettlement;
  readonly journal: Journal;
  readonly checkpoints: StepCheckpoints;
  readonly limits: FailureLimits;
  readonly log: RunLog;
  readonly progress: Progress;
  readonly run: string;
  readonly segments: number;
  readonly keys: RowKeys;
  readonly signal?: AbortSignal;
}

/** What has been settled of a slice: at most a page of records. */
interface Uncovered {
  readonly tally: StepTally;
  readonly sources: readonly string[];
}

function nothingUncovered(): Uncovered {
  return { tally: noTally(), sources: [] };
}

/**
 * Moves every record of one step: survey, companions, then all pages in parallel segments, each page ended by a
 * checkpoint. What is set aside is journalled before it is counted. Safe to repeat: every write is insert-if-absent or
 * conditional, and what no checkpoint covers is simply done again.
 */
export class StepExecution {
  /** slices that are under way, per segment; empty as soon as the slice is covered */
  private readonly uncovered: Uncovered[];
  private readonly setAside: SetAside;

  constructor(private readonly parts: StepExecutionParts) {
    this.setAside = new SetAside(parts.step);
    this.uncovered = Array.from({ length: parts.segments }, nothingUncovered);
  }

  async execute(estimate: number | undefined): Promise<StepTally> {
    const { progress, step, checkpoints, signal } = this.parts;
    if (checkpoints.done) return this.tally();
    await this.survey(estimate);
    signal?.throwIfAborted();
    await this.insertCompanions();
    progress.started(step.name, estimate);
    try {
      await this.scan(
        (page, segment) => this.page(page, segment),
        (segment) => checkpoints.from(segment),
      );
    } finally {
      progress.finished();
    }
    return this.tally();
  }

  /** What has been counted so far. */
  tally(): StepTally {
    return this.uncovered.map(({ tally }) => tally).reduce(addTallies, this.parts.checkpoints.tally());
  }

  private async survey(estimate: number | undefined): Promise<void> {
    const { planner, progress, step } = this.parts;
    if (planner.survey === undefined) return;
    let seen = 0;
    progress.started(`${step.name}: survey`, estimate);
    try {
      await this.scan(async ({ items }) => {
        for (const record of items) await survey(planner, record);
        seen += items.length;
        progress.advanced(seen);
      });
    } finally {
      progress.finished();
    }
  }

  /** Insert-if-absent only: a companion that exists is never changed, whatever it holds. */
  private async insertCompanions(): Promise<void> {
    const { planner, rows, run, keys, log, step, signal } = this.parts;
    if (planner.companions === undefined) return;
    let batch = [];
    let inserted = 0;
    for await (const companion of planner.companions()) {
      batch.push(pendingRow(companion, keys(companion.table), companion.source, run));
      if (batch.length < COMPANIONS_AT_ONCE) continue;
      inserted += await rows.insertOnly(batch);
      batch = [];
      signal?.throwIfAborted();
    }
    inserted += await rows.insertOnly(batch);
    if (inserted > 0) log.event('info', 'companions.inserted', { step: step.name, rows: inserted });
  }

  /**
   * Settles a page and covers it with a checkpoint. Where the run is asked to stop, the chunk under way is finished and
   * the part of the page that is settled is covered: nothing of it has to be repeated.
   */
  private async page({ items, next }: Page, segment: number): Promise<void> {
    const { reader, step, limits, signal } = this.parts;
    let settled = 0;
    while (settled < items.length && signal?.aborted !== true) {
      const chunk = items.slice(settled, settled + CHUNK_RECORDS);
      await this.settle(chunk, segment);
      settled += chunk.length;
      limits.check(this.tally());
    }
    const last = items[settled - 1];
    if (settled === items.length) await this.cover(segment, next);
    else if (last !== undefined) await this.cover(segment, reader.positionBehind(step.source, last));
    signal?.throwIfAborted();
  }

  private async cover(segment: number, cursor: Cursor | undefined): Promise<void> {
    const { tally, sources } = this.under(segment);
    await this.parts.checkpoints.cover(segment, tally, cursor, sources);
    this.uncovered[segment] = nothingUncovered();
  }

  private async settle(records: Page['items'], segment: number): Promise<void> {
    const { pages, journal, run, progress, checkpoints } = this.parts;
    const settled = await pages.settle(records, checkpoints.announcements(segment));
    const slice = { segment, number: checkpoints.slice(segment) };
    const entries = settled.flatMap((one) => this.setAside.entriesOf(one, slice));
    if (entries.length > 0) await journal.append(run, entries);
    const { tally, sources } = this.under(segment);
    this.uncovered[segment] = {
      tally: addTallies(tally, tallyOf(settled)),
      sources: [...sources, ...settled.map(({ source }) => source)],
    };
    this.logPairs(settled);
    const { counters } = this.tally();
    progress.advanced(counters.read, counters);
  }

  private under(segment: number): Uncovered {
    return this.uncovered[segment] ?? nothingUncovered();
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
    handle: (page: Page, segment: number) => Promise<void>,
    from?: (segment: number) => Cursor | 'done' | undefined,
  ): Promise<void> {
    const { reader, step, segments, signal } = this.parts;
    await parallelScan(reader, step.source, segments, handle, {
      ...(signal === undefined ? {} : { signal }),
      ...(from === undefined ? {} : { from }),
    });
  }
}

/** What settled records count. */
export function tallyOf(settled: readonly SettledRecord[]): StepTally {
  const counters = { ...noCounters(), read: settled.length };
  const reasons = new Map<string, number>();
  for (const one of settled) {
    counters[one.outcome] += 1;
    if (one.decision.kind === 'rows') counters.rows += one.decision.rows.length;
    if (one.decision.kind !== 'quarantined') continue;
    const { reason } = one.decision.problem;
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  return { counters, reasons: Object.fromEntries(reasons) };
}

/** The ids of a record's rows, and those of the other rows that they name, e.g. `{ ids: […], kpiLinkId: […] }`. */
function idsOf(
  { loggedIds = [] }: Pick<IMigrationStep, 'loggedIds'>,
  rows: SettledRecord['rows'],
): Record<string, string[]> {
  const named = loggedIds.map(
    (name) => [name, rows.map(({ pending }) => textOf(pending.item[name]) ?? '')] as const,
  );
  return { ids: rows.map(({ pending }) => pending.keyText), ...Object.fromEntries(named) };
}
