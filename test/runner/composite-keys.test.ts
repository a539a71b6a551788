import { describeCompositeKeys } from '../support/moorings/moorings-contract.js';
import { mooringsInMemory } from '../support/moorings/moorings-trial.js';

describe('a plan with composite keys, in memory', () => {
  describeCompositeKeys(mooringsInMemory);
});
