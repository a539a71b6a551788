/** A gate that can be overridden, by somebody who says so and why. */
export const OVERRIDABLE_GATES = ['backup', 'staging'] as const;

/** Somebody let a run through a gate that was closed. */
export interface Override {
  readonly gate: (typeof OVERRIDABLE_GATES)[number];
  readonly by: string;
  readonly why: string;
}

/** Records set aside for this reason don't keep runs of the plan from being done any more. */
export interface Acceptance {
  readonly gate: 'acceptance';
  readonly at: string;
  readonly by: string;
  readonly why?: string;
  /** a reason code, or `CONFLICT` */
  readonly reason: string;
  /** absent: any step */
  readonly step?: string;
  /** the decision is taken back */
  readonly revoked?: boolean;
}

/** A backup that was read again after it was written, and found complete. */
export interface BackupEvidence {
  readonly gate: 'backup';
  /** when the backup began: what was written later is not in it */
  readonly at: string;
  readonly verifiedAt: string;
  readonly by: string;
  readonly backup: string;
  /** folder or `s3://bucket/prefix` */
  readonly location: string;
  readonly tables: readonly {
    readonly table: string;
    readonly physicalName: string;
    readonly items: number;
  }[];
}

/** A passed run and validation of a whole plan in an environment. */
export interface StagingEvidence {
  readonly gate: 'staging';
  /** when the last step was validated */
  readonly at: string;
  /** who signed it off, where it came as a file */
  readonly by?: string;
  /** who brought the file here */
  readonly importedBy?: string;
  readonly plan: string;
  readonly env: string;
  readonly planVersion: string;
  readonly steps: readonly {
    readonly step: string;
    readonly run: string;
    readonly validatedAt: string;
    readonly checks: number;
    readonly records: number;
  }[];
}

/** Somebody says that an item of a checklist is so: what no program can measure. */
export interface SignOff {
  readonly gate: 'checklist';
  readonly at: string;
  readonly by: string;
  /** id of the item */
  readonly item: string;
  readonly note?: string;
  /** from this instant on it counts no more; absent: until it is withdrawn */
  readonly until?: string;
  /** what was said before is taken back */
  readonly withdrawn?: boolean;
}

/** What somebody decided or proved, kept in the journal for good. */
export type Attestation = Acceptance | BackupEvidence | StagingEvidence | SignOff;
export type Gate = Attestation['gate'];
