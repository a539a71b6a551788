import type { KpiDataState } from '../../../src/domain/kpi/kpi-data.js';
import type { KpiLinkState } from '../../../src/domain/kpi/kpi-link.js';
import type { PersonState } from '../../../src/domain/person/person.js';
import { ExactNumber } from '../../../src/domain/values/exact-number.js';
import { Moment } from '../../../src/domain/values/moment.js';

/** States that break today's rules wherever they can: history is restored as it was. */

export function anOldLinkState(changes: Partial<KpiLinkState> = {}): KpiLinkState {
  return {
    id: '11000000-0000-4000-8000-000000000001',
    tenantId: 'tenant seven',
    kpiId: 'kpi-1',
    personId: 'person-1',
    goalId: 'goal-1',
    thresholdPct: ExactNumber.of('-3'),
    linkType: '',
    weight: ExactNumber.of('250'),
    displayOrder: ExactNumber.of('1.5'),
    isPrimary: true,
    createdBy: 'bob',
    createdAt: Moment.restore('1999-12-31'),
    updatedBy: 'alice',
    updatedAt: Moment.restore('1998-01-01T00:00:00Z'),
    ...changes,
  };
}

export function anOldDataState(changes: Partial<KpiDataState> = {}): KpiDataState {
  return {
    id: 'data-1',
    kpiLinkId: 'link-1',
    dataCategory: 'Actual',
    actualSubtype: 'Measured',
    postValue: ExactNumber.of('12345678901234567890.123456789012345678'),
    postDate: Moment.restore('2024-01-01'),
    measuredPeriodStartDate: Moment.restore('2025-01-01'),
    label: 'x'.repeat(500),
    confidenceLevel: ExactNumber.of('400'),
    originalValue: ExactNumber.of('7'),
    isManualOverride: false,
    overrideComment: 'without an override',
    dataSource: 'Rumour',
    triggersReplan: false,
    replanThresholdExceeded: true,
    recordedBy: 'bob',
    recordedAt: Moment.restore('2024-01-02T03:04:05.1234567Z'),
    createdBy: 'system',
    createdAt: Moment.restore('2024-01-02T03:04:05.1234567Z'),
    updatedBy: 'alice',
    updatedAt: Moment.restore('2023-01-01'),
    ...changes,
  };
}

export function aPersonState(changes: Partial<PersonState> = {}): PersonState {
  return { id: 'person-1', tenantId: 'tenant seven', isPlaceholder: true, ...changes };
}
