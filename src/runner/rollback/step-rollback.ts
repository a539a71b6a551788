import type { StoredItem } from '../../domain/storage/stored-value.js';
import type { LookupIndexes } from '../../migrations/contract/lookup-index.js';
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
import { RowsInUse, type Ahead } from './rows-in-use.js';

/** Rows looked at before a stop is heeded: enough to keep every request slot busy, few enough to end soon. */
const CHUNK_ROWS = 250;

export interface StepRollbackParts {
  readonly step: IMigrationStep;
  /** see {@link rollbackTables} */
  readonly tables: readonly TableDefinition[];
  readonly scope: RollbackScope;
  /** steps that this rollback comes to later */
  readonly later: readonly Ahead[];
  readonly reader: RecordReader;
  readonly indexes: LookupIndexes;
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

/** A table that is gone through. */
interface Place {
  readonly table: TableDefinition;
  readonly removal: RowRemoval;
  /** built when the first row of ours is met; undefined: nobody needs any row of the table */
  readonly use: () => Promise<RowsInUse | undefined>;
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
        let use: Promise<RowsInUse | undefined> | undefined;
        const place: Place = { table, removal, use: () => (use ??= this.use(index)) };
        try {
          await parallelScan(
            reader,
            table.name,
            segments,
            (page, segment) => this.page(page, place, part(segment)),
            {
              from: (segment) => checkpoints.from(part(segment)),
              ...(signal === undefined ? {} : { signal }),
            },
          );
        } finally {
          await (await use?.catch(() => undefined))?.close();
        }
      }
    } finally {
      progress.finished();
    }
  }

  /** What of this table others need; the tables before it have been gone through. */
  private async use(index: number): Promise<RowsInUse | undefined> {
    const { step, tables, scope, later, reader, indexes, segments, signal } = this.parts;
    const [table] = tables.slice(index);
    if (table === undefined || step.inUse?.some((use) => use.table === table.name) !== true) return undefined;
    const own: Ahead = { scope, tables: tables.slice(index).map(({ name }) => name) };
    return RowsInUse.build(table.name, step.inUse, {
      ...{ reader, indexes, segments, ahead: [own, ...later] },
      ...(signal === undefined ? {} : { signal }),
    });
  }

  /** What was done so far, also in slices that no checkpoint covers yet. */
  tally(): RollbackTally {
    return this.uncovered.reduce(addTallies, this.parts.checkpoints.tally());
  }

  /** A slice is a chunk of rows in which there was something to do, with the idle ones before it. */
  private async page({ items, next }: Page, place: Place, part: number): Promise<void> {
    const { reader, checkpoints, progress, signal } = this.parts;
    for (let start = 0; start < items.length; start += CHUNK_ROWS) {
      const chunk = items.slice(start, start + CHUNK_ROWS);
      const busy = await this.chunk(chunk, place, part);
      const { removed, kept, foreign } = this.tally();
      progress.advanced(removed + kept + foreign);
      const last = chunk.at(-1);
      if (start + CHUNK_ROWS >= items.length || last === undefined) break;
      if (!busy && signal?.aborted !== true) continue;
      await checkpoints.cover(part, this.taken(part), reader.positionBehind(place.table.name, last));
      this.uncovered[part] = NOTHING;
      signal?.throwIfAborted();
    }
    await checkpoints.cover(part, this.taken(part), next);
    this.uncovered[part] = NOTHING;
  }

  /** Settles some rows; whether any of them was ours. */
  private async chunk(rows: readonly StoredItem[], place: Place, part: number): Promise<boolean> {
    const { checkpoints, concurrency } = this.parts;
    const { table, removal } = place;
    const name = (row: StoredItem): string => announcement(table.name, removal.keyText(row));
    checkpoints.met(part, rows, name);
    const own = await this.looked(rows, place);
    this.add(part, { ...NOTHING, foreign: rows.length - own.length });
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

  /** The rows of ours among these, with the fate of those that stay whatever the store says. */
  private async looked(rows: readonly StoredItem[], { removal, use }: Place): Promise<Looked[]> {
    const looked: Looked[] = [];
    for (const row of rows) {
      const ownership = ownershipOf(row, this.parts.scope);
      if (ownership === 'foreign') continue;
      const fate = ownership === 'edited' ? EDITED : (await use())?.fateOf(row);
      looked.push({ row, key: removal.keyText(row), ...(fate === undefined ? {} : { fate }) });
    }
    return looked;
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
