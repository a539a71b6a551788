import type { PlanChecklists, Threshold } from '../contract/checklist.js';
import { attested, elapsed, figure, measured } from '../contract/checklist-items.js';

const DAY = 24;

/** A rollback is called for beyond these (E-26). */
export const TRIGGER_LIMITS = {
  errorRate: { measure: 'errorRate', is: 'above', limit: '1' },
  p50Change: { measure: 'p50Change', is: 'above', limit: '20' },
  p99Change: { measure: 'p99Change', is: 'above', limit: '20' },
  inconsistencies: { measure: 'inconsistencies', is: 'above', limit: '0' },
  corruptedRecords: { measure: 'corruptedRecords', is: 'above', limit: '0' },
  failingFunctions: { measure: 'failingFunctions', is: 'above', limit: '0' },
} as const satisfies Readonly<Record<string, Threshold>>;

/** Reads switch only within these (E-45). */
export const GATE_LIMITS = {
  dualWriteSuccess: { measure: 'dualWriteSuccess', is: 'above', limit: '99.9' },
  inconsistencies: { measure: 'inconsistencies', is: 'at most', limit: '0' },
  p99Change: { measure: 'p99Change', is: 'at most', limit: '20' },
} as const satisfies Readonly<Record<string, Threshold>>;

/** The migration has succeeded only within these (E-47, E-49). */
export const TARGET_LIMITS = {
  uptime: { measure: 'uptime', is: 'at least', limit: '99.99' },
  errorRate: { measure: 'errorRate', is: 'below', limit: '0.01' },
  p50Change: { measure: 'p50Change', is: 'at most', limit: '0' },
  averageMs: { measure: 'averageMs', is: 'below', limit: '100' },
  p99Ms: { measure: 'p99Ms', is: 'below', limit: '500' },
} as const satisfies Readonly<Record<string, Threshold>>;

/**
 * Gates, criteria and sign-offs of the move to company-scoped tables. Trigger, gate and target are three settings (E-X29).
 */
export const COMPANY_CHECKLISTS: PlanChecklists = {
  lists: [
    {
      list: 'pre',
      title: 'Sign-off before the production run',
      items: [
        attested('cto-approval', 'E-51 CTO', 'The CTO approves of the migration', { gates: 'run' }),
        attested(
          'product-owner-approval',
          'E-51 product owner',
          'The product owner approves of the migration',
          { gates: 'run' },
        ),
        attested('devops-ready', 'E-51 DevOps', 'DevOps is ready', { gates: 'run' }),
        attested('qa-ready', 'E-51 QA', 'QA is ready', { gates: 'run' }),
        attested('mapping-reviewed', 'E-12 product owner', 'The mapping document was read and found right'),
      ],
    },
    {
      list: 'dual-write',
      gates: 'dual-write',
      title: 'Gate before dual writes',
      items: [
        measured(
          'backup',
          'E-44 DevOps',
          'A verified backup holds every source and target table',
          'backup-verified',
        ),
        measured(
          'dry-run',
          'E-44 engineering',
          'The migration was tried: a dry run of all steps was complete',
          'dry-run-passed',
        ),
        attested('dashboard-up', 'E-44 DevOps', 'The dashboard for the migration works'),
        attested('rollback-documented', 'E-44 engineering', 'How to roll back is written down'),
      ],
    },
    {
      list: 'read-switch',
      gates: 'reading',
      title: 'Gate before reads switch',
      items: [
        figure(
          'dual-write-success',
          'E-45 engineering',
          'More than 99.9 % of dual writes succeed on both sides',
          GATE_LIMITS.dualWriteSuccess,
        ),
        measured('validated', 'E-45 engineering', 'The newest validation found nothing', 'validated'),
        figure(
          'no-inconsistencies',
          'E-45 engineering',
          'Dual writes left no discrepancy',
          GATE_LIMITS.inconsistencies,
        ),
        figure(
          'performance-acceptable',
          'E-45 engineering',
          'The slowest of 100 answers take at most 20 % longer than before',
          GATE_LIMITS.p99Change,
        ),
        attested('team-ready', 'E-45 engineering', 'The team is ready for the switch', {
          validHours: 7 * DAY,
        }),
      ],
    },
    {
      list: 'cleanup',
      gates: 'archived',
      title: 'Gate before anything old is removed',
      items: [
        attested('all-traffic-new', 'E-46 DevOps', 'All traffic goes to the new tables, from now on'),
        elapsed('day-of-full-traffic', 'E-46 DevOps', '24 hours of it are over', {
          hours: 24,
          since: { item: 'all-traffic-new' },
        }),
        attested('no-errors-12-hours', 'E-46 DevOps', 'Not one error in the last 12 hours', {
          validHours: 12,
          notBefore: { hours: 12, since: { item: 'all-traffic-new' } },
        }),
        attested('features-validated', 'E-46 QA', 'Every feature was tried and works'),
        attested('cleanup-approved', 'E-46 product owner', 'The stakeholders approve of the cleanup'),
        attested(
          'leftovers-settled',
          'A-45 product owner',
          'It is decided what becomes of the table and of the users that no step moves',
        ),
      ],
    },
    {
      list: 'success',
      title: 'Criteria of success',
      items: [
        measured(
          'no-loss',
          'E-47 engineering',
          'No record is lost: every step is validated, nothing is open',
          'migrated',
        ),
        figure('uptime', 'E-47 DevOps', 'The service was up 99.99 % of the time', TARGET_LIMITS.uptime),
        figure(
          'response-not-worse',
          'E-47 DevOps',
          'Answers take no longer than before',
          TARGET_LIMITS.p50Change,
        ),
        figure('error-rate', 'E-47 DevOps', 'Less than 0.01 % of requests fail', TARGET_LIMITS.errorRate),
        figure(
          'average-response',
          'E-49 DevOps',
          'An answer takes less than 100 ms on average',
          TARGET_LIMITS.averageMs,
        ),
        figure('p99-response', 'E-49 DevOps', '99 of 100 answers take less than 500 ms', TARGET_LIMITS.p99Ms),
        attested('tests-pass', 'E-47 QA', "The application's tests pass"),
        attested('no-user-issues', 'E-48 product owner', 'No user has reported trouble'),
        attested('costs-halved', 'E-48 DevOps', 'The bill is down by half'),
        attested(
          'operations-simpler',
          'E-48 DevOps',
          'Functions and tables are gone as planned, one dashboard is left, deployments take 70 % less time',
        ),
      ],
    },
    {
      list: 'post',
      title: 'Sign-off after the migration',
      items: [
        measured(
          'migration-complete',
          'E-51 engineering',
          'Every step is validated, and nothing is set aside that nobody accepted',
          'migrated',
        ),
        attested('criteria-met', 'E-51 product owner', 'The criteria of success are met'),
        attested(
          'documents-updated',
          'E-50 engineering',
          'Documents, diagrams and runbooks tell of the new tables',
        ),
        attested('team-trained', 'E-51 engineering', 'The team knows the new tables'),
      ],
    },
    {
      list: 'final',
      title: 'Final sign-off',
      items: [
        attested(
          'stable-7-days',
          'E-51 DevOps',
          'All was stable for 7 days with all traffic on the new tables',
          { notBefore: { hours: 7 * DAY, since: { item: 'all-traffic-new' } } },
        ),
        attested('cleanup-done', 'E-51 DevOps', 'What is not needed any more is gone'),
        attested('lessons-written', 'E-50 engineering', 'What was learned is written down'),
        attested('project-closed', 'E-51 product owner', 'The project is closed', {
          notBefore: { hours: 7 * DAY, since: { item: 'all-traffic-new' } },
        }),
      ],
    },
  ],
  triggers: [
    {
      id: 'error-rate-above-1',
      requirement: 'E-26',
      text: 'More than 1 % of requests fail',
      when: TRIGGER_LIMITS.errorRate,
    },
    {
      id: 'median-20-slower',
      requirement: 'E-26',
      text: 'The median answer takes over 20 % longer than before',
      when: TRIGGER_LIMITS.p50Change,
    },
    {
      id: 'p99-20-slower',
      requirement: 'E-26',
      text: 'The slowest of 100 answers take over 20 % longer than before',
      when: TRIGGER_LIMITS.p99Change,
    },
    {
      id: 'validation-failed',
      requirement: 'E-26',
      text: 'The newest validation found rows that are not what they should be',
      when: 'validation-failed',
    },
    {
      id: 'inconsistency',
      requirement: 'E-26',
      text: 'The two sides differ',
      when: TRIGGER_LIMITS.inconsistencies,
    },
    {
      id: 'data-corrupted',
      requirement: 'E-26',
      text: 'Data was corrupted',
      when: TRIGGER_LIMITS.corruptedRecords,
    },
    {
      id: 'critical-function-fails',
      requirement: 'E-26',
      text: 'A function that the business needs fails',
      when: TRIGGER_LIMITS.failingFunctions,
    },
  ],
};
