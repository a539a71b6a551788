import { COMPANY_OUTLINE } from '../../../src/migrations/company/company.outline.js';
import { PERSONNEL_OUTLINE } from '../../../src/migrations/personnel/personnel.outline.js';
import type { PlanOutline } from '../../../src/migrations/contract/plan-outline.js';

async function gates(plan: PlanOutline): Promise<Record<string, readonly string[]>> {
  const { lists = [] } = (await plan.checklists?.()) ?? {};
  return Object.fromEntries(
    lists.flatMap(({ gates: phase, items }) =>
      phase === undefined ? [] : [[phase, items.map(({ id }) => id)]],
    ),
  );
}

describe('what plans ask for before a phase in production', () => {
  it('E-44, E-45, E-46: plan company before dual writes, before reads switch and before the old tables go', async () => {
    expect(await gates(COMPANY_OUTLINE)).toEqual({
      'dual-write': ['backup', 'dry-run', 'dashboard-up', 'rollback-documented'],
      reading: [
        'dual-write-success',
        'validated',
        'no-inconsistencies',
        'performance-acceptable',
        'team-ready',
      ],
      archived: [
        ...['all-traffic-new', 'day-of-full-traffic', 'no-errors-12-hours'],
        ...['features-validated', 'cleanup-approved', 'leftovers-settled'],
      ],
    });
  });

  it('A-09, P-35, P-36: plan personnel before single writes, 48 hours and a week of watching among it', async () => {
    expect(await gates(PERSONNEL_OUTLINE)).toEqual({
      'new-only': [
        ...['migrated', 'reads-switched', 'read-speed', 'watched-48-hours', 'stable-week'],
        ...['documents-updated', 'dashboards-up', 'teams-trained'],
      ],
    });
  });
});
