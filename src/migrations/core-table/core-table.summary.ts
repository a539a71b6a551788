import { counted, setAside, verdictOf, type PlanSummary } from '../contract/plan-summary.js';

const ITEMS: Readonly<Record<string, string>> = {
  servers: 'server',
  memberships: 'membership',
  users: 'user',
};

/** The right number of items is that of servers, memberships and distinct users (C-21, C-X20). */
export const coreTableSummary: PlanSummary = (steps) => {
  const items = steps.map(({ step, rows }) => counted(rows, ITEMS[step] ?? step));
  const total = steps.reduce((sum, { rows }) => sum + rows, 0);
  return [
    ...(steps.length === 0 ? [] : [`${items.join(' + ')} = ${counted(total, 'item')} of CoreTable`]),
    ...steps.map((step) => `${step.step}: ${setAside(step)} of ${step.read} set aside; ${verdictOf(step)}`),
  ];
};
