import { conformanceCases } from '../../src/conformance/index.js';
import { PERSONNEL_SUBJECT } from './personnel-subject.js';

describe('plan personnel on the rows of every defect', () => {
  for (const { name, run } of conformanceCases(PERSONNEL_SUBJECT)) it(name, run);
});
