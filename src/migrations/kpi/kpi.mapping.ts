import type { AttributeRule, PlanMapping } from '../contract/mapping-document.js';

const SAME = 'the same';
const LINKS = 'purposepath-kpi-links';
const DATA = 'purposepath-kpi-data';

function same(...names: readonly string[]): AttributeRule[] {
  return names.map((name) => ({ target: name, from: name, rule: SAME }));
}

function fixed(target: string, value: string): AttributeRule {
  return { target, rule: `always ${value}` };
}

function renamed(target: string, from: string, byDefault?: string): AttributeRule {
  return {
    target,
    from,
    rule: target === from ? SAME : `${from} under its new name`,
    ...(byDefault === undefined ? {} : { byDefault }),
  };
}

const CARRIED: AttributeRule = {
  target: 'legacyAttributes',
  rule: 'every attribute that the legacy table does not know, value and type unchanged; absent where there is none',
};
const OTHERS = 'carried together in legacyAttributes, nothing is dropped';

/** What rows of all three kinds of data have in common. */
const OF_DATA: readonly AttributeRule[] = [
  {
    target: 'id',
    from: 'id',
    rule: 'the row of the link created first keeps it, every other one has a derived id (ADR 0005)',
  },
  { target: 'kpiLinkId', from: 'kpiId', rule: 'one row for each link of this KPI' },
  { target: 'tenantId', from: 'tenantId', rule: 'the same; must be that of the KPI' },
  ...same('updatedBy', 'updatedAt'),
  CARRIED,
];
const NO_FLAGS = ['isManualOverride', 'triggersReplan', 'replanThresholdExceeded'].map((flag) =>
  fixed(flag, 'false'),
);

/** Plan `kpi` in words; docs/plans/kpi.md says it at length. */
export const KPI_MAPPING: PlanMapping = {
  decisions: [
    {
      title: 'Whose a link is',
      rules: [
        'The user is the owner of the KPI, else the creator of the link (K-11). Absent, blank and nil ones are skipped.',
        'One person of the same tenant who is linked to this user is the one. Of several nobody chooses: PERSON_AMBIGUOUS.',
        'Where there is nobody, a placeholder is inserted into purposepath-people, once for all links (K-X08).',
      ],
    },
    {
      title: 'How values are written',
      rules: [
        'GUIDs in lower-case 8-4-4-4-12, whatever their spelling was (K-X28).',
        'Numbers with every digit they had; numeric text becomes a number and is reported.',
        'Times in UTC with every fraction digit; days without a time stay as they are (K-X13 to K-X15).',
      ],
    },
  ],
  rows: [
    {
      step: 'links',
      source: 'purposepath-goal-kpi-links',
      target: LINKS,
      rules: [
        ...same('id', 'tenantId', 'kpiId', 'goalId'),
        {
          target: 'personId',
          from: 'ownerId of the KPI, createdBy',
          rule: 'the person of the user, see below',
        },
        ...same('thresholdPct', 'linkType', 'weight', 'displayOrder'),
        { target: 'isPrimary', from: 'isPrimary', rule: SAME, byDefault: 'false' },
        ...same('createdBy', 'createdAt', 'updatedBy', 'updatedAt'),
        CARRIED,
      ],
      others: OTHERS,
    },
    {
      step: 'milestones',
      source: 'purposepath-kpi-milestones',
      target: DATA,
      rules: [
        ...OF_DATA,
        fixed('dataCategory', 'Target'),
        fixed('targetSubtype', 'Expected'),
        renamed('postValue', 'targetValue'),
        renamed('postDate', 'milestoneDate'),
        ...same('label', 'confidenceLevel', 'rationale'),
        fixed('dataSource', 'Manual'),
        ...NO_FLAGS,
        ...same('createdBy', 'createdAt'),
        { target: 'recordedBy', from: 'createdBy', rule: SAME },
        { target: 'recordedAt', from: 'createdAt', rule: SAME },
      ],
      others: OTHERS,
    },
    {
      step: 'actuals',
      source: 'purposepath-kpi-actuals',
      target: DATA,
      rules: [
        ...OF_DATA,
        fixed('dataCategory', 'Actual'),
        fixed('actualSubtype', 'Measured'),
        renamed('postValue', 'actualValue'),
        renamed('postDate', 'measurementDate'),
        ...same('originalValue', 'overrideComment', 'sourceReferenceId', 'autoAdjustmentApplied'),
        ...['isManualOverride', 'triggersReplan', 'replanThresholdExceeded'].map((flag) =>
          renamed(flag, flag, 'false'),
        ),
        renamed('dataSource', 'dataSource', 'Manual'),
        ...same('recordedBy', 'recordedAt'),
        { target: 'createdBy', from: 'recordedBy', rule: 'where it is a GUID', byDefault: 'system' },
        { target: 'createdAt', from: 'recordedAt', rule: SAME },
      ],
      others: OTHERS,
    },
    {
      step: 'readings',
      source: 'purposepath-kpi-readings',
      target: DATA,
      rules: [
        ...OF_DATA,
        fixed('dataCategory', 'Actual'),
        fixed('actualSubtype', 'Measured'),
        renamed('postValue', 'value'),
        renamed('postDate', 'readingDate'),
        renamed('measuredPeriodStartDate', 'periodStart'),
        renamed('rationale', 'notes'),
        renamed('dataSource', 'source', 'Manual'),
        renamed('sourceReferenceId', 'externalId'),
        ...NO_FLAGS,
        renamed('recordedBy', 'recordedBy', 'createdBy'),
        renamed('recordedAt', 'recordedAt', 'createdAt'),
        renamed('createdBy', 'createdBy', 'recordedBy where it is a GUID, else system'),
        renamed('createdAt', 'createdAt', 'recordedAt'),
      ],
      others: OTHERS,
    },
  ],
};
