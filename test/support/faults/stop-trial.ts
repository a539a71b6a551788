import { setTimeout as sleep } from 'node:timers/promises';
import { differences, endStateOf } from './end-state.js';
import { FaultProxy } from './fault-proxy.js';
import { Latch } from './latch.js';
import { PAGE_ROWS, RUN, type ProcessScenario } from './process-scenario.js';
import { ProcessStage } from './process-stage.js';
import { pointOf, type RecordedRequest } from './recorded-request.js';
import { documentOf, outcomeOf, type Outcome, type RunnerProcess } from './runner-process.js';

/** How somebody asks a runner to stop. `twice`: a second Ctrl-C while the first is still waiting for the store. */
export type Stop = 'SIGINT' | 'SIGTERM' | 'stop' | 'twice';

export interface StopTrial {
  readonly point: string | undefined;
  readonly stopped: Outcome;
  /** as the document has it; undefined where a runner that ended at once printed none */
  readonly status: string | undefined;
  /** ms from the last signal, or from the end of `stop`, to the end of the process */
  readonly took: number;
  /** whether the store says that nobody holds the lease */
  readonly released: boolean;
  /** what is not as it is after the uninterrupted run, once another process went on */
  readonly differences: readonly string[];
}

/** ms that every request takes longer, so that a heartbeat comes before the end of a small run. */
const SLOW_MS = 15;
const BETWEEN_MS = 150;

/** Stops a run as one of its requests passes by, then lets another process go on with it. */
export async function stopTrial(
  scenario: ProcessScenario,
  how: Stop,
  at: (request: RecordedRequest) => boolean,
): Promise<StopTrial> {
  const stage = await ProcessStage.open(scenario.tables);
  const proxy = await FaultProxy.start(stage.endpoint, { pageLimit: PAGE_ROWS });
  const release = new Latch();
  let point: string | undefined;
  let asking: Promise<number> | undefined;
  try {
    // a short lease has frequent heartbeats, by which a runner learns that it is to stop
    const running = stage.start(how === 'stop' ? `${RUN} --lease-seconds 4` : RUN, proxy.endpoint);
    proxy.onRequest = async (request, phase) => {
      if (how === 'stop') await sleep(SLOW_MS);
      if (point !== undefined || phase !== 'arrived' || !at(request)) return undefined;
      point = pointOf(request, phase);
      asking = ask(stage, running, how);
      return how === 'twice' ? release.opened : undefined;
    };
    const ending = await running.ended;
    const endedAt = performance.now();
    const took = endedAt - ((await asking) ?? endedAt);
    release.open(undefined);
    const released = await isReleased(stage);
    const next = await stage.start(RUN).ended;
    const found = next.exit === scenario.exit ? [] : [`what went on: ${JSON.stringify(outcomeOf(next))}`];
    found.push(...differences(scenario.end, await endStateOf(stage, scenario.earlier)));
    const silent = ending.stdout === '';
    return {
      point: point === undefined ? undefined : stage.named(point),
      stopped: silent ? { ...NOTHING, exit: ending.exit } : outcomeOf(ending),
      status: silent ? undefined : (documentOf(ending) as { readonly status: string }).status,
      took,
      released,
      differences: found.map((one) => stage.named(one)),
    };
  } finally {
    release.open(undefined);
    await proxy.close();
    await stage.close();
  }
}

const NOTHING = { code: undefined, message: undefined, next: undefined };

/** Resolves with the time at which it was asked for the last time. */
async function ask(stage: ProcessStage, running: RunnerProcess, how: Stop): Promise<number> {
  if (how === 'stop') {
    const { exit, stderr } = await stage.start('stop --env dev --json').ended;
    if (exit !== 0) throw new Error(`stop: exit ${String(exit)}, ${stderr}`);
    return performance.now();
  }
  running.signal(how === 'twice' ? 'SIGINT' : how);
  if (how === 'twice') {
    await sleep(BETWEEN_MS);
    running.signal('SIGINT');
  }
  return performance.now();
}

async function isReleased(stage: ProcessStage): Promise<boolean> {
  const { Item } = await stage.raw.call('GetItem', {
    TableName: stage.raw.physicalName('waybill-journal'),
    Key: { pk: { S: 'PLAN#kpi' }, sk: { S: 'LEASE' } },
    ConsistentRead: true,
  });
  const released = Item?.['released'];
  return released !== undefined && 'BOOL' in released && released.BOOL;
}
