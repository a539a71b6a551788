import type { AttributeRule, PlanMapping } from '../contract/mapping-document.js';

const WINS = 'the same: what the record says wins over the default (P-X09)';

function kept(names: readonly string[], byDefault: string): AttributeRule[] {
  return names.map((name) => ({ target: name, from: name, rule: WINS, byDefault }));
}

/** Plan `personnel` in words; docs/plans/personnel.md says it at length. */
export const PERSONNEL_MAPPING: PlanMapping = {
  decisions: [
    {
      title: 'Which number an employee gets',
      rules: [
        'A number that the record has stays, without white space around it.',
        'Else it is EMP, initials and three digits that follow from the employee id; where it is taken, the next free one (A-05).',
        'It is the same in every run, order and segment, and what is stored pins it (P-X01).',
      ],
    },
    {
      title: 'What is an employee',
      rules: [
        'A row whose partition key begins with EMPLOYEE# and whose sort key is that of a profile (A-08).',
        'Other rows are copied as they are, or left alone and listed, as the environment says (P-X06).',
      ],
    },
  ],
  rows: [
    {
      step: 'employees',
      source: 'sitelogix-personnel',
      target: 'sitelogix-personnel-v2',
      rules: [
        { target: 'PK', from: 'PK', rule: 'the same' },
        { target: 'SK', from: 'SK', rule: 'the same' },
        { target: 'employee_id', from: 'PK', rule: 'PK without EMPLOYEE#; one of its own has to agree' },
        {
          target: 'employee_number',
          from: 'employee_number',
          rule: 'the same, trimmed',
          byDefault: 'see below',
        },
        { target: 'full_name', from: 'full_name', rule: 'the same; required' },
        ...kept(['role'], 'user'),
        ...kept(['email', 'phone', 'health_notes'], 'blank'),
        {
          target: 'team_id',
          from: 'team_id',
          rule: WINS,
          byDefault: 'project_id; else no attribute (P-X04)',
        },
        ...kept(['health_status'], 'fit_for_duty'),
        {
          target: 'status',
          from: 'status, active',
          rule: 'status; else inactive where active is false',
          byDefault: 'active',
        },
        ...kept(['hourly_rate', 'hours_week', 'hours_month'], '0'),
        {
          target: 'certifications',
          from: 'certifications',
          rule: 'the same list; sets become sorted lists',
          byDefault: 'the empty list',
        },
        ...kept(['created_at', 'updated_at'], 'migrated_at'),
        ...kept(['created_by'], 'MIGRATION_SCRIPT'),
        {
          target: 'migrated_at',
          rule: 'when the run began that wrote the row first; pinned by the row (P-X12)',
        },
        {
          target: 'legacyAttributes',
          rule: 'the ledger: what the record had and the row has not or differently, and what was written instead',
        },
      ],
      others: 'the same under the same names (P-24); project_id and active stand in the ledger only',
    },
  ],
};
