import { types } from 'node:util';
import type { ErrorDocument } from './command-result.js';
import type { ExitCode } from '../ports/errors.js';
import { EXIT, WaybillError } from '../ports/errors.js';
import { abortedError } from './interruption.js';
import { terminalSafe, terminalSafeLines } from '../reports/escape.js';

/** Anything thrown, as the command line tells it. */
interface Failure {
  readonly exit: Exclude<ExitCode, 0>;
  readonly error: ErrorDocument;
  /** where it happened: for `--log-level debug` only */
  readonly stack?: string;
}

/**
 * What is not a `WaybillError` is trouble with the machine (`SYSTEM`) or a bug of ours (`INTERNAL`): exit 1. A
 * bug's message may quote stored values, so it is told only where `--log-level debug` asks for it (invariant 11).
 */
export function failureOf(thrown: unknown, signal: AbortSignal): Failure {
  const error = signal.aborted && isAbortError(thrown) ? abortedError() : thrown;
  const stack = isError(error) ? { stack: stackOf(error) } : {};
  if (error instanceof WaybillError) {
    const { exit, code, message, next } = error;
    return { exit, error: { code, message, next }, ...stack };
  }
  return { exit: EXIT.failed, error: unknownError(error), ...stack };
}

function unknownError(thrown: unknown): ErrorDocument {
  if (isError(thrown) && 'syscall' in thrown) {
    return {
      code: 'SYSTEM',
      message: `The operating system refused: ${thrown.message}.`,
      next: 'Mend what it names, then run the same command again.',
    };
  }
  const kind = isError(thrown) ? thrown.name : `a thrown ${typeof thrown}`;
  return {
    code: 'INTERNAL',
    message: `Waybill met an error that it does not know (${kind}).`,
    next:
      'Report this as a bug. --log-level debug shows where it happened; the log of a run is in its folder ' +
      'under .waybill/runs/.',
  };
}

/** A failure on stderr: what, what to do, and with `debug` where. */
export function failureText(error: ErrorDocument, stack?: string): string {
  const where = stack === undefined ? '' : `${terminalSafeLines(stack)}\n`;
  return `error ${terminalSafe(error.code)}: ${indented(error.message)}\n  ${terminalSafe(error.next)}\n${where}`;
}

/** Lists of faults have a line each; none of them can look like the beginning of another message. */
function indented(message: string): string {
  return message
    .split('\n')
    .map((line) => terminalSafe(line.trimStart()))
    .join('\n  ');
}

function isAbortError(thrown: unknown): boolean {
  return isError(thrown) && thrown.name === 'AbortError';
}

function stackOf(error: Error): string {
  const causes: string[] = [];
  for (let cause: unknown = error; isError(cause) && causes.length < 10; cause = cause.cause) {
    causes.push(cause.stack ?? cause.message);
  }
  return causes.join('\ncaused by: ');
}

/** Also for errors of another realm, such as a worker's or a test's. */
function isError(thrown: unknown): thrown is Error {
  return thrown instanceof Error || types.isNativeError(thrown);
}
