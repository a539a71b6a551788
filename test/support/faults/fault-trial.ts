import type { RawItem } from '../e2e/raw-server.js';
import { companies, rawTables } from './company-data.js';
import { differences, endStateOf, runsOf } from './end-state.js';
import type { FaultKind, ScheduleOptions } from './fault-kinds.js';
import { FaultProxy } from './fault-proxy.js';
import { PAGE_ROWS, RUN, type ProcessScenario } from './process-scenario.js';
import { ProcessStage } from './process-stage.js';

export interface FaultTrial {
  /** how often each kind did happen */
  readonly fired: ReadonlyMap<FaultKind, number>;
  readonly requests: number;
  readonly milliseconds: number;
  /** what is not as it is after the uninterrupted run */
  readonly differences: readonly string[];
}

export interface FaultTrialOptions {
  /** ms; undefined: far less than what a runner waits for an answer */
  readonly maxDelay?: number;
  /** more words for the command */
  readonly more?: string;
}

/** One run over a network and a store that fail now and then. It has to come through by itself. */
export async function faultTrial(
  scenario: ProcessScenario,
  faults: ScheduleOptions,
  { maxDelay = 50, more = '' }: FaultTrialOptions = {},
): Promise<FaultTrial> {
  const stage = await ProcessStage.open(scenario.tables);
  const proxy = await FaultProxy.start(stage.endpoint, { pageLimit: PAGE_ROWS, faults, maxDelay });
  try {
    const { exit, stderr, milliseconds } = await stage.start(`${RUN} ${more}`.trim(), proxy.endpoint).ended;
    const found: string[] = [];
    if (exit !== scenario.exit) found.push(`exit ${String(exit)}: ${stderr.slice(-400)}`);
    if (proxy.errors.length > 0) found.push(`the proxy itself: ${String(proxy.errors[0])}`);
    const { runs } = await runsOf(stage);
    const begun = runs.length - scenario.earlier.length;
    if (begun !== 1) found.push(`${begun} runs instead of one`);
    found.push(...differences(scenario.end, await endStateOf(stage, scenario.earlier)));
    const { fired, requests } = proxy;
    return {
      fired,
      requests: requests.length,
      milliseconds,
      differences: found.map((one) => stage.named(one)),
    };
  } finally {
    await proxy.close();
    await stage.close();
  }
}

/** Seeds empty tables over a network and a store that fail now and then. */
export async function seedTrial(faults: ScheduleOptions): Promise<Pick<FaultTrial, 'fired' | 'differences'>> {
  const expected = rawTables(companies(SEEDED_RECORDS, true));
  const stage = await ProcessStage.open(new Map());
  const proxy = await FaultProxy.start(stage.endpoint, { faults });
  try {
    const words = `seed --env dev --scale ${SEEDED_RECORDS} --defects --json`;
    const { exit, stderr } = await stage.start(words, proxy.endpoint).ended;
    const found = exit === 0 ? [] : [`exit ${String(exit)}: ${stderr.slice(-400)}`];
    const tables = await stage.tables();
    for (const [table, rows] of expected) {
      const [wanted, is] = [rows, tables.get(table) ?? []].map((some) => some.map(idText).sort().join());
      if (wanted !== is)
        found.push(`${table}: ${tables.get(table)?.length ?? 0} rows instead of ${rows.length}`);
    }
    return { fired: proxy.fired, differences: found };
  } finally {
    await proxy.close();
    await stage.close();
  }
}

const SEEDED_RECORDS = 300;

function idText(row: RawItem): string {
  return JSON.stringify(row['id']);
}
