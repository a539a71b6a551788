import type { RunRecord } from '../../runner/ports/journal.js';
import { planPartition, planRunKey, RUN_PREFIX, runKey } from './journal-layout.js';
import type { JournalItem, JournalTable, JournalWrites } from './journal-table.js';
import { emptyItem, recordItem, recordOf } from './record-item.js';

const RUNS_PER_PAGE = 100;

/** The runs in the journal's table: their records, and the list of each plan. */
export class RunList {
  readonly #table: JournalTable;
  readonly #writes: JournalWrites;

  constructor(table: JournalTable, writes: JournalWrites) {
    this.#table = table;
    this.#writes = writes;
  }

  async save(run: RunRecord): Promise<void> {
    // Listed first: a run that is listed and has no record is passed over, one that is not listed would be lost.
    const listed = { ...emptyItem(planRunKey(run.plan, run.run)), run: { S: run.run } };
    await this.#writes.put(listed, recordItem(runKey(run.run), run));
  }

  async run(run: string): Promise<RunRecord | undefined> {
    const item = await this.#table.get(runKey(run));
    return item === undefined ? undefined : (recordOf(item) as RunRecord);
  }

  /** newest first */
  async runs(plan: string, limit: number): Promise<RunRecord[]> {
    const pageSize = Math.max(1, Math.min(limit, RUNS_PER_PAGE));
    const listed = this.#table.query({
      pk: planPartition(plan),
      prefix: RUN_PREFIX,
      newestFirst: true,
      pageSize,
    });
    const runs: RunRecord[] = [];
    for await (const page of pagesOf(listed, pageSize)) {
      runs.push(...(await this.#recordsOf(page)));
      if (runs.length >= limit) break;
    }
    return runs.slice(0, limit);
  }

  /** The records of listed runs, in the order of the list. */
  async #recordsOf(listed: readonly JournalItem[]): Promise<RunRecord[]> {
    const names = listed.map((item) => item['run']?.S ?? '');
    const items = await this.#table.getAll(names.map(runKey));
    const records = new Map(items.map((item) => recordOf(item) as RunRecord).map((run) => [run.run, run]));
    return names.map((name) => records.get(name)).filter((run) => run !== undefined);
  }
}

async function* pagesOf<T>(values: AsyncIterable<T>, size: number): AsyncIterable<T[]> {
  let page: T[] = [];
  for await (const value of values) {
    page.push(value);
    if (page.length < size) continue;
    yield page;
    page = [];
  }
  if (page.length > 0) yield page;
}
