import { inLanes } from '../support/faults/lanes.js';
import { pointNamed } from '../support/faults/points.js';
import { secondGeneration } from '../support/faults/process-scenario.js';
import { stopTrial } from '../support/faults/stop-trial.js';

describe('a runner that is asked to stop', () => {
  it('ends with exit 4 and what is left to do, and the next one ends where an uninterrupted run ends', async () => {
    const scenario = await secondGeneration(40);
    const hows = ['SIGINT', 'stop', 'twice'] as const;
    const trials = await inLanes(2, hows, (how) =>
      stopTrial(scenario, how, pointNamed('BatchExecuteStatement')),
    );
    for (const [index, { point, stopped, status, took, released, differences }] of trials.entries()) {
      const how = hows[index];
      expect([how, point]).toEqual([how, expect.stringMatching(/^milestones: BatchExecuteStatement /)]);
      expect([how, stopped.exit, stopped.code, status]).toEqual([how, 4, 'ABORTED', 'aborted']);
      expect([how, differences]).toEqual([how, []]);
      if (how === 'twice') {
        // at once: its request was held by the proxy, so it can't have waited for the answer
        expect(took).toBeLessThan(1000);
      } else {
        expect(released).toBe(true);
        expect(stopped.message).toMatch(/links validated, milestones .*, readings not begun/);
        expect(stopped.next).toContain('--resume');
      }
    }
  }, 120_000);
});
