import type { FunctionEvent } from '../../src/handler/index.js';
import { KPI_OUTLINE } from '../../src/migrations/kpi/kpi.outline.js';
import { differences } from '../support/faults/end-state.js';
import { seconds, tell } from '../support/faults/tell.js';
import { TIMED_OUT, type Answer } from '../support/handler/function-container.js';
import { FunctionStage } from '../support/handler/function-stage.js';

const RECORDS = 20_000;
const INVOCATION_MS = 2_000;
const SEED = `--scale ${RECORDS}`;

/** Two segments, so that a stop has less to finish; a third of the time for it, because machines of tests are slow. */
const FIRST: FunctionEvent = { env: 'dev', segments: 2, reservedMillis: 700, maxIdleInvocations: 30 };

describe('the function handler', () => {
  it('C-12: finishes 20,000 records in invocations of two seconds, with the state of the command line', async () => {
    const [line, stage] = [
      await FunctionStage.open(KPI_OUTLINE, SEED),
      await FunctionStage.open(KPI_OUTLINE, SEED),
    ];
    const container = stage.container();
    try {
      await line.type('run --segments 2', 0);
      const begun = performance.now();
      const answers: Answer[] = [];
      let event: FunctionEvent | undefined = FIRST;
      while (event !== undefined && answers.length < 1_000) {
        const answer = await container.invoke(event, INVOCATION_MS);
        answers.push(answer);
        // a state machine invokes with the same event again
        const isAgain = answer === TIMED_OUT || answer.errorType === 'Waybill.Busy';
        if (!isAgain) event = answer.result?.next;
      }
      const killed = answers.filter((answer) => answer === TIMED_OUT).length;
      const busy = answers.filter(({ errorType }) => errorType === 'Waybill.Busy').length;
      tell(
        `${RECORDS} records in ${answers.length} invocations of ${INVOCATION_MS} ms, ${killed} of them killed, ${busy} without the lease, ` +
          `${seconds(begun)} s in all`,
      );
      expect(answers.at(-1)).toMatchObject({ result: { status: 'complete', counts: { read: RECORDS } } });
      expect(answers.length).toBeGreaterThan(5);
      expect(differences(await line.endState(), await stage.endState())).toEqual([]);
    } finally {
      await container.stop();
      await stage.close();
      await line.close();
    }
  });
});
