import type { FaultKind } from './fault-kinds.js';

/** A request that came to a proxy, and what became of it. Times are in ms on the clock of `performance.now()`. */
export interface RecordedRequest {
  /** from 1, in the order of arrival */
  readonly n: number;
  /** from 1: which of the client's connections */
  readonly connection: number;
  /** e.g. `BatchExecuteStatement` */
  readonly operation: string;
  /** what it is about: the kind of a journal item, else the physical name of a table */
  readonly subject: string;
  /** the step under way, as far as journal writes through this proxy have told; '' before the first */
  readonly step: string;
  /** from 1: the how manieth of this operation on this subject in this step */
  readonly position: number;
  readonly writes: boolean;
  /** of the body: a repeated request has the same */
  readonly hash: string;
  /** when its head came in: a request that had begun before its client was frozen is none that came afterwards */
  readonly startedAt: number;
  fault?: FaultKind;
  denied?: true;
  /** it never reached the store */
  dropped?: true;
  /** HTTP status that the client was given; absent: none, or not yet */
  status?: number;
}

/** `arrived`: before anything is done about it; `answered`: it is done and the client knows nothing yet. */
export type Phase = 'arrived' | 'answered';

/** Where a request stands, for people and for counting distinct points. */
export function pointOf({ step, operation, subject, position }: RecordedRequest, phase: Phase): string {
  return `${step === '' ? 'start' : step}: ${operation} ${subject} #${position} ${phase}`;
}
