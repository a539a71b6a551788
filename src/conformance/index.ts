/** `waybill/conformance`: what plan authors run on their own steps (docs/conformance-kit.md). */
export {
  checkConformance,
  conformanceCases,
  tablesAfterRun,
  type CaseReport,
  type ConformanceCase,
  type ConformanceReport,
} from './conformance.js';
export type { ConformanceSubject, TableRows } from './subject.js';
export { BlockedCase, ConformanceError } from './verdict.js';
