import type { StoredItem } from '../../../src/domain/storage/stored-value.js';

/** Rows of the new model's tables with every attribute that the model knows. */

export function aKpiLinkRow(changes: StoredItem = {}): StoredItem {
  return {
    id: { S: '11000000-0000-4000-8000-000000000001' },
    tenantId: { S: '7e000000-0000-4000-8000-000000000001' },
    kpiId: { S: 'c1000000-0000-4000-8000-000000000001' },
    personId: { S: 'be000000-0000-4000-8000-000000000001' },
    goalId: { S: '90000000-0000-4000-8000-000000000001' },
    strategyId: { S: '57000000-0000-4000-8000-000000000001' },
    thresholdPct: { N: '80.5' },
    linkType: { S: 'primary' },
    weight: { N: '40' },
    displayOrder: { N: '3' },
    isPrimary: { BOOL: true },
    createdBy: { S: 'a5000000-0000-4000-8000-000000000001' },
    createdAt: { S: '2023-01-15T08:30:00.1234567Z' },
    updatedBy: { S: 'a5000000-0000-4000-8000-000000000002' },
    updatedAt: { S: '2023-02-01T10:00:00Z' },
    ...changes,
  };
}

export function aKpiDataRow(changes: StoredItem = {}): StoredItem {
  return {
    id: { S: 'd2000000-0000-4000-8000-000000000001' },
    tenantId: { S: '7e000000-0000-4000-8000-000000000001' },
    kpiLinkId: { S: '11000000-0000-4000-8000-000000000001' },
    dataCategory: { S: 'Actual' },
    targetSubtype: { S: 'Expected' },
    actualSubtype: { S: 'Measured' },
    postValue: { N: '1190.5' },
    postDate: { S: '2024-06-30' },
    measuredPeriodStartDate: { S: '2024-06-01' },
    label: { S: 'June' },
    confidenceLevel: { N: '85' },
    rationale: { S: 'Books closed' },
    originalValue: { N: '1180' },
    isManualOverride: { BOOL: true },
    overrideComment: { S: 'Late invoice' },
    dataSource: { S: 'Integration' },
    sourceReferenceId: { S: 'erp-4711' },
    triggersReplan: { BOOL: true },
    replanThresholdExceeded: { BOOL: false },
    autoAdjustmentApplied: { BOOL: false },
    recordedBy: { S: 'import job' },
    recordedAt: { S: '2024-07-01T07:45:00.7654321Z' },
    createdBy: { S: 'system' },
    createdAt: { S: '2024-07-01T07:45:00.7654321Z' },
    updatedBy: { S: 'a5000000-0000-4000-8000-000000000002' },
    updatedAt: { S: '2024-07-02T08:00:00Z' },
    ...changes,
  };
}

export function aPersonRow(changes: StoredItem = {}): StoredItem {
  return {
    id: { S: 'be000000-0000-4000-8000-000000000001' },
    tenantId: { S: '7e000000-0000-4000-8000-000000000001' },
    linkedUserId: { S: 'a5000000-0000-4000-8000-000000000001' },
    displayName: { S: 'Ada' },
    isPlaceholder: { BOOL: false },
    createdBy: { S: 'a5000000-0000-4000-8000-000000000002' },
    createdAt: { S: '2022-11-01T12:00:00Z' },
    ...changes,
  };
}

export function aKpiRow(changes: StoredItem = {}): StoredItem {
  return {
    id: { S: 'c1000000-0000-4000-8000-000000000001' },
    tenantId: { S: '7e000000-0000-4000-8000-000000000001' },
    name: { S: 'Revenue' },
    ownerId: { S: 'a5000000-0000-4000-8000-000000000001' },
    ...changes,
  };
}
