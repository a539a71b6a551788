import {
  counted,
  setAside,
  verdictOf,
  type PlanSummary,
  type SummarizedStep,
} from '../contract/plan-summary.js';

const RECORDS: Readonly<Record<string, string>> = {
  links: 'goal link',
  milestones: 'milestone',
  actuals: 'actual',
  readings: 'reading',
};

/** Which rows the old records yield (K-23, K-24), and how many of them belong to KPIs without a link (K-X02). */
export const kpiSummary: PlanSummary = (steps) => [...steps.map((step) => yielded(step)), ...unlinked(steps)];

function yielded(step: SummarizedStep): string {
  const rows = step.step === 'links' ? 'KPI link' : 'row of KPI data';
  const several = step.step === 'links' ? 'KPI links' : 'rows of KPI data';
  const records = counted(step.read, RECORDS[step.step] ?? step.step);
  return `${records}: ${counted(step.rows, rows, several)}; ${setAside(step)} set aside; ${verdictOf(step)}`;
}

function unlinked(steps: readonly SummarizedStep[]): string[] {
  const count = steps.reduce((sum, { reasons }) => sum + (reasons['KPI_UNLINKED'] ?? 0), 0);
  return count === 0 ? [] : [`of KPIs without a link: ${counted(count, 'record')}`];
}
