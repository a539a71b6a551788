import { FAULT_KINDS } from '../support/faults/fault-kinds.js';
import { faultTrial, seedTrial, type FaultTrial } from '../support/faults/fault-trial.js';
import { inLanes } from '../support/faults/lanes.js';
import {
  firstGeneration,
  secondGeneration,
  type ProcessScenario,
} from '../support/faults/process-scenario.js';
import { seconds, tell } from '../support/faults/tell.js';

const SEED = Date.now();
const RATES = [0.01, 0.03, 0.1, 0.2, 0.3];
const SEEDS = [0, 1, 2].map((n) => SEED + n);
const LANES = 3;

describe(`a network and a store that fail now and then (seeds ${SEEDS.join(', ')})`, () => {
  let scenarios: readonly ProcessScenario[];

  beforeAll(async () => {
    scenarios = [await firstGeneration(100), await secondGeneration(100)];
  });

  it.each(RATES)('at %f of all requests: every run ends as if nothing had been', async (rates) => {
    const begun = performance.now();
    const jobs = scenarios.flatMap((scenario) => SEEDS.map((seed) => ({ scenario, seed })));
    const trials = await inLanes(LANES, jobs, ({ scenario, seed }) =>
      faultTrial(scenario, { seed, rates, eachAtLeastOnce: true }),
    );
    tell(`faults at ${rates * 100} %: ${told(trials)}, ${seconds(begun)} s`);
    expect(trials.flatMap(({ differences }) => differences)).toEqual([]);
    const fired = firedOf(trials);
    // no run sends a `BatchWriteItem`
    const silent = FAULT_KINDS.filter((kind) => kind !== 'unprocessed-items' && (fired.get(kind) ?? 0) === 0);
    expect(silent).toEqual([]);
  });

  it('requests that reach the store long after their sender has given them up do no harm', async () => {
    const begun = performance.now();
    const jobs = scenarios.flatMap((scenario) => SEEDS.map((seed) => ({ scenario, seed })));
    // with a lease of 3 seconds an attempt may take 750 ms
    const late = { maxDelay: 2_000, more: '--lease-seconds 3' };
    const trials = await inLanes(LANES, jobs, ({ scenario, seed }) =>
      faultTrial(scenario, { seed, rates: { delay: 0.15 } }, late),
    );
    tell(`late requests: ${told(trials)}, ${seconds(begun)} s`);
    expect(trials.flatMap(({ differences }) => differences)).toEqual([]);
    expect(firedOf(trials).get('delay')).toBeGreaterThan(100);
  });

  it('seed writes the same rows', async () => {
    const trials = await inLanes(LANES, SEEDS, (seed) =>
      seedTrial({ seed, rates: 0.3, eachAtLeastOnce: true }),
    );
    expect(trials.flatMap(({ differences }) => differences)).toEqual([]);
    expect(firedOf(trials).get('unprocessed-items')).toBeGreaterThan(2);
  });
});

function firedOf(trials: readonly Pick<FaultTrial, 'fired'>[]): Map<string, number> {
  return new Map(
    FAULT_KINDS.map((kind) => [kind, trials.reduce((sum, { fired }) => sum + (fired.get(kind) ?? 0), 0)]),
  );
}

function told(trials: readonly FaultTrial[]): string {
  const requests = trials.reduce((sum, trial) => sum + trial.requests, 0);
  const fired = [...firedOf(trials)].filter(([, count]) => count > 0);
  const faults = fired.reduce((sum, [, count]) => sum + count, 0);
  return `${trials.length} runs, ${requests} requests, ${faults} faults (${fired.map(([kind, count]) => `${kind} ${count}`).join(', ')})`;
}
