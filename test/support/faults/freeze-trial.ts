import { setTimeout as sleep } from 'node:timers/promises';
import { differences, endStateOf } from './end-state.js';
import { FaultProxy, type RequestHook } from './fault-proxy.js';
import { Latch } from './latch.js';
import { PAGE_ROWS, RUN, type ProcessScenario } from './process-scenario.js';
import { ProcessStage } from './process-stage.js';
import { pointOf, type Phase, type RecordedRequest } from './recorded-request.js';
import { outcomeOf, type Outcome, type Ending, type RunnerProcess } from './runner-process.js';

/** Where a runner is frozen with SIGSTOP: as a request passes by, or at an instant. */
export type Freeze = FreezeAtRequest | FreezeAtInstant;

export interface FreezeAtRequest {
  /** the first request of this kind */
  readonly at: (request: RecordedRequest) => boolean;
  readonly phase: Phase;
  /** the request itself reaches the store only after the runner woke, as if the network had kept it so long */
  readonly late?: boolean;
}

interface FreezeAtInstant {
  /** ms after the run was recorded: from then on it holds the lease */
  readonly after: number;
}

export interface FreezeTrial {
  /** where it was frozen; undefined: it had no such request, or was done before */
  readonly point: string | undefined;
  /** how the frozen one ended after it woke */
  readonly frozen: Outcome;
  /** what it sent after it woke, and what it was told */
  readonly writesAfterWake: readonly string[];
  readonly readsAfterWake: number;
  /** what is not as it is after the uninterrupted run */
  readonly differences: readonly string[];
}

const LEASE_SECONDS = 2;
/** A successor that is refused comes again; a lease of two seconds and its margin are over long before this. */
const TAKEOVER_WITHIN_MS = 20_000;
/** Long enough for a runner that wakes to send whatever it would send, timers included. */
const AFTER_WAKE_MS = 300;

/** Freezes a runner beyond its lease, lets another one take over, and wakes the first while the other is at work. */
export async function freezeTrial(scenario: ProcessScenario, freeze: Freeze): Promise<FreezeTrial> {
  const stage = await ProcessStage.open(scenario.tables);
  const [proxy, other] = [await opened(stage), await opened(stage)];
  const [release, progress] = [new Latch(), new Latch()];
  try {
    const first = stage.start(`${RUN} --lease-seconds ${LEASE_SECONDS}`, proxy.endpoint);
    const frozen = frozenAt(first, proxy, freeze, release.opened);
    const point = await Promise.race([frozen, first.ended.then(() => undefined)]);
    other.onRequest = (request, phase) => {
      if (request.writes && phase === 'answered' && isProgress(request)) progress.open(undefined);
      return undefined;
    };
    const successor = takeOver(stage, other);
    await Promise.race([progress.opened, successor]);
    const woken = performance.now();
    first.signal('SIGCONT');
    await sleep(AFTER_WAKE_MS);
    release.open(undefined);
    const [ending, next] = await Promise.all([first.ended, successor]);
    const found = next.exit === scenario.exit ? [] : [`the successor: ${JSON.stringify(outcomeOf(next))}`];
    found.push(...differences(scenario.end, await endStateOf(stage, scenario.earlier)));
    return {
      point: point === undefined ? undefined : stage.named(point),
      frozen: outcomeOf(ending),
      writesAfterWake: proxy
        .writesAfter(woken)
        .filter(isNew)
        .map((request) => {
          const later = `${Math.round(request.startedAt - woken)} ms later, HTTP ${request.status ?? 'none'}`;
          return `${stage.named(pointOf(request, 'arrived'))}, ${later}`;
        }),
      readsAfterWake: proxy.requests.filter(({ startedAt, writes }) => startedAt > woken && !writes).length,
      differences: found.map((one) => stage.named(one)),
    };
  } finally {
    await proxy.close();
    await other.close();
    await stage.close();
  }
}

/**
 * A heartbeat that was on its way to a socket when the process froze arrives when it wakes. It is conditional on the
 * token, so that a holder of yesterday is told so (400) and renews nothing; the fence is about everything else.
 */
function isNew(request: RecordedRequest): boolean {
  return !(request.status === 400 && pointOf(request, 'arrived').includes('heartbeat'));
}

/** A second runner comes while the first is at work on a request. */
export async function knockTrial(
  scenario: ProcessScenario,
  at: FreezeAtRequest['at'],
): Promise<{ readonly holder: number; readonly refused: Outcome; readonly differences: readonly string[] }> {
  const stage = await ProcessStage.open(scenario.tables);
  const proxy = await opened(stage);
  const [reached, release] = [new Latch(), new Latch()];
  proxy.onRequest = async (request) => {
    if (!at(request)) return undefined;
    reached.open(undefined);
    return release.opened;
  };
  try {
    const first = stage.start(RUN, proxy.endpoint);
    await Promise.race([reached.opened, first.ended]);
    const refused = outcomeOf(await stage.start(RUN).ended);
    release.open(undefined);
    const { exit } = await first.ended;
    const found = exit === scenario.exit ? [] : [`the first runner: exit ${String(exit)}`];
    found.push(...differences(scenario.end, await endStateOf(stage, scenario.earlier)));
    return { holder: first.pid, refused, differences: found };
  } finally {
    release.open(undefined);
    await proxy.close();
    await stage.close();
  }
}

function opened(stage: ProcessStage): Promise<FaultProxy> {
  return FaultProxy.start(stage.endpoint, { pageLimit: PAGE_ROWS });
}

/** Resolves with the point once the runner is frozen. */
function frozenAt(
  first: RunnerProcess,
  proxy: FaultProxy,
  freeze: Freeze,
  release: Promise<undefined>,
): Promise<string> {
  return new Promise((done) => {
    let begun = false;
    const hook: RequestHook = (request, phase) => {
      const isThere =
        'at' in freeze ? phase === freeze.phase && freeze.at(request) : request.subject === 'run';
      if (begun || !isThere) return undefined;
      begun = true;
      if ('after' in freeze) {
        setTimeout(() => {
          const { point, requests } = proxy;
          // recorded for the second time: nothing is left to do, and what comes next is another run
          const isOver = requests.filter(({ subject, writes }) => writes && subject === 'run').length > 1;
          if (!isOver && first.signal('SIGSTOP')) done(point);
        }, freeze.after);
        return undefined;
      }
      first.signal('SIGSTOP');
      done(pointOf(request, phase));
      return freeze.late === true ? release : undefined;
    };
    proxy.onRequest = hook;
  });
}

/** A write that only a runner at work sends, not one that just knocks at the door. */
function isProgress({ subject }: RecordedRequest): boolean {
  return !['lease', 'heartbeat', 'run', 'format'].includes(subject);
}

/** Types the command again until it is not refused any more, as an operator would. */
async function takeOver(stage: ProcessStage, proxy: FaultProxy): Promise<Ending> {
  const end = performance.now() + TAKEOVER_WITHIN_MS;
  for (;;) {
    const ending = await stage.start(RUN, proxy.endpoint).ended;
    if (outcomeOf(ending).code !== 'LEASE_HELD' || performance.now() > end) return ending;
  }
}
