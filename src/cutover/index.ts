/** `waybill/cutover`: what the application's own processes need while a plan is cut over; see docs/cutover.md. */
export type {
  Discrepancy,
  DiscrepancyList,
  DiscrepancyReason,
  DualWriteKind,
} from './dual-writes/discrepancies.js';
export { DualWriter, type DualWriterOptions, type DualWritePolicy } from './dual-writes/dual-writer.js';
export type { Reconciled } from './dual-writes/reconciler.js';
export type { Swept } from './dual-writes/sweep.js';
export { successPercent, type DualWriteFigures } from './dual-writes/write-figures.js';
export type { RecordPatch } from './dual-writes/write-proposal.js';
export type { DualWriteResult } from './dual-writes/write-result.js';
export { openCurrentPhase, type CurrentPhaseSetting } from './open-current-phase.js';
export { openDiscrepancies, openPersonnelDualWriter, type DualWriterSetting } from './open-dual-writer.js';
export { conductOf } from './phases/conduct.js';
export { CurrentPhase, type CurrentPhaseOptions } from './phases/current-phase.js';
export type { Conduct, Phase, PhaseName, WriteMode } from './phases/phase.js';
export type { PhaseChange, PhaseReader, PhaseRecord } from './phases/phase-store.js';
export { compareReads, type Answer, type ReadComparison } from './phases/read-comparison.js';
export { readsNew } from './phases/read-switch.js';
export { ReadTally, type ReadCost, type ReadTallyResult, type ReadTimes } from './phases/read-tally.js';
export { WaybillError } from '../runner/ports/errors.js';
