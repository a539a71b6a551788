import { conformanceCases } from '../../src/conformance/index.js';
import { KPI_SUBJECT } from '../conformance/kpi-subject.js';
import { tell } from '../support/faults/tell.js';

describe('plan kpi on the rows of every defect case, killed everywhere', () => {
  for (const { name, run } of conformanceCases({ ...KPI_SUBJECT, thoroughness: 'full', tell })) it(name, run);
});
