import { freezeTrial, knockTrial } from '../support/faults/freeze-trial.js';
import { inLanes } from '../support/faults/lanes.js';
import { pointNamed } from '../support/faults/points.js';
import { secondGeneration, type ProcessScenario } from '../support/faults/process-scenario.js';

describe('invariant 7: two runners at once', () => {
  let scenario: ProcessScenario;
  beforeAll(async () => {
    scenario = await secondGeneration(40);
  }, 60_000);

  it('the second is refused with who holds the lease and until when, and the first does not notice', async () => {
    const { holder, refused, differences } = await knockTrial(scenario, pointNamed('BatchExecuteStatement'));
    expect([refused.exit, refused.code]).toEqual([3, 'LEASE_HELD']);
    expect(refused.message).toContain(String(holder));
    expect(refused.message).toMatch(/\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}/);
    expect(differences).toEqual([]);
  }, 60_000);

  it('one that is frozen beyond its lease sends nothing new when it wakes, and the other ends as if it had been alone', async () => {
    const freezes = [
      { name: 'BatchExecuteStatement', phase: 'arrived', late: true },
      { name: 'TransactWriteItems of a checkpoint', phase: 'answered' },
    ] as const;
    const trials = await inLanes(2, freezes, ({ name, ...how }) =>
      freezeTrial(scenario, { ...how, at: pointNamed(name) }),
    );
    for (const { point, frozen, writesAfterWake, differences } of trials) {
      expect(point).toMatch(/^milestones: /);
      expect(writesAfterWake).toEqual([]);
      expect(differences).toEqual([]);
      expect([frozen.exit, frozen.code]).toEqual([3, 'LEASE_LOST']);
    }
  }, 120_000);
});
