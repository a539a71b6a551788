import { counted, setAside, verdictOf, type PlanSummary } from '../contract/plan-summary.js';

/** How many records are accounted for (P-28, P-30). */
export const personnelSummary: PlanSummary = (steps) =>
  steps.map(
    (step) =>
      `${counted(step.read, 'record')} of personnel: ${counted(step.rows, 'row')} of the second version; ` +
      `${setAside(step)} set aside; ${verdictOf(step)}`,
  );
