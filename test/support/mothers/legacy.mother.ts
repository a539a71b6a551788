import type { StoredItem } from '../../../src/domain/storage/stored-value.js';

/** Rows of the legacy tables with every attribute that the tables list. Ids tell the kind by their first digits. */

export const TENANT = '7e000000-0000-4000-8000-000000000001';
export const KPI = 'c1000000-0000-4000-8000-000000000001';
export const GOAL = '90000000-0000-4000-8000-000000000001';
export const USER = 'a5000000-0000-4000-8000-000000000001';
export const EDITOR = 'a5000000-0000-4000-8000-000000000002';
export const LINK = '11000000-0000-4000-8000-000000000001';
export const MILESTONE = 'd1000000-0000-4000-8000-000000000001';
export const ACTUAL = 'd2000000-0000-4000-8000-000000000001';
export const READING = 'd3000000-0000-4000-8000-000000000001';

export function aLegacyLink(changes: StoredItem = {}): StoredItem {
  return {
    id: { S: LINK },
    tenantId: { S: TENANT },
    kpiId: { S: KPI },
    goalId: { S: GOAL },
    thresholdPct: { N: '80.5' },
    linkType: { S: 'primary' },
    weight: { N: '40' },
    displayOrder: { N: '3' },
    isPrimary: { BOOL: true },
    createdBy: { S: USER },
    createdAt: { S: '2023-01-15T08:30:00.1234567Z' },
    updatedBy: { S: EDITOR },
    updatedAt: { S: '2023-02-01T10:00:00Z' },
    ...changes,
  };
}

export function aLegacyMilestone(changes: StoredItem = {}): StoredItem {
  return {
    id: { S: MILESTONE },
    tenantId: { S: TENANT },
    kpiId: { S: KPI },
    targetValue: { N: '1250.75' },
    milestoneDate: { S: '2024-06-30' },
    label: { S: 'Half-year' },
    confidenceLevel: { N: '85' },
    rationale: { S: 'Last year plus ten' },
    createdBy: { S: USER },
    createdAt: { S: '2023-12-01T09:00:00.1234567Z' },
    updatedBy: { S: EDITOR },
    updatedAt: { S: '2024-01-05T11:15:00Z' },
    ...changes,
  };
}

export function aLegacyActual(changes: StoredItem = {}): StoredItem {
  return {
    id: { S: ACTUAL },
    tenantId: { S: TENANT },
    kpiId: { S: KPI },
    actualValue: { N: '1190.5' },
    measurementDate: { S: '2024-06-30' },
    originalValue: { N: '1180' },
    isManualOverride: { BOOL: true },
    overrideComment: { S: 'Late invoice' },
    dataSource: { S: 'Integration' },
    sourceReferenceId: { S: 'erp-4711' },
    triggersReplan: { BOOL: true },
    replanThresholdExceeded: { BOOL: true },
    autoAdjustmentApplied: { BOOL: true },
    recordedBy: { S: USER },
    recordedAt: { S: '2024-07-01T07:45:00.7654321Z' },
    updatedBy: { S: EDITOR },
    updatedAt: { S: '2024-07-02T08:00:00Z' },
    ...changes,
  };
}

export function aLegacyReading(changes: StoredItem = {}): StoredItem {
  return {
    id: { S: READING },
    tenantId: { S: TENANT },
    kpiId: { S: KPI },
    value: { N: '42.125' },
    readingDate: { S: '2024-05-31' },
    periodStart: { S: '2024-05-01' },
    notes: { S: 'Meter swapped' },
    source: { S: 'Automated' },
    externalId: { S: 'meter-9' },
    recordedBy: { S: USER },
    recordedAt: { S: '2024-06-01T00:05:00Z' },
    createdBy: { S: EDITOR },
    createdAt: { S: '2024-06-01T00:10:00Z' },
    updatedBy: { S: USER },
    updatedAt: { S: '2024-06-03T00:00:00Z' },
    ...changes,
  };
}

/** The row without these attributes. */
export function without(item: StoredItem, ...names: readonly string[]): StoredItem {
  return Object.fromEntries(Object.entries(item).filter(([name]) => !names.includes(name)));
}
