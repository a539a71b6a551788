import type { StoredItem } from '../../domain/storage/stored-value.js';
import type { MigrationPlan } from '../../migrations/contract/migration-plan.js';
import type { IMigrationStep } from '../../migrations/contract/migration-step.js';
import type { Page, RecordReader } from '../../migrations/contract/record-reader.js';
import type { TableDefinition } from '../../migrations/contract/table.js';
import { announcement } from '../engine/announcement.js';
import { parallelScan } from '../engine/parallel-scan.js';
import type { Journal, JournalEntry, Slice } from '../ports/journal.js';
import type { Progress } from '../ports/progress.js';
import type { RecordSink } from '../ports/record-sink.js';
import type { RunLog } from '../ports/run-log.js';
import { inParallel } from './in-parallel.js';
import { addTallies, NOTHING, type RollbackCheckpoints, type RollbackTally } from './rollback-checkpoints.js';
import { ownershipOf, type RollbackScope } from './row-ownership.js';
import { EDITED, RowRemoval, type Fate } from './row-removal.js';

/** Rows looked at before a stop is heeded: enough to keep every request slot busy, few enough to end soon. */
const CHUNK_ROWS = 250;

export interface StepRollbackParts {
  readonly step: IMigrationStep;
  /** see {@link rollbackTables} */
  readonly tables: readonly TableDefinition[];
  readonly scope: RollbackScope;
  readonly reader: RecordReader;
  readonly sink: RecordSink;
  readonly journal: Journal;
  /** one part for each segment of each table: `<index of the table> × segments + <segment>` */
  readonly checkpoints: RollbackCheckpoints;
  readonly run: string;
  readonly segments: number;
  /** deletes in flight, for each segment; the sink has a limit over all of them */
  readonly concurrency: number;
  readonly log: RunLog;
  readonly progress: Progress;
  readonly signal?: AbortSignal;
}

/** The tables that rows of a step stand in: its own first, then those of their companions, which they rely on. */
export function rollbackTables(
  plan: Pick<MigrationPlan, 'name' | 'tables'>,
  step: Pick<IMigrationStep, 'mappers' | 'companionTables'>,
): readonly TableDefinition[] {
  const names = new Set([...step.mappers.keys(), ...step.companionTables]);
  return [...names].map((name) => {
    const table = plan.tables.find((candidate) => candidate.name === name);
    if (table === undefined) throw new RangeError(`plan ${plan.name} has no table ${name}`);
    return table;
  });
}

interface Looked {
  readonly row: StoredItem;
  readonly key: string;
  fate?: Fate;
}

/**
 * Goes through the tables of a step and removes the rows that it wrote and nobody touched since. The rest of its rows
 * is listed in the journal. Safe to repeat: what no checkpoint covers is done again.
 */
export class StepRollback {
  /** of slices under way, by part */
  private readonly uncovered: RollbackTally[];

  constructor(private readonly parts: StepRollbackParts) {
    this.uncovered = Array.from({ length: parts.tables.length * parts.segments }, () => NOTHING);
  }

  /** `estimate`: rows in all tables, as far as known */
  async execute(estimate: number | undefined): Promise<void> {
    const { tables, reader, segments, step, progress, checkpoints, signal } = this.parts;
    progress.started(`${step.name}: rollback`, estimate);
    try {
      for (const [index, table] of tables.entries()) {
        const removal = new RowRemoval(reader, this.parts.sink, this.parts.scope, table);
        const part = (segment: number): number => index * segments + segment;
        await parallelScan(
          reader,
          table.name,
          segments,
          (page, segment) => this.page(page, table, removal, part(segment)),
          {
            from: (segment) => checkpoints.from(part(segment)),
            ...(signal === undefined ? {} : { signal }),
          },
        );
      }
    } finally {
      progress.finished();
    }
  }

  /** What was done so far, also in slices that no checkpoint covers yet. */
  tally(): RollbackTally {
    return this.uncovered.reduce(addTallies, this.parts.checkpoints.tally());
  }

  /** A slice is a chunk of rows in which there was something to do, with the idle ones before it. */
  private async page(
    { items, next }: Page,
    table: TableDefinition,
    removal: RowRemoval,
    part: number,
  ): Promise<void> {
    const { reader, checkpoints, progress, signal } = this.parts;
    for (let start = 0; start < items.length; start += CHUNK_ROWS) {
      const chunk = items.slice(start, start + CHUNK_ROWS);
      const busy = await this.chunk(chunk, table, removal, part);
      const { removed, kept, foreign } = this.tally();
      progress.advanced(removed + kept + foreign);
      const last = chunk.at(-1);
      if (start + CHUNK_ROWS >= items.length || last === undefined) break;
      if (!busy && signal?.aborted !== true) continue;
      await checkpoints.cover(part, this.taken(part), reader.positionBehind(table.name, last));
      this.uncovered[part] = NOTHING;
      signal?.throwIfAborted();
    }
    await checkpoints.cover(part, this.taken(part), next);
    this.uncovered[part] = NOTHING;
  }

  /** Settles some rows; whether any of them was ours. */
  private async chunk(
    rows: readonly StoredItem[],
    table: TableDefinition,
    removal: RowRemoval,
    part: number,
  ): Promise<boolean> {
    const { checkpoints, concurrency, scope } = this.parts;
    const name = (row: StoredItem): string => announcement(table.name, removal.keyText(row));
    checkpoints.met(part, rows, name);
    const standing = rows.map((row) => ({ row, ownership: ownershipOf(row, scope) }));
    this.add(part, { ...NOTHING, foreign: standing.filter((one) => one.ownership === 'foreign').length });
    const own = standing.flatMap(({ row, ownership }): Looked[] => {
      if (ownership === 'foreign') return [];
      const key = removal.keyText(row);
      return [ownership === 'edited' ? { row, key, fate: EDITED } : { row, key }];
    });
    const untouched = own.filter(({ fate }) => fate === undefined);
    if (untouched.length > 0)
      await checkpoints.announce(
        part,
        untouched.map(({ row }) => name(row)),
      );
    await inParallel(untouched, concurrency, async (one) => {
      one.fate = await removal.remove(one.row);
      if (one.fate.kind === 'removed') this.add(part, { ...NOTHING, removed: 1 });
    });
    await this.list(own, table, part);
    return own.length > 0;
  }

  /** Journals the rows that stay, before they are counted. */
  private async list(own: readonly Looked[], table: TableDefinition, part: number): Promise<void> {
    const { journal, run, step, checkpoints, log } = this.parts;
    const slice = { segment: part, number: checkpoints.slice(part) };
    const entries = own.flatMap((one) => keptEntry(one, step.name, table.name, slice) ?? []);
    if (entries.length > 0) await journal.append(run, entries);
    this.add(part, { ...NOTHING, kept: entries.length });
    const removed = own.filter(({ fate }) => fate?.kind === 'removed').map(({ key }) => key);
    if (removed.length > 0)
      log.event('debug', 'rows.removed', { step: step.name, table: table.name, keys: removed });
  }

  private add(part: number, tally: RollbackTally): void {
    this.uncovered[part] = addTallies(this.taken(part), tally);
  }

  private taken(part: number): RollbackTally {
    return this.uncovered[part] ?? NOTHING;
  }
}

function keptEntry(
  { key, fate }: Looked,
  step: string,
  table: string,
  slice: Slice,
): JournalEntry | undefined {
  if (fate?.kind !== 'kept') return undefined;
  const { reason, detail } = fate;
  return { kind: 'kept', step, source: `${table}#${key}`, reason, detail, table, key, slice };
}
