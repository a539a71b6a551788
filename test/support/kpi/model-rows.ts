import type { StoredItem, StoredValue } from '../../../src/domain/storage/stored-value.js';
import type { Kind, ModelRecord } from './model-records.js';
import { guidOf } from './model-values.js';

type Written = ReadonlyMap<string, StoredValue>;
type Cell = readonly [target: string, value: StoredValue | undefined];

const NO: StoredValue = { BOOL: false };
const MANUAL: StoredValue = { S: 'Manual' };
const SYSTEM: StoredValue = { S: 'system' };

/** The new link of an old one, without its stamp. */
export function linkRow(record: ModelRecord, personId: string): StoredItem {
  const carried = [...record.written].filter(([name]) => name !== 'isPrimary');
  return row(record, [
    ...carried,
    ['isPrimary', record.written.get('isPrimary') ?? NO],
    ['personId', { S: personId }],
  ]);
}

/** One row of a milestone, actual or reading for one link, without its stamp. */
export function dataRow(
  kind: Exclude<Kind, 'link'>,
  record: ModelRecord,
  id: string,
  linkId: string,
): StoredItem {
  const cells = { milestone: milestoneCells, actual: actualCells, reading: readingCells }[kind](record);
  return row(record, [
    ['id', { S: id }],
    ['tenantId', { S: record.tenantId }],
    ['kpiLinkId', { S: linkId }],
    ...cells,
    ['updatedBy', record.written.get('updatedBy')],
    ['updatedAt', record.written.get('updatedAt')],
  ]);
}

function milestoneCells({ written }: ModelRecord): Cell[] {
  return [
    ['dataCategory', { S: 'Target' }],
    ['targetSubtype', { S: 'Expected' }],
    ['postValue', written.get('targetValue')],
    ['postDate', written.get('milestoneDate')],
    ['label', written.get('label')],
    ['confidenceLevel', written.get('confidenceLevel')],
    ['rationale', written.get('rationale')],
    ['isManualOverride', NO],
    ['dataSource', MANUAL],
    ['triggersReplan', NO],
    ['replanThresholdExceeded', NO],
    ['recordedBy', written.get('createdBy')],
    ['recordedAt', written.get('createdAt')],
    ['createdBy', written.get('createdBy')],
    ['createdAt', written.get('createdAt')],
  ];
}

function actualCells({ written }: ModelRecord): Cell[] {
  return [
    ['dataCategory', { S: 'Actual' }],
    ['actualSubtype', { S: 'Measured' }],
    ['postValue', written.get('actualValue')],
    ['postDate', written.get('measurementDate')],
    ['originalValue', written.get('originalValue')],
    ['isManualOverride', written.get('isManualOverride') ?? NO],
    ['overrideComment', written.get('overrideComment')],
    ['dataSource', written.get('dataSource') ?? MANUAL],
    ['sourceReferenceId', written.get('sourceReferenceId')],
    ['triggersReplan', written.get('triggersReplan') ?? NO],
    ['replanThresholdExceeded', written.get('replanThresholdExceeded') ?? NO],
    ['autoAdjustmentApplied', written.get('autoAdjustmentApplied')],
    ['recordedBy', written.get('recordedBy')],
    ['recordedAt', written.get('recordedAt')],
    ['createdBy', creatorFromRecorder(written)],
    ['createdAt', written.get('recordedAt')],
  ];
}

function readingCells({ written, stored }: ModelRecord): Cell[] {
  const recordedAt = written.get('recordedAt') ?? written.get('createdAt');
  return [
    ['dataCategory', { S: 'Actual' }],
    ['actualSubtype', { S: 'Measured' }],
    ['postValue', written.get('value')],
    ['postDate', written.get('readingDate')],
    ['measuredPeriodStartDate', written.get('periodStart')],
    ['rationale', written.get('notes')],
    ['isManualOverride', NO],
    ['dataSource', written.get('source') ?? MANUAL],
    ['sourceReferenceId', written.get('externalId')],
    ['triggersReplan', NO],
    ['replanThresholdExceeded', NO],
    ['recordedBy', written.get('recordedBy') ?? stored['createdBy']],
    ['recordedAt', recordedAt],
    ['createdBy', written.get('createdBy') ?? creatorFromRecorder(written)],
    ['createdAt', written.get('createdAt') ?? recordedAt],
  ];
}

function creatorFromRecorder(written: Written): StoredValue {
  const recorder = written.get('recordedBy');
  const guid = recorder !== undefined && 'S' in recorder ? guidOf(recorder.S) : undefined;
  return guid === undefined ? SYSTEM : { S: guid };
}

function row(record: ModelRecord, cells: readonly Cell[]): StoredItem {
  const present = cells.filter((cell): cell is [string, StoredValue] => cell[1] !== undefined);
  const carried = Object.keys(record.legacyAttributes).length > 0;
  return Object.fromEntries(
    carried ? [...present, ['legacyAttributes', { M: record.legacyAttributes }]] : present,
  );
}
