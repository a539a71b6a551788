import { endStateOf, runsOf, type EndState } from './end-state.js';
import { companies, monthLater, rawTables } from './company-data.js';
import { FaultProxy } from './fault-proxy.js';
import { ProcessStage } from './process-stage.js';
import { putAll, type RawTables } from './raw-tables.js';
import type { RecordedRequest } from './recorded-request.js';

/** Few records, so small pages and two segments make for several slices. */
export const RUN = 'run --env dev --segments 2 --concurrency 4 --json';
const ROLLBACK = 'rollback --env dev --segments 2 --concurrency 4 --json';
export const PAGE_ROWS = 20;

/** Tables, and what an uninterrupted run makes of them. */
export interface ProcessScenario {
  /** the command that is interrupted */
  readonly words: string;
  readonly tables: RawTables;
  /** runs that are in the journal already */
  readonly earlier: readonly string[];
  readonly exit: number | null;
  readonly end: EndState;
  readonly requests: readonly RecordedRequest[];
  /** ms from the start of the process to its first request, and to its end */
  readonly firstRequest: number;
  readonly milliseconds: number;
}

/** Companies that were never migrated. */
export function firstGeneration(
  records: number,
  defects: boolean | readonly string[] = true,
): Promise<ProcessScenario> {
  return scenarioOf(RUN, rawTables(companies(records, defects)), []);
}

/** Companies that were migrated once and went on for a month: rows to replace, to leave alone, in conflict. */
export function secondGeneration(records: number): Promise<ProcessScenario> {
  return afterAMonth(RUN, records);
}

/** The same companies, whose migration is taken back: rows to remove, and rows that somebody changed since. */
export function rolledBack(records: number): Promise<ProcessScenario> {
  return afterAMonth(ROLLBACK, records);
}

async function afterAMonth(words: string, records: number): Promise<ProcessScenario> {
  const stage = await ProcessStage.open(rawTables(companies(records, true)));
  try {
    const { exit, stderr } = await stage.start(RUN).ended;
    if (exit !== 1) throw new Error(`the first run ended with ${String(exit)}: ${stderr.slice(-500)}`);
    for (const [table, rows] of monthLater(await stage.tables())) await putAll(stage.raw, table, rows);
    return await scenarioOf(words, await stage.tables(), (await runsOf(stage)).runs);
  } finally {
    await stage.close();
  }
}

async function scenarioOf(
  words: string,
  tables: RawTables,
  earlier: readonly string[],
): Promise<ProcessScenario> {
  const stage = await ProcessStage.open(tables);
  const proxy = await FaultProxy.start(stage.endpoint, { pageLimit: PAGE_ROWS });
  try {
    const running = stage.start(words, proxy.endpoint);
    const { exit, milliseconds } = await running.ended;
    const { requests } = proxy;
    const firstRequest = (requests[0]?.startedAt ?? Infinity) - running.startedAt;
    const end = await endStateOf(stage, earlier);
    return { words, tables, earlier, exit, end, requests, firstRequest, milliseconds };
  } finally {
    await proxy.close();
    await stage.close();
  }
}
