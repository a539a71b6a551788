import type { ProgressSummary } from '../../../src/runner/application.js';
import { progressComment } from '../../../src/runner/reports/progress-comment.js';

const SUMMARY: ProgressSummary = {
  plan: 'kpi',
  env: 'staging',
  status: 'Blocked',
  date: '2026-11-21T05:35:12Z',
  phases: [
    { number: 2, title: 'GoalKpiLink migration', done: true, records: 1204 },
    { number: 3, title: 'KpiMilestone migration', done: true, records: 1 },
    { number: 4, title: 'KpiActual migration', done: false, records: 0 },
    { number: 5, title: 'KpiReading migration', done: false, records: 0 },
  ],
  checks: { total: 24, passed: 23, failed: 1 },
  issues: ['2 records quarantined as KPI_UNLINKED', '_odd_ <b>id</b> | `x`\n# heading [a](http://b) *c*'],
  notes: [],
};

describe('the progress comment', () => {
  it('K-36, K-37, K-38: has the heads, tick boxes and counts of the template', () => {
    expect(progressComment(SUMMARY)).toBe(
      [
        '### Progress Update - 2026-11-21',
        '',
        '**Status:** Blocked',
        '',
        '**Environment:** Staging',
        '',
        '**Migration Status:**',
        '- [x] Phase 2: GoalKpiLink migration - 1204 records',
        '- [x] Phase 3: KpiMilestone migration - 1 records',
        '- [ ] Phase 4: KpiActual migration - 0 records',
        '- [ ] Phase 5: KpiReading migration - 0 records',
        '',
        '**Validation Results:**',
        '- Total checks: 24',
        '- Passed: 23',
        '- Failed: 1',
        '',
        '**Issues Found:**',
        '- 2 records quarantined as KPI_UNLINKED',
        '- \\_odd\\_ \\<b\\>id\\</b\\> \\| \\`x\\` \\# heading \\[a\\](http://b) \\*c\\*',
        '',
        '**Notes:** None',
        '',
      ].join('\n'),
    );
  });

  it('says None where there are no issues, and lists the notes', () => {
    const comment = progressComment({ ...SUMMARY, issues: [], notes: ['1. of all', '- no list'] });

    expect(comment).toContain('**Issues Found:** None\n');
    expect(comment).toContain('**Notes:**\n- 1\\. of all\n- \\- no list\n');
  });
});
