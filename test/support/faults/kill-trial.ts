import { differences, endStateOf, runsOf } from './end-state.js';
import type { ScheduleOptions } from './fault-kinds.js';
import { FaultProxy } from './fault-proxy.js';
import { PAGE_ROWS, type ProcessScenario } from './process-scenario.js';
import { ProcessStage } from './process-stage.js';
import { pointOf, type Phase } from './recorded-request.js';
import type { Ending } from './runner-process.js';
import type { SeededRandom } from './seeded-random.js';

/** When a process is killed: at an instant of its work, or as one of its requests passes by. */
export type Kill =
  | {
      /** of the time from the first request to the end, 0 … 1; before the first one it can leave nothing behind */
      readonly share: number;
    }
  | {
      /** from 1 */
      readonly request: number;
      readonly phase: Phase;
      /** the request, or its answer, goes with the process */
      readonly drop: boolean;
    };

export interface KillTrial {
  /** where a living process was killed */
  readonly points: readonly string[];
  /** kills that came too late: the process had ended */
  readonly missed: number;
  /** what is not as it is after the uninterrupted run */
  readonly differences: readonly string[];
}

/** How long a run works, from its first request to its end; measured again with every one that is not killed. */
export class Pace {
  private milliseconds: number;

  constructor({ firstRequest, milliseconds }: ProcessScenario) {
    this.milliseconds = milliseconds - firstRequest;
  }

  after(share: number): number {
    return share * this.milliseconds;
  }

  /** A machine is now slower, now faster: kills should neither all come too late nor all too early. */
  measured(milliseconds: number): void {
    this.milliseconds = (this.milliseconds + milliseconds) / 2;
  }
}

export function randomRequest(scenario: ProcessScenario, random: SeededRandom): Kill {
  const request = 1 + random.below(scenario.requests.length);
  return { request, phase: random.chance(0.5) ? 'arrived' : 'answered', drop: random.chance(0.5) };
}

export interface KillOptions {
  /** what all processes meet; undefined: nothing */
  readonly faults?: ScheduleOptions;
  readonly pace: Pace;
}

/** Kills a process, then what goes on with it, and so on, until no kill is left; the last process is let to its end. */
export async function killTrial(
  scenario: ProcessScenario,
  kills: readonly Kill[],
  options: KillOptions,
): Promise<KillTrial> {
  const stage = await ProcessStage.open(scenario.tables);
  const points: string[] = [];
  const found: string[] = [];
  let missed = 0;
  try {
    for (const kill of kills) {
      const { point, ending } = await killed(stage, scenario.words, kill, options);
      if (point === undefined) {
        missed += 1;
        if (ending.exit !== scenario.exit) found.push(`an unkilled process: ${told(ending)}`);
      } else points.push(stage.named(point));
      if (await isOver(stage, scenario)) break;
    }
    if (!(await isOver(stage, scenario))) {
      const { ending } = await killed(stage, scenario.words, undefined, options);
      if (ending.exit !== scenario.exit) found.push(`the last process: ${told(ending)}`);
    }
    const { runs } = await runsOf(stage);
    const begun = runs.length - scenario.earlier.length;
    if (begun !== 1) found.push(`${begun} runs instead of one`);
    found.push(...differences(scenario.end, await endStateOf(stage, scenario.earlier)));
    const where = points.join(', then ');
    return { points, missed, differences: found.map((one) => `${where}: ${stage.named(one)}`) };
  } finally {
    await stage.close();
  }
}

/** Runs a process to its end. `point`: where it was killed; undefined: it ended by itself. */
async function killed(
  stage: ProcessStage,
  words: string,
  kill: Kill | undefined,
  { faults, pace }: KillOptions,
): Promise<{ readonly point: string | undefined; readonly ending: Ending }> {
  const proxy = await FaultProxy.start(stage.endpoint, {
    pageLimit: PAGE_ROWS,
    ...(faults === undefined ? {} : { faults }),
  });
  const running = stage.start(words, proxy.endpoint);
  let point: string | undefined;
  let timer: NodeJS.Timeout | undefined;
  const killAt = (here: string): void => {
    if (running.signal('SIGKILL')) point = here;
  };
  proxy.onRequest = (request, phase) => {
    if (kill === undefined) return undefined;
    if ('share' in kill) {
      timer ??= setTimeout(() => killAt(proxy.point), pace.after(kill.share));
      return undefined;
    }
    if (request.n !== kill.request || phase !== kill.phase) return undefined;
    killAt(pointOf(request, phase));
    return kill.drop ? 'drop' : undefined;
  };
  try {
    const ending = await running.ended;
    const begun = (proxy.requests[0]?.startedAt ?? Infinity) - running.startedAt;
    if (ending.signal === null && kill !== undefined) pace.measured(ending.milliseconds - begun);
    // a process that ends by itself while the signal is under way has not been killed
    return { point: ending.signal === 'SIGKILL' ? point : undefined, ending };
  } finally {
    clearTimeout(timer);
    await proxy.close();
  }
}

async function isOver(stage: ProcessStage, scenario: ProcessScenario): Promise<boolean> {
  const { runs, unfinished } = await runsOf(stage);
  return runs.length > scenario.earlier.length && !unfinished;
}

function told({ exit, signal, stdout, stderr }: Ending): string {
  return `exit ${String(exit)}, signal ${String(signal)}: ${(stderr === '' ? stdout : stderr).slice(-400)}`;
}
