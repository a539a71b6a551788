import type { PlanChecklists } from '../contract/checklist.js';
import { attested, elapsed, measured } from '../contract/checklist-items.js';

const DAY = 24;

/** What people see to around the migration of the KPI model (K-05 to K-08, K-28 to K-30). */
export const KPI_CHECKLISTS: PlanChecklists = {
  lists: [
    {
      list: 'pre',
      title: 'Before the production run',
      items: [
        measured(
          'backup',
          'K-05 operations',
          'A verified backup holds every source and target table',
          'backup-verified',
        ),
        measured(
          'staging-passed',
          'K-06 engineering',
          'This version has passed in the environment before this one',
          'passed-before',
        ),
        measured('dry-run', 'K-29 engineering', 'A dry run of all steps here was complete', 'dry-run-passed'),
        measured(
          'rollback-rehearsed',
          'K-09 engineering',
          'A rollback has been rehearsed',
          'rollback-rehearsed',
        ),
        attested('window-agreed', 'K-28 product owner', 'The window of the production run is agreed', {
          validHours: 14 * DAY,
        }),
        attested('stakeholders-notified', 'K-28 product owner', 'All who are concerned know of it'),
      ],
    },
    {
      list: 'post',
      title: 'After the production run',
      items: [
        measured(
          'migrated',
          'K-35 engineering',
          'Every step is validated, and nothing is set aside that nobody accepted',
          'migrated',
        ),
        measured('validated', 'K-07 engineering', 'The newest validation found nothing', 'validated'),
        attested('application-works', 'K-29 QA', 'The application works with the new tables'),
        attested(
          'errors-watched',
          'K-30 operations',
          'Errors are watched, and what was found is written down',
        ),
        attested('runbook-updated', 'K-30 operations', 'What was learned stands in the runbook'),
      ],
    },
    {
      list: 'final',
      title: 'Before the old tables may go',
      items: [
        elapsed('seven-days-verified', 'K-08 engineering', 'Every step has stood validated for 7 days', {
          hours: 7 * DAY,
          since: 'validated',
        }),
        attested('old-tables-unused', 'K-08 engineering', 'Nothing reads or writes the old tables any more', {
          notBefore: { hours: 7 * DAY, since: 'validated' },
        }),
      ],
    },
  ],
};
