import type { InsertResult } from '../../runner/ports/record-sink.js';
import type { AdaptiveLimiter, Call } from '../rate/adaptive-limiter.js';
import type { BatchInserter } from './batch-inserter.js';
import type { PendingInsert } from './insert-batches.js';
import { BATCH_BYTES, identityOf, STATEMENTS_PER_BATCH, wireBytes } from './insert-batches.js';

/** Rows that wait in the queue; while there are as many, callers wait before they add theirs. */
const CAPACITY = 4_000;
/** How long a batch that is not full waits for more rows, in ms. */
const LINGER_MS = 2;

export interface WriteQueueParts {
  readonly limiter: AdaptiveLimiter;
  readonly inserter: Pick<BatchInserter, 'insert' | 'put'>;
  /** write units of one batch at most; by physical table name */
  readonly largestWrite: (table: string) => number;
}

/** The rows of one call. */
interface Job {
  readonly answered: (row: PendingInsert, result: InsertResult) => void;
  readonly done: () => void;
  /** rows without an answer that are queued or under way */
  open: number;
  failure: { readonly error: Error } | undefined;
}

/** The part of a call's rows that is for one table, in their order. */
interface Entry {
  readonly job: Job;
  readonly rows: readonly PendingInsert[];
  next: number;
}

/** The queued rows of one table. */
interface Lane {
  readonly table: string;
  entries: Entry[];
  /** queued rows and their write units */
  rows: number;
  units: number;
  /** batches that were asked for and are not made up yet */
  coming: number;
  /** rows that are left wait for no others any more */
  isDue: boolean;
  isLingering: boolean;
}

/**
 * Where the rows of all callers meet, a lane for each table. A batch is made up only when it can be sent, of rows of as
 * many callers as possible by turns: so batches are full, and rows that stand together in one segment of a scan, often
 * of one partition, don't go together. Rows of one key never are in one batch.
 */
export class WriteQueue {
  readonly #parts: WriteQueueParts;
  readonly #lanes = new Map<string, Lane>();
  readonly #outside: (() => void)[] = [];
  #rows = 0;

  constructor(parts: WriteQueueParts) {
    this.#parts = parts;
  }

  /**
   * Inserts rows whose keys all differ; results by row. A batch that fails fails the calls whose rows were in it: of
   * these no other row is sent, those under way are waited for, and the first error is thrown.
   */
  async insert(rows: readonly PendingInsert[]): Promise<Map<PendingInsert, InsertResult>> {
    const results = new Map<PendingInsert, InsertResult>();
    if (rows.length === 0) return results;
    await new Promise<void>((resolve, reject) => {
      const job: Job = {
        answered: (row, result) => results.set(row, result),
        done: () => (job.failure === undefined ? resolve() : reject(job.failure.error)),
        open: rows.length,
        failure: undefined,
      };
      if (this.#rows < CAPACITY) this.#add(job, rows);
      else this.#outside.push(() => this.#add(job, rows));
    });
    return results;
  }

  #add(job: Job, rows: readonly PendingInsert[]): void {
    const byTable = new Map<string, PendingInsert[]>();
    for (const row of rows) {
      if (row.statement === undefined) {
        this.#single(job, row);
        continue;
      }
      const own = byTable.get(row.physicalTable);
      if (own === undefined) byTable.set(row.physicalTable, [row]);
      else own.push(row);
    }
    for (const [table, own] of byTable) {
      const lane = this.#lane(table);
      lane.entries.push({ job, rows: own, next: 0 });
      this.#count(lane, own, 1);
      this.#pump(lane);
    }
  }

  #lane(table: string): Lane {
    const found = this.#lanes.get(table);
    if (found !== undefined) return found;
    const lane = { table, entries: [], rows: 0, units: 0, coming: 0, isDue: false, isLingering: false };
    this.#lanes.set(table, lane);
    return lane;
  }

  /** Asks for a place for each batch that the rows fill, and for a partial one when nothing came to fill it. */
  #pump(lane: Lane): void {
    const perBatch = this.#rowsPerBatch(lane);
    const wanted = lane.isDue ? Math.ceil(lane.rows / perBatch) : Math.floor(lane.rows / perBatch);
    while (lane.coming < wanted) {
      lane.coming += 1;
      void this.#parts.limiter.run((call) => this.#sendNext(lane, call));
    }
    if (lane.rows > wanted * perBatch && !lane.isLingering) {
      lane.isLingering = true;
      setTimeout(() => {
        lane.isLingering = false;
        lane.isDue = lane.rows > 0;
        this.#pump(lane);
      }, LINGER_MS);
    }
  }

  #rowsPerBatch({ table, rows, units }: Lane): number {
    if (rows === 0) return STATEMENTS_PER_BATCH;
    const fitting = Math.floor((this.#parts.largestWrite(table) * rows) / units);
    return Math.max(1, Math.min(STATEMENTS_PER_BATCH, fitting));
  }

  async #sendNext(lane: Lane, call: Call): Promise<void> {
    lane.coming -= 1;
    const batch = this.#makeUp(lane);
    if (lane.rows === 0) lane.isDue = false;
    this.#pump(lane);
    this.#letIn();
    if (batch.length === 0) return;
    const rows = batch.map(({ row }) => row);
    await this.#settle(batch, () => this.#parts.inserter.insert(rows, call));
  }

  /** Takes rows off the lane by turns, as many as fit into a request. */
  #makeUp(lane: Lane): { readonly job: Job; readonly row: PendingInsert }[] {
    const most = this.#parts.largestWrite(lane.table);
    const batch: { readonly job: Job; readonly row: PendingInsert }[] = [];
    const keys = new Set<string>();
    let [bytes, units] = [0, 0];
    let turn = lane.entries;
    while (turn.length > 0 && batch.length < STATEMENTS_PER_BATCH) {
      const again: Entry[] = [];
      for (const entry of turn) {
        const row = entry.rows[entry.next];
        if (row === undefined) continue;
        const [size, cost, key] = [wireBytes(row), row.cost?.units ?? 1, identityOf(row)];
        const isFull =
          batch.length === STATEMENTS_PER_BATCH || bytes + size > BATCH_BYTES || units + cost > most;
        // the row is the first of a batch to come
        if ((batch.length > 0 && isFull) || keys.has(key)) continue;
        keys.add(key);
        batch.push({ job: entry.job, row });
        [bytes, units, entry.next] = [bytes + size, units + cost, entry.next + 1];
        again.push(entry);
      }
      turn = again;
    }
    this.#count(
      lane,
      batch.map(({ row }) => row),
      -1,
    );
    // whoever was served goes behind those who were not
    const served = new Set(batch.map(({ job }) => job));
    const left = lane.entries.filter(({ rows, next }) => next < rows.length);
    lane.entries = [
      ...left.filter(({ job }) => !served.has(job)),
      ...left.filter(({ job }) => served.has(job)),
    ];
    return batch;
  }

  #single(job: Job, row: PendingInsert): void {
    void this.#parts.limiter.run(async (call) => {
      if (job.failure === undefined) {
        await this.#settle([{ job, row }], async () => [await this.#parts.inserter.put(row, call)]);
      } else {
        this.#close(job, 1);
      }
    });
  }

  async #settle(
    batch: readonly { readonly job: Job; readonly row: PendingInsert }[],
    send: () => Promise<readonly InsertResult[]>,
  ): Promise<void> {
    try {
      const answers = await send();
      batch.forEach(({ job, row }, position) => job.answered(row, answers[position] as InsertResult));
    } catch (error) {
      for (const job of new Set(batch.map((one) => one.job))) {
        job.failure ??= { error: error as Error };
        this.#withdraw(job);
      }
    }
    for (const { job } of batch) this.#close(job, 1);
  }

  /** Takes the rows of a call that are not under way off all lanes. */
  #withdraw(job: Job): void {
    for (const lane of this.#lanes.values()) {
      for (const entry of lane.entries.filter((one) => one.job === job)) {
        const left = entry.rows.slice(entry.next);
        entry.next = entry.rows.length;
        this.#count(lane, left, -1);
        this.#close(job, left.length);
      }
      lane.entries = lane.entries.filter((one) => one.job !== job);
    }
    this.#letIn();
  }

  #close(job: Job, rows: number): void {
    job.open -= rows;
    if (job.open === 0) job.done();
  }

  #count(lane: Lane, rows: readonly PendingInsert[], sign: 1 | -1): void {
    for (const { cost } of rows) lane.units += sign * (cost?.units ?? 1);
    lane.rows += sign * rows.length;
    this.#rows += sign * rows.length;
  }

  #letIn(): void {
    while (this.#rows < CAPACITY && this.#outside.length > 0) this.#outside.shift()?.();
  }
}
