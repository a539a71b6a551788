import {
  counted,
  setAside,
  verdictOf,
  type PlanSummary,
  type SummarizedStep,
} from '../contract/plan-summary.js';

/** What became of each entity: source, target, and whether the two agree as far as somebody looked (E-37, E-49). */
export const companySummary: PlanSummary = (steps) => steps.map((step) => told(step));

function told(step: SummarizedStep): string {
  const { read, rows, outcomes } = step;
  const skipped = outcomes.skipped === 0 ? '' : `, ${outcomes.skipped} skipped`;
  const aside = `${setAside(step)} set aside${skipped}`;
  if (step.step === 'mapping')
    return `mapping: ${counted(read, 'record')} of users, ${counted(rows, 'row')}; ${aside}; ${verdictOf(step)}`;
  return `${step.step}: source ${read}, target ${rows}; ${aside}; ${verdictOf(step)}`;
}
