import type { LegacyRecord } from '../../domain/legacy/legacy-record.js';
import { readLegacyRecord } from '../../domain/legacy/read-legacy-record.js';
import type { StoredItem } from '../../domain/storage/stored-value.js';
import type { Problem, Warning } from '../contract/outcome.js';
import type { KpiDirectory, KpiEntry } from './lookups/kpi-directory.js';
import type { LegacyIds } from './lookups/legacy-ids.js';
import type { Guid } from '../../domain/values/guid.js';

/** What every legacy record of the plan has. */
export interface KpiRecord extends LegacyRecord {
  readonly id: Guid;
  readonly kpiId: Guid;
  readonly tenantId: string;
}

export type Admission<R> =
  | { readonly ok: true; readonly record: R; readonly kpi: KpiEntry; readonly warnings: readonly Warning[] }
  | { readonly ok: false; readonly problem: Problem; readonly warnings: readonly Warning[] };

/**
 * The checks that all four kinds share, in the precedence of the storage contract: the record's own attributes, then
 * ID_DUPLICATE, KPI_MISSING, TENANT_MISMATCH.
 */
export function admit<R extends KpiRecord>(
  recordClass: new () => R,
  item: StoredItem,
  ids: LegacyIds,
  kpis: KpiDirectory,
): Admission<R> {
  const read = readLegacyRecord(recordClass, item);
  if (!read.ok) return { ok: false, problem: read.problem, warnings: [] };
  const { record } = read;
  const warnings = read.warnings.map((one): Warning =>
    one.code === 'UNKNOWN_ATTRIBUTE' ? { ...one, once: true } : one,
  );
  const refuse = (reason: string, field: string, detail: string): Admission<R> => {
    return { ok: false, problem: { reason, field, detail }, warnings };
  };
  if (!ids.wins(record.id.text, record.storedId)) {
    return refuse(
      'ID_DUPLICATE',
      'id',
      `another record of this table has the same GUID ${record.id.text} in another spelling`,
    );
  }
  const kpi = kpis.find(record.kpiId.text);
  if (kpi === undefined) return refuse('KPI_MISSING', 'kpiId', `there is no KPI ${record.kpiId.text}`);
  if (kpi.tenantId !== record.tenantId) {
    return refuse(
      'TENANT_MISMATCH',
      'tenantId',
      `KPI ${record.kpiId.text} belongs to another tenant than the record`,
    );
  }
  return { ok: true, record, kpi, warnings };
}
