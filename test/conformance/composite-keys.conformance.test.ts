import { checkConformance, conformanceCases } from '../../src/conformance/index.js';
import { mooringsSubject, MooringsStep } from '../support/moorings/moorings-plan.js';

describe('a plan whose tables all have composite keys', () => {
  for (const { name, run } of conformanceCases(mooringsSubject())) it(name, run);

  it('is told by the kit where a step names half of its key only', async () => {
    class HalfKey extends MooringsStep {
      override readonly sourceSortKey = 'departure';
    }
    const report = await checkConformance({ ...mooringsSubject(() => new HalfKey()) });
    const [runs] = report.cases;
    expect(runs?.problems).toContain(
      'step moorings: its source key is ship, departure, that of port-log is ship, arrival',
    );
  });
});
