import { FAULT_KINDS } from '../support/faults/fault-kinds.js';
import { seedTrial, faultTrial, type FaultTrial } from '../support/faults/fault-trial.js';
import { inLanes } from '../support/faults/lanes.js';
import { secondGeneration, type ProcessScenario } from '../support/faults/process-scenario.js';

/** What only befalls `BatchWriteItem`, which fills tables; no run sends one. */
const OF_SEEDING = 'unprocessed-items';

describe('a network and a store that fail now and then', () => {
  let scenario: ProcessScenario;
  let trials: readonly FaultTrial[];

  beforeAll(async () => {
    scenario = await secondGeneration(40);
    const faults = [
      { seed: 1, rates: 0.04, eachAtLeastOnce: true },
      { seed: 2, rates: 0.08, eachAtLeastOnce: true },
    ];
    trials = await inLanes(2, faults, (one) => faultTrial(scenario, one));
  }, 120_000);

  it('change nothing of where a run ends, its counters included', () => {
    expect(trials.flatMap(({ differences }) => differences)).toEqual([]);
  });

  it.each(FAULT_KINDS.filter((kind) => kind !== OF_SEEDING))('did so by %s', (kind) => {
    for (const { fired } of trials) expect(fired.get(kind)).toBeGreaterThan(0);
  });

  it('change nothing of what seed writes, partial batches included', async () => {
    const { differences, fired } = await seedTrial({
      seed: 3,
      rates: { [OF_SEEDING]: 0.4, 'reset-after': 0.1 },
    });
    expect(differences).toEqual([]);
    expect(fired.get(OF_SEEDING)).toBeGreaterThan(2);
  }, 60_000);
});
