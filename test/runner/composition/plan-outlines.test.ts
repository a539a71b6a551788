import { PLAN_OUTLINES } from '../../../src/runner/composition/plan-outlines.js';
import { plans } from '../../../src/runner/composition/plans.js';

describe('the outlines of the plans', () => {
  it('tell of every plan, its steps, tables and flags what the plan itself does', () => {
    expect(PLAN_OUTLINES).toEqual(
      plans().map(({ plan: { steps, ...plan } }) => ({
        ...plan,
        steps: steps.map((step) => ({ name: step.name, title: step.title, phase: step.phase })),
      })),
    );
  });
});
