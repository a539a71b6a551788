/** `waybill/plan`: what a plan is made of, for plans that live outside of this package. */
export { RestoreError } from '../domain/errors.js';
export { Attribute } from '../domain/legacy/attribute.js';
export { LegacyRecord } from '../domain/legacy/legacy-record.js';
export { readLegacyRecord } from '../domain/legacy/read-legacy-record.js';
export type { AggregateMapper, Stamp, StorageEnvelope, Stored } from '../domain/storage/stored.js';
export { textOf, type StoredItem, type StoredValue } from '../domain/storage/stored-value.js';
export { ExactNumber } from '../domain/values/exact-number.js';
export { Guid } from '../domain/values/guid.js';
export { Instant, LocalDate, Moment } from '../domain/values/moment.js';
export { checkStructure, fieldsOf } from '../domain/values/structure.js';
export { StructuredMapper } from '../infrastructure/persistence/mapping/structured.mapper.js';
export type {
  AccessAnswer,
  AccessFault,
  AccessPattern,
  AccessReader,
} from '../migrations/contract/access-pattern.js';
export { indexAccess, keyAccess } from '../migrations/contract/index-access.js';
export type { Checklist, PlanChecklists, Threshold, Trigger } from '../migrations/contract/checklist.js';
export { attested, elapsed, figure, measured } from '../migrations/contract/checklist-items.js';
export type { LookupIndex, LookupIndexes } from '../migrations/contract/lookup-index.js';
export type { PlanMapping } from '../migrations/contract/mapping-document.js';
export type { MigrationPlan } from '../migrations/contract/migration-plan.js';
export {
  sourceName,
  type CompanionRow,
  type ExpectedCompanion,
  type IMigrationStep,
  type RecordPlanner,
  type RowFault,
  type StepContext,
} from '../migrations/contract/migration-step.js';
export type { Decision, Outcome, PlannedRow, Problem, Warning } from '../migrations/contract/outcome.js';
export type { Cursor, Page, RecordReader, ScanOptions } from '../migrations/contract/record-reader.js';
export { rowKey, type KeyedTable, type RowKey } from '../migrations/contract/row-key.js';
export type { RowUse } from '../migrations/contract/row-use.js';
export type { IndexDefinition, TableDefinition, TableRole } from '../migrations/contract/table.js';
