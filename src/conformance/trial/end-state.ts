import { stampOf, withStamp } from '../../domain/storage/stored.js';
import type { StoredItem } from '../../domain/storage/stored-value.js';
import type { Counters, JournalEntry, StepRecord } from '../../runner/ports/journal.js';
import { ENTRY_KINDS } from '../../runner/ports/journal.js';
import type { Trial } from './trial.js';

/** All that must be the same however often a run was interrupted. */
export interface EndState {
  /** table → key → row; the runs of this trial go by one name in the stamps */
  readonly rows: ReadonlyMap<string, ReadonlyMap<string, StoredItem>>;
  /** how the latest run stands */
  readonly run: string;
  readonly steps: ReadonlyMap<string, StepEnd>;
  /** all that the steps' latest runs set aside or noticed, images included */
  readonly entries: readonly JournalEntry[];
}

/** Where a step stands and what its latest run counted. */
export interface StepEnd {
  readonly status: string;
  readonly counters: Counters;
  readonly reasons: Readonly<Record<string, number>>;
  readonly findings: number;
  /** a rollback's */
  readonly removed?: number;
  readonly kept?: number;
}

/** Instead of an id in stamps of runs of the trial itself. */
const THIS_RUN = 'this run';

export async function endStateOf(trial: Trial): Promise<EndState> {
  const { journal, plan } = trial;
  const runs = await trial.runs();
  const own = new Set(runs.map(({ run }) => run));
  const steps: [string, StepEnd][] = [];
  const entries: JournalEntry[] = [];
  for (const { step, run, status } of await journal.states(plan.name)) {
    const record = (await journal.steps(run)).find((one) => one.step === step);
    if (record !== undefined) steps.push([step, stepEnd(record, status)]);
    for (const kind of ENTRY_KINDS) {
      for await (const entry of journal.entries(run, step, kind, { images: true })) {
        entries.push(renamedEntry(entry, own));
      }
    }
  }
  const [latest] = runs;
  return {
    rows: new Map([...trial.tables()].map(([table, rows]) => [table, keyed(trial, table, rows, own)])),
    run: `${latest?.status ?? 'none'} ${latest?.error?.code ?? ''}`.trim(),
    steps: new Map(steps),
    entries,
  };
}

/** Entries of different runs: a row that is in the way may have changed meanwhile. */
export function withoutImages({ entries }: EndState): JournalEntry[] {
  return entries.map(({ found: _, image: __, ...entry }) => entry);
}

function stepEnd(
  { status, counters, reasons, findings, removed, kept }: StepRecord,
  standing: string,
): StepEnd {
  return {
    status: status === standing ? status : `${status}, standing ${standing}`,
    ...{ counters, reasons, findings },
    ...(removed === undefined ? {} : { removed }),
    ...(kept === undefined ? {} : { kept }),
  };
}

function keyed(
  trial: Trial,
  table: string,
  rows: readonly StoredItem[],
  own: ReadonlySet<string>,
): Map<string, StoredItem> {
  return new Map(rows.map((row) => [trial.key(table, row), renamed(row, own)]));
}

function renamed(row: StoredItem, own: ReadonlySet<string>): StoredItem {
  const stamp = stampOf(row);
  return stamp !== undefined && own.has(stamp.run) ? withStamp(row, { ...stamp, run: THIS_RUN }) : row;
}

/** Without its slice: how far a slice goes is a matter of when a run was stopped. */
function renamedEntry(
  { slice: _, image, found, ...entry }: JournalEntry,
  own: ReadonlySet<string>,
): JournalEntry {
  return {
    ...entry,
    ...(image === undefined ? {} : { image: renamed(image, own) }),
    ...(found === undefined ? {} : { found: renamed(found, own) }),
  };
}
