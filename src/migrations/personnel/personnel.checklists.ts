import type { PlanChecklists } from '../contract/checklist.js';
import { attested, elapsed, figure, measured } from '../contract/checklist-items.js';

const DAY = 24;
const WEEK = 7 * DAY;
/** no month is longer, so that one is over whichever it is (A-09: gates are minimums) */
const MONTH = 31 * DAY;

/** What people see to around the second version of the personnel table (P-01 to P-09, P-35 to P-41, P-44). */
export const PERSONNEL_CHECKLISTS: PlanChecklists = {
  lists: [
    {
      list: 'pre',
      title: 'Before the production run',
      items: [
        measured(
          'backup',
          'P-03 operations',
          'A backup of both tables was read again and found complete',
          'backup-verified',
        ),
        measured(
          'staging-passed',
          'P-07 engineering',
          'This version has passed in the environment before this one',
          'passed-before',
        ),
        measured('dry-run', 'P-07 engineering', 'A dry run here was complete', 'dry-run-passed'),
        attested('load-tested', 'P-09 engineering', 'The new table was tried under the expected load'),
        attested(
          'dual-write-deployed',
          'P-14 engineering',
          'The code that writes to both tables is deployed and was checked',
        ),
      ],
    },
    {
      list: 'post',
      gates: 'new-only',
      title: 'After the run, before single writes',
      items: [
        measured(
          'migrated',
          'P-44 engineering',
          'Every employee is accounted for and validated, and every index finds them',
          'migrated',
        ),
        attested('reads-switched', 'P-34 engineering', 'All reads come from the new table'),
        figure('read-speed', 'P-44 operations', 'The slowest of 100 reads take no longer than before', {
          measure: 'p99Change',
          is: 'at most',
          limit: '0',
        }),
        attested(
          'watched-48-hours',
          'P-35 operations',
          'Logs, errors and response times were watched for 48 hours, and nothing was found',
          { notBefore: { hours: 2 * DAY, since: { item: 'reads-switched' } } },
        ),
        elapsed('stable-week', 'P-36 operations', 'The week of watching before dual writes may end is over', {
          hours: WEEK,
          since: { item: 'reads-switched' },
        }),
        attested(
          'documents-updated',
          'P-41 engineering',
          'Documents, diagrams and access patterns tell of the new table',
        ),
        attested('dashboards-up', 'P-41 operations', 'Dashboards and alarms watch the new table'),
        attested(
          'teams-trained',
          'P-41 product owner',
          'Developers, operations and support know the new fields',
        ),
      ],
    },
    {
      list: 'final',
      title: 'Before the old table may go',
      items: [
        attested('single-writes', 'P-36 engineering', 'Only the new table is written to', {
          notBefore: { hours: WEEK, since: { item: 'reads-switched' } },
        }),
        attested(
          'archive-verified',
          'P-37 operations',
          'The old table is archived, and the archive was read again',
          { notBefore: { hours: 2 * WEEK, since: { item: 'single-writes' } } },
        ),
        elapsed('good-month', 'P-38 operations', 'A month on the new table alone is over', {
          hours: MONTH,
          since: { item: 'single-writes' },
        }),
        attested('deletion-approved', 'P-38 product owner', 'The old table may be deleted', {
          validHours: 2 * WEEK,
          notBefore: { hours: MONTH, since: { item: 'single-writes' } },
        }),
      ],
    },
  ],
};
