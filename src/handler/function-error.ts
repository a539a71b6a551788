import { EXIT, WaybillError } from '../runner/ports/errors.js';

/**
 * What became of an invocation that failed. Lambda reports it as `errorType`, with `Waybill.` before it, and Step Functions
 * matches it in `Retry` and `Catch`.
 * - `Usage`: the event or the configuration is wrong;
 * - `Refused`: preflight, a gate or a guard said no;
 * - `Busy`: another one holds the lease, or the store can't be reached: the same event may succeed later;
 * - `Failed`: a validation failed, or records were set aside that nobody accepted;
 * - `Stopped`: somebody asked the run to stop;
 * - `NoProgress`: the time of an invocation is not enough to come any further.
 */
export type FailureKind = 'Usage' | 'Refused' | 'Busy' | 'Failed' | 'Stopped' | 'NoProgress';

interface FailureFacts {
  readonly code: string;
  readonly message: string;
  readonly next: string;
  readonly run?: string | undefined;
}

/**
 * Thrown for every end that is neither complete nor to be continued, so that retries and alarms work (C-11, C-X12). It has
 * no cause: the runtime would print it, and what is not ours may quote values (invariant 11).
 */
export class FunctionError extends Error {
  readonly code: string;
  readonly next: string;
  /** the run in question, where one was begun */
  readonly run?: string;

  constructor(
    readonly kind: FailureKind,
    { code, message, next, run }: FailureFacts,
  ) {
    super(`${code}: ${message} ${next}`);
    this.name = `Waybill.${kind}`;
    this.code = code;
    this.next = next;
    if (run !== undefined) this.run = run;
  }
}

/** Codes of what goes away by itself. */
const BUSY = new Set(['LEASE_HELD', 'LEASE_LOST', 'STORE_THROTTLED', 'STORE_UNREACHABLE', 'STORE_FAILED']);

/** Anything thrown, as an error of this function. */
export function functionError(thrown: unknown, run?: string): FunctionError {
  if (thrown instanceof FunctionError) return thrown;
  if (thrown instanceof WaybillError) {
    const { exit, code, message, next } = thrown;
    return new FunctionError(kindOf(exit, code), { code, message, next, run });
  }
  const kind = thrown instanceof Error ? thrown.name : `a thrown ${typeof thrown}`;
  return new FunctionError('Failed', {
    code: 'INTERNAL',
    message: `The function met an error that it does not know (${kind}).`,
    next: "See the function's log; this is a defect to report.",
    run,
  });
}

/** `exit`: how the command line would have ended. */
export function kindOf(exit: number, code: string): FailureKind {
  if (BUSY.has(code)) return 'Busy';
  if (code === 'ABORTED') return 'Stopped';
  if (exit === EXIT.usage) return 'Usage';
  return exit === EXIT.refused ? 'Refused' : 'Failed';
}
