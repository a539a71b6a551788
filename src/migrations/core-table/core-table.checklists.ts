import type { PlanChecklists } from '../contract/checklist.js';
import { attested, elapsed, figure, measured } from '../contract/checklist-items.js';

/** What people see to around the move into one table (C-01, C-13 to C-18, C-23 to C-27). */
export const CORE_TABLE_CHECKLISTS: PlanChecklists = {
  lists: [
    {
      list: 'pre',
      title: 'Before the production run',
      items: [
        measured(
          'backup',
          'C-17 operations',
          'A verified backup holds the old tables and the new one',
          'backup-verified',
        ),
        measured(
          'staging-passed',
          'C-25 engineering',
          'This version has passed in the environment before this one',
          'passed-before',
        ),
        measured('dry-run', 'C-26 engineering', 'A dry run of all steps here was complete', 'dry-run-passed'),
        attested(
          'functions-ready',
          'C-02 engineering',
          'The deployed functions can work with the new table, and wait for the switch',
        ),
        attested(
          'writes-frozen',
          'C-14 operations',
          'Nothing writes to the old tables until traffic has switched',
          { validHours: 24 },
        ),
        attested('alarms-up', 'C-27 operations', 'Alarms go off on errors'),
      ],
    },
    {
      list: 'post',
      title: 'After the run',
      items: [
        measured(
          'migrated',
          'C-21 engineering',
          'Every server, membership and user is accounted for and validated',
          'migrated',
        ),
        measured(
          'validated',
          'C-13 engineering',
          'The newest validation, after the last write to the old tables, found nothing',
          'validated',
        ),
        attested('traffic-switched', 'C-14 operations', 'All traffic goes to the new table'),
        attested('workflows-tried', 'C-23 QA', 'The important workflows were tried by hand'),
        figure('queries-fast', 'C-24 operations', 'The slowest of 100 queries take no longer than before', {
          measure: 'p99Change',
          is: 'at most',
          limit: '0',
        }),
      ],
    },
    {
      list: 'final',
      title: 'Before the old tables may go',
      items: [
        elapsed('stable-48-hours', 'C-15 operations', '48 hours with all traffic on the new table are over', {
          hours: 48,
          since: { item: 'traffic-switched' },
        }),
        attested('stability-confirmed', 'C-15 operations', 'The service was stable all that time', {
          notBefore: { hours: 24, since: { item: 'traffic-switched' } },
        }),
        attested(
          'export-verified',
          'C-17 operations',
          'The old tables are exported, and the export was read again',
        ),
      ],
    },
  ],
};
