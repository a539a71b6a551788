import type { LegacyRecord } from '../../../domain/legacy/legacy-record.js';
import type { StorageEnvelope } from '../../../domain/storage/stored.js';

/** The legacy attributes that the new model does not know, where there are any. */
export function carried(record: LegacyRecord): StorageEnvelope {
  return record.legacyAttributes === undefined ? {} : { legacyAttributes: record.legacyAttributes };
}

/** Of a data row: also its tenant, which KpiData itself has not (K-X30). */
export function dataEnvelope(record: LegacyRecord & { readonly tenantId: string }): StorageEnvelope {
  return { tenantId: record.tenantId, ...carried(record) };
}
