/** What programs may rely on in the documents of `--json` (the plan's storage contract); more keys may come. */

export interface ErrorDocument {
  readonly code: string;
  readonly message: string;
  readonly next: string;
}

export interface StepDocument {
  readonly step: string;
  readonly read: number;
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly skipped: number;
  readonly quarantined: number;
  readonly conflicts: number;
  readonly rows: number;
  readonly validation: { readonly checks: number; readonly passed: number; readonly failed: number };
}

export interface RunDocument {
  readonly run: string;
  readonly plan: string;
  readonly env: string;
  readonly status: string;
  readonly dryRun: boolean;
  readonly steps: readonly StepDocument[];
  readonly error?: ErrorDocument;
}

export interface QuarantineDocument {
  readonly step: string;
  readonly source: string;
  readonly reason: string;
  readonly field?: string;
  readonly detail: string;
}

export interface ConflictDocument {
  readonly step: string;
  readonly source: string;
  readonly key: string;
  readonly detail: string;
}

export interface FindingDocument {
  readonly kind: string;
  readonly step: string;
  readonly key: string;
  readonly field?: string;
  readonly detail: string;
}

export interface ValidateDocument {
  readonly checks: readonly {
    readonly name: string;
    readonly passed: boolean;
    readonly expected: number | string;
    readonly found: number | string;
  }[];
  readonly findings: readonly FindingDocument[];
  readonly error?: ErrorDocument;
}

const COUNTS = [
  'read',
  'created',
  'updated',
  'unchanged',
  'skipped',
  'quarantined',
  'conflicts',
  'rows',
] as const;

/** The eight counts of each step, in the order of the contract: read, created, updated, unchanged, skipped, quarantined, conflicts, rows. */
export function counts(document: RunDocument): Record<string, number[]> {
  return Object.fromEntries(document.steps.map((step) => [step.step, COUNTS.map((name) => step[name])]));
}

/** Records of a step for which no outcome was told; conservation (invariant 1) says 0. */
export function unaccounted(step: StepDocument): number {
  return (
    step.read -
    step.created -
    step.updated -
    step.unchanged -
    step.skipped -
    step.quarantined -
    step.conflicts
  );
}

/** Whether the validation of every step ran and passed in full; how many checks there are is the step's affair. */
export function allValidated(document: RunDocument): boolean {
  return document.steps.every(
    ({ validation: { checks, passed, failed } }) => checks > 0 && passed === checks && failed === 0,
  );
}
