import { inLanes } from '../support/faults/lanes.js';
import { pointNamed } from '../support/faults/points.js';
import { firstGeneration, secondGeneration } from '../support/faults/process-scenario.js';
import { stopTrial } from '../support/faults/stop-trial.js';
import { seconds, tell } from '../support/faults/tell.js';

const LANES = 2;
const POINTS = [
  'taking the lease',
  'recording the run',
  'recording where a step stands',
  'Scan of a look-up',
  'Scan of records',
  'BatchExecuteStatement',
  'TransactWriteItems of entries',
  'TransactWriteItems of a checkpoint',
  'Scan of the verification',
];

describe('a runner that is asked to stop', () => {
  it.each(['SIGINT', 'SIGTERM', 'stop', 'twice'] as const)(
    '%s: ends with exit 4 at any point, and the next one ends where an uninterrupted run ends',
    async (how) => {
      const begun = performance.now();
      const scenarios = [await firstGeneration(60), await secondGeneration(60)];
      const jobs = scenarios.flatMap((scenario) => POINTS.map((name) => ({ scenario, name })));
      const trials = await inLanes(LANES, jobs, async ({ scenario, name }) => ({
        name,
        ...(await stopTrial(scenario, how, pointNamed(name))),
      }));
      const slowest = Math.max(...trials.map(({ took }) => took));
      tell(
        `stopped by ${how} at ${trials.length} points, ${seconds(begun)} s; at most ${Math.round(slowest)} ms from asking to the end`,
      );
      const faults = trials.flatMap(({ name, point, stopped, released, took, differences }) =>
        [
          ...(point === undefined ? ['never reached'] : []),
          ...(stopped.exit === 4 && stopped.code === 'ABORTED'
            ? []
            : [`exit ${String(stopped.exit)} ${stopped.code ?? ''}`]),
          ...(how === 'twice' || released ? [] : ['the lease is still held']),
          ...(how !== 'twice' || took < 1000 ? [] : [`took ${took} ms`]),
          ...differences,
        ].map((fault) => `${name}: ${fault}`),
      );
      expect(faults).toEqual([]);
    },
  );
});
