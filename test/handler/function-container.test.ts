import { readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FunctionEvent } from '../../src/handler/index.js';
import { PLAN_OUTLINES } from '../../src/runner/composition/plan-outlines.js';
import { differences } from '../support/faults/end-state.js';
import { FaultProxy } from '../support/faults/fault-proxy.js';
import { TIMED_OUT, type Answer, type FunctionContainer } from '../support/handler/function-container.js';
import { FunctionStage } from '../support/handler/function-stage.js';

const SEED = '--defects --scale 20';
const PAGE_ROWS = 20;
/** ms that a request takes longer, so that a small plan takes many invocations */
const SLOW_MS = 4;
const INVOCATION_MS = 1_000;
/** invocation → the request at which it is killed, where it sends as many */
const KILLS: ReadonlyMap<number, number> = new Map([
  [1, 30],
  [3, 20],
  [6, 45],
]);

interface Course {
  readonly answers: readonly Answer[];
  readonly last: Answer;
}

/**
 * Invokes until the run is over, as a state machine would: with `next`, and with the same event again after a kill.
 * Invocations that come no further are followed by longer ones.
 */
async function course(container: FunctionContainer, proxy: FaultProxy, plan: string): Promise<Course> {
  const answers: Answer[] = [];
  let requests = 0;
  proxy.onRequest = async (_, phase) => {
    await sleep(SLOW_MS);
    if (phase === 'arrived' && (requests += 1) === KILLS.get(answers.length + 1)) container.kill();
    return undefined;
  };
  let event: FunctionEvent = { env: 'dev', plan, segments: 2, concurrency: 4, maxIdleInvocations: 50 };
  while (answers.length < 200) {
    requests = 0;
    const milliseconds = INVOCATION_MS + 500 * (event.state?.idle ?? 0);
    // it is on a busy machine: only the kills above are meant
    const answer = await container.invoke(event, milliseconds, 60_000);
    answers.push(answer);
    if (answer === TIMED_OUT || answer.errorType === 'Waybill.Busy') continue;
    if (answer.result?.next === undefined) return { answers, last: answer };
    event = answer.result.next;
  }
  throw new Error(`not over after ${answers.length} invocations`);
}

describe('the function in a container', () => {
  it.each(PLAN_OUTLINES.map((plan) => [plan.name, plan] as const))(
    'C-12, C-X12: %s in many short invocations, some killed, leaves what the command line leaves',
    async (name, plan) => {
      const [line, stage] = [await FunctionStage.open(plan, SEED), await FunctionStage.open(plan, SEED)];
      const proxy = await FaultProxy.start(stage.endpoint, { pageLimit: PAGE_ROWS });
      const container = stage.container(proxy.endpoint);
      try {
        await line.type('run --segments 2', 1);
        const { answers, last } = await course(container, proxy, name);
        expect(last).toMatchObject({ errorType: 'Waybill.Failed' });
        // with defects of all kinds, `personnel` does not validate either way
        expect(last.errorMessage).toMatch(/^(RECORDS_SET_ASIDE|VALIDATION_FAILED): /);
        const killed = answers.filter((answer) => answer === TIMED_OUT).length;
        expect(killed).toBeGreaterThan(0);
        expect(container.coldStarts).toBe(killed + 1);
        expect(differences(await line.endState(), await stage.endState())).toEqual([]);
      } finally {
        await container.stop();
        await proxy.close();
        await stage.close();
        await line.close();
      }
    },
    300_000,
  );

  it('writes no file in its working directory, logs on standard output, and needs nothing from before', async () => {
    const [plan] = PLAN_OUTLINES;
    if (plan === undefined) throw new Error('there is no plan');
    const stage = await FunctionStage.open(plan, SEED);
    const container = stage.container();
    try {
      const answer = await container.invoke({ env: 'dev', plan: plan.name }, 60_000);
      expect(answer.errorMessage).toMatch(/^RECORDS_SET_ASIDE: /);
      expect(container.log).toContain('"event":"invocation.started"');
      expect(container.log).toContain('"event":"step.ended"');
      expect(readdirSync(container.folder)).toEqual([]);
    } finally {
      await container.stop();
      await stage.close();
    }
  });
});
