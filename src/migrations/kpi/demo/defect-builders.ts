import type { StoredItem, StoredValue } from '../../../domain/storage/stored-value.js';
import type { DemoRow } from '../../contract/demo-data.js';
import { TABLES } from '../kpi.tables.js';
import { item, number, text } from './demo-item.js';

/** Attributes that differ from the ordinary record; undefined: absent. */
type Differences = Readonly<Record<string, StoredValue | undefined>>;

/**
 * An id of the defect catalogue: the first group ends with the number of the defect (K-X07 → `de000007-…`), the last
 * one is the serial number, whose first digit tells the kind: 1 KPI, 2 link, 3 milestone, 4 actual, 5 reading,
 * 6 person, 7 user, 8 goal, 9 an id that several kinds share.
 */
export function planted(defect: number, serial: number): string {
  return `de0000${String(defect).padStart(2, '0')}-0000-4000-8000-${String(serial).padStart(12, '0')}`;
}

export const NIL = '00000000-0000-0000-0000-000000000000';

/** The company to which the defects happened, and another one. */
const TENANT = planted(0, 1);
export const OTHER_TENANT = planted(0, 2);

/** Users with a person in the tenant of the catalogue. */
export const ANNA = planted(0, 701);
export const BEN = planted(0, 702);
export const DAN = planted(0, 703);
export const EVA = planted(0, 704);
export const FAY = planted(0, 705);
/** A user with a person in the other tenant. */
export const CLEO = planted(0, 706);

export function kpi(id: string, differences: Differences = {}): DemoRow {
  return row(
    TABLES.kpis,
    { id: text(id), tenantId: text(TENANT), name: text('Defect catalogue') },
    differences,
  );
}

export function person(id: string, user: string | undefined, differences: Differences = {}): DemoRow {
  const linkedUserId = user === undefined ? undefined : text(user);
  const usual = {
    id: text(id),
    tenantId: text(TENANT),
    linkedUserId,
    displayName: text('Somebody of the catalogue'),
  };
  return row(TABLES.people, usual, differences);
}

export function link(id: string, kpiId: string, differences: Differences = {}): DemoRow {
  const usual = {
    ...keys(id, kpiId),
    goalId: text(planted(0, 801)),
    createdBy: text(ANNA),
    createdAt: text('2023-02-01T08:00:00.0000000Z'),
  };
  return row(TABLES.legacyLinks, usual, differences);
}

export function milestone(id: string, kpiId: string, differences: Differences = {}): DemoRow {
  const usual = {
    ...keys(id, kpiId),
    targetValue: number('100'),
    milestoneDate: text('2024-06-30'),
    createdBy: text(ANNA),
    createdAt: text('2023-12-01T09:30:00.5000000Z'),
  };
  return row(TABLES.milestones, usual, differences);
}

export function actual(id: string, kpiId: string, differences: Differences = {}): DemoRow {
  const usual = {
    ...keys(id, kpiId),
    actualValue: number('97.5'),
    measurementDate: text('2024-05-31'),
    dataSource: text('Manual'),
    recordedBy: text(ANNA),
    recordedAt: text('2024-06-03T10:15:00.2500000Z'),
  };
  return row(TABLES.actuals, usual, differences);
}

export function reading(id: string, kpiId: string, differences: Differences = {}): DemoRow {
  const usual = {
    ...keys(id, kpiId),
    value: number('96.25'),
    readingDate: text('2024-05-20'),
    source: text('Integration'),
    recordedBy: text(ANNA),
    recordedAt: text('2024-05-21T04:00:00.7500000Z'),
  };
  return row(TABLES.readings, usual, differences);
}

function keys(id: string, kpiId: string): StoredItem {
  return { id: text(id), tenantId: text(TENANT), kpiId: text(kpiId) };
}

function row(table: string, usual: Differences, differences: Differences): DemoRow {
  return { table, item: item({ ...usual, ...differences }) };
}
