import type { StoredItem, StoredValue } from '../../../src/domain/storage/stored-value.js';
import { TABLE } from '../kpi/tables.js';

/**
 * Rows with no more than they need, numbered, for data sets that fit on a page. The first digits of an id tell what
 * it is of: 7e tenant, c1 KPI, 90 goal, a5 user, be person, 11 link, d1 milestone, d2 actual, d3 reading.
 */
export function id(prefix: string, n: number): string {
  return `${prefix}000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
}

export const TENANT_1 = id('7e', 1);
export const TENANT_2 = id('7e', 2);

export function kpi(n: number, changes: StoredItem = {}): StoredItem {
  return { id: { S: id('c1', n) }, tenantId: { S: TENANT_1 }, ownerId: { S: id('a5', 1) }, ...changes };
}

/** Person n stands for user n. */
export function person(n: number, changes: StoredItem = {}): StoredItem {
  return { id: { S: id('be', n) }, tenantId: { S: TENANT_1 }, linkedUserId: { S: id('a5', n) }, ...changes };
}

/** Created on day n of 2023; hangs on KPI 1. */
export function link(n: number, changes: StoredItem = {}): StoredItem {
  return {
    id: { S: id('11', n) },
    tenantId: { S: TENANT_1 },
    kpiId: { S: id('c1', 1) },
    goalId: { S: id('90', 1) },
    createdBy: { S: id('a5', 1) },
    createdAt: { S: `2023-01-${String(n).padStart(2, '0')}T00:00:00Z` },
    ...changes,
  };
}

export function milestone(n: number, changes: StoredItem = {}): StoredItem {
  return {
    id: { S: id('d1', n) },
    tenantId: { S: TENANT_1 },
    kpiId: { S: id('c1', 1) },
    targetValue: { N: '10' },
    milestoneDate: { S: '2024-06-30' },
    createdBy: { S: id('a5', 1) },
    createdAt: { S: '2024-01-01T00:00:00Z' },
    ...changes,
  };
}

export function actual(n: number, changes: StoredItem = {}): StoredItem {
  return {
    id: { S: id('d2', n) },
    tenantId: { S: TENANT_1 },
    kpiId: { S: id('c1', 1) },
    actualValue: { N: '20' },
    measurementDate: { S: '2024-06-30' },
    dataSource: { S: 'Manual' },
    recordedBy: { S: id('a5', 1) },
    recordedAt: { S: '2024-07-01T00:00:00Z' },
    ...changes,
  };
}

export function reading(n: number, changes: StoredItem = {}): StoredItem {
  return {
    id: { S: id('d3', n) },
    tenantId: { S: TENANT_1 },
    kpiId: { S: id('c1', 1) },
    value: { N: '30' },
    readingDate: { S: '2024-05-31' },
    source: { S: 'Automated' },
    recordedBy: { S: id('a5', 1) },
    recordedAt: { S: '2024-06-01T00:00:00Z' },
    ...changes,
  };
}

export const onKpi = (n: number): StoredItem => ({ kpiId: { S: id('c1', n) } });
export const ofTenant = (tenantId: string): StoredItem => ({ tenantId: { S: tenantId } });
export const created = (createdAt: string): StoredItem => ({ createdAt: { S: createdAt } });

const LEGACY = {
  link: TABLE.links,
  milestone: TABLE.milestones,
  actual: TABLE.actuals,
  reading: TABLE.readings,
};

/** How stamps and reports name a record. */
export function source(kind: keyof typeof LEGACY, storedId: string): string {
  return `${LEGACY[kind]}#${storedId}`;
}

/** The row with these attributes, an undefined one taken away. */
export function changed(
  row: StoredItem,
  changes: Readonly<Record<string, StoredValue | undefined>>,
): StoredItem {
  const merged = Object.entries({ ...row, ...changes });
  return Object.fromEntries(merged.filter((entry): entry is [string, StoredValue] => entry[1] !== undefined));
}
