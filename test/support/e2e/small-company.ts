import { TABLE, type TableName } from '../kpi/tables.js';
import type { RawItem } from './raw-server.js';

/** One KPI with two links and one record of each kind, as a legacy store holds them. */
export const TENANT = '7e000000-0000-4000-8000-000000000001';
export const KPI = 'c1000000-0000-4000-8000-000000000001';
export const PERSON = 'be000000-0000-4000-8000-000000000001';
export const USER = 'a5000000-0000-4000-8000-000000000001';
export const GOAL = '90000000-0000-4000-8000-000000000001';
/** the older of the two links: its rows keep the ids of the records */
export const OLDER_LINK = '11000000-0000-4000-8000-000000000002';
export const YOUNGER_LINK = '11000000-0000-4000-8000-000000000001';
export const MILESTONE = 'd1000000-0000-4000-8000-000000000001';
export const ACTUAL = 'd2000000-0000-4000-8000-000000000001';
export const READING = 'd3000000-0000-4000-8000-000000000001';

const OWN = { tenantId: { S: TENANT }, kpiId: { S: KPI } };

export const LEGACY = {
  kpi: { id: { S: KPI }, tenantId: { S: TENANT }, name: { S: 'Revenue' }, ownerId: { S: USER } },
  person: {
    id: { S: PERSON },
    tenantId: { S: TENANT },
    linkedUserId: { S: USER },
    displayName: { S: 'Ada' },
  },
  olderLink: {
    id: { S: OLDER_LINK },
    ...OWN,
    goalId: { S: GOAL },
    createdBy: { S: USER },
    createdAt: { S: '2022-01-15T08:30:00.1234567Z' },
  },
  youngerLink: {
    id: { S: YOUNGER_LINK },
    ...OWN,
    goalId: { S: 'goal without a guid' },
    weight: { N: '40' },
    isPrimary: { BOOL: true },
    createdBy: { S: USER },
    createdAt: { S: '2023-01-15T08:30:00Z' },
  },
  milestone: {
    id: { S: MILESTONE },
    ...OWN,
    targetValue: { N: '1250.75' },
    milestoneDate: { S: '2024-06-30' },
    createdBy: { S: USER },
    createdAt: { S: '2023-12-01T09:00:00.1234567Z' },
  },
  actual: {
    id: { S: ACTUAL },
    ...OWN,
    actualValue: { N: '1190.5' },
    measurementDate: { S: '2024-06-30' },
    dataSource: { S: 'Integration' },
    recordedBy: { S: USER },
    recordedAt: { S: '2024-07-01T07:45:00.7654321Z' },
  },
  reading: {
    id: { S: READING },
    ...OWN,
    value: { N: '42.125' },
    readingDate: { S: '2024-05-31' },
    source: { S: 'Automated' },
    recordedBy: { S: USER },
    recordedAt: { S: '2024-06-01T00:05:00Z' },
  },
} as const satisfies Readonly<Record<string, RawItem>>;

/** Table → rows of the whole company. */
export const COMPANY: readonly (readonly [TableName, readonly RawItem[]])[] = [
  [TABLE.kpis, [LEGACY.kpi]],
  [TABLE.people, [LEGACY.person]],
  [TABLE.links, [LEGACY.olderLink, LEGACY.youngerLink]],
  [TABLE.milestones, [LEGACY.milestone]],
  [TABLE.actuals, [LEGACY.actual]],
  [TABLE.readings, [LEGACY.reading]],
];
