import type { StoredItem, StoredValue } from '../../../src/domain/storage/stored-value.js';
import { NIL, canonicalOrText, guidOf, momentOf, numberOf } from './model-values.js';

/** The kinds of legacy record, in the order of their steps. */
export type Kind = 'link' | 'milestone' | 'actual' | 'reading';

/** Why the model sets a record aside. */
export interface ModelProblem {
  readonly reason: string;
  readonly field: string;
}

/** A record that can be read: listed attributes that are present, in the form in which they are written. */
export interface ModelRecord {
  readonly id: string;
  readonly kpiId: string;
  readonly tenantId: string;
  readonly written: ReadonlyMap<string, StoredValue>;
  readonly stored: StoredItem;
  readonly legacyAttributes: StoredItem;
}

/**
 * What an attribute holds: `id` a GUID other than nil; `ref` text, canonical where a GUID; `user` the same, but blank
 * is absent; `raw` a user as stored; the rest as named. `!` marks what must be there; `a!b` wants one of the two.
 */
const ATTRIBUTES: Readonly<Record<Kind, readonly string[]>> = {
  link: [
    'id id!',
    'kpiId id!',
    'tenantId ref!',
    'goalId ref!',
    'thresholdPct number',
    'linkType text',
    'weight number',
    'displayOrder number',
    'isPrimary flag',
    'createdBy user!',
    'createdAt moment!',
    'updatedBy user',
    'updatedAt moment',
  ],
  milestone: [
    'id id!',
    'kpiId id!',
    'tenantId ref!',
    'targetValue number!',
    'milestoneDate moment!',
    'label text',
    'confidenceLevel number',
    'rationale text',
    'createdBy user!',
    'createdAt moment!',
    'updatedBy user',
    'updatedAt moment',
  ],
  actual: [
    'id id!',
    'kpiId id!',
    'tenantId ref!',
    'actualValue number!',
    'measurementDate moment!',
    'originalValue number',
    'isManualOverride flag',
    'overrideComment text',
    'dataSource text',
    'sourceReferenceId text',
    'triggersReplan flag',
    'replanThresholdExceeded flag',
    'autoAdjustmentApplied flag',
    'recordedBy raw!',
    'recordedAt moment!',
    'updatedBy user',
    'updatedAt moment',
  ],
  reading: [
    'id id!',
    'kpiId id!',
    'tenantId ref!',
    'value number!',
    'readingDate moment!',
    'periodStart moment',
    'notes text',
    'source text',
    'externalId text',
    'recordedBy raw!createdBy',
    'recordedAt moment!createdAt',
    'createdBy user',
    'createdAt moment',
    'updatedBy user',
    'updatedAt moment',
  ],
};

/** Reads a legacy record; the first fault in the order of the list above is the one that counts. */
export function readRecord(kind: Kind, stored: StoredItem): ModelRecord | ModelProblem {
  const written = new Map<string, StoredValue>();
  const names = new Set<string>();
  for (const line of ATTRIBUTES[kind]) {
    const [name = '', rule = ''] = line.split(' ');
    const [type = '', other] = rule.split('!');
    names.add(name);
    const value = stored[name];
    if (isAbsent(value, type)) {
      if (other !== undefined && (other === '' || isAbsent(stored[other], type))) {
        return { reason: 'FIELD_MISSING', field: name };
      }
      continue;
    }
    const result = convert(value, type);
    if (typeof result === 'string') return { reason: result, field: name };
    written.set(name, result);
  }
  const unlisted = Object.entries(stored).filter(([name]) => !names.has(name));
  return {
    id: textIn(written, 'id'),
    kpiId: textIn(written, 'kpiId'),
    tenantId: textIn(written, 'tenantId'),
    written,
    stored,
    legacyAttributes: Object.fromEntries(unlisted),
  };
}

export function isProblem(found: ModelRecord | ModelProblem): found is ModelProblem {
  return 'reason' in found;
}

/** Text that is there although it is blank stays; a blank id, user, number or date is as good as none. */
function isAbsent(value: StoredValue | undefined, type: string): value is undefined {
  if (value === undefined || 'NULL' in value) return true;
  return 'S' in value && type !== 'text' && type !== 'flag' && value.S.trim() === '';
}

/** The value as it is written, or the reason why it can't be. */
function convert(value: StoredValue, type: string): StoredValue | string {
  if (type === 'flag') return 'BOOL' in value ? value : 'TYPE_INVALID';
  if (type === 'number' && 'N' in value) return { N: numberOf(value.N) ?? value.N };
  if (!('S' in value)) return 'TYPE_INVALID';
  switch (type) {
    case 'id': {
      const guid = guidOf(value.S);
      return guid === undefined || guid === NIL ? 'ID_INVALID' : { S: guid };
    }
    case 'number': {
      const number = numberOf(value.S.trim());
      return number === undefined ? 'NUMBER_INVALID' : { N: number };
    }
    case 'moment': {
      const moment = momentOf(value.S);
      return moment === undefined ? 'DATE_INVALID' : { S: moment.text };
    }
    case 'ref':
    case 'user':
      return { S: canonicalOrText(value.S) };
    default:
      return value;
  }
}

export function textIn(written: ReadonlyMap<string, StoredValue>, name: string): string {
  const value = written.get(name);
  if (value === undefined || !('S' in value)) throw new TypeError(`no text in ${name}`);
  return value.S;
}
