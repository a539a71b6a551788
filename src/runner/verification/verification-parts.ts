import type { LookupIndexes } from '../../migrations/contract/lookup-index.js';
import type { IMigrationStep, RecordPlanner } from '../../migrations/contract/migration-step.js';
import type { RecordReader } from '../../migrations/contract/record-reader.js';
import type { RowKeys } from '../../migrations/contract/row-key.js';
import type { Finding } from '../application.js';
import type { Check } from '../engine/guarded-planner.js';
import type { CheckResult, Counters } from '../ports/journal.js';
import type { Progress } from '../ports/progress.js';

/** What a verification works with. */
export interface VerificationParts {
  readonly step: IMigrationStep;
  /** fresh: built on the tables as they stand now, not the one that the run wrote with */
  readonly planner: RecordPlanner;
  readonly reader: RecordReader;
  readonly indexes: LookupIndexes;
  readonly check: Check;
  readonly keys: RowKeys;
  readonly segments: number;
  readonly progress: Progress;
  /** sources that the step's latest run reported as conflicts: their rows are not expected */
  readonly conflicts: (source: string) => boolean;
  /** stamps in the step's tables that no step of the plan writes there, told by one step per table only */
  readonly isStray: (source: string) => boolean;
  /** what the run counted, where the verification follows a run */
  readonly counters?: Counters;
  /** told each finding, so that a report can hold all of them while memory stays bounded */
  readonly onFinding?: (finding: Finding) => Promise<void>;
  readonly signal?: AbortSignal;
}

export interface VerificationResult {
  readonly checks: readonly CheckResult[];
  /** the first ones; `findingsTotal` counts all */
  readonly findings: readonly Finding[];
  readonly findingsTotal: number;
  readonly warnings: readonly string[];
}
