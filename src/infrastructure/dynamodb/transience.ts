import type { ErrorFacts } from './error-facts.js';
import { factsOf, INCOMPLETE_ANSWER, UNKNOWN_ANSWER, UNREADABLE_ANSWER } from './error-facts.js';

/**
 * Whether the same request may succeed a little later:
 * - `none`: it would fail again;
 * - `store`: the store itself says so (throttling, internal errors, conflicts with transactions);
 * - `connection`: it broke, stayed silent or brought something unreadable;
 * - `absent`: nobody took it: the name is unknown, or nobody listens.
 *
 * The last two may also mean that the endpoint is wrong, so they are worth much patience only after it answered once.
 */
export type Transience = 'none' | 'store' | 'connection' | 'absent';

const ABSENT = new Set([
  'ECONNREFUSED',
  'ECONNTIMEOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENETDOWN',
]);

const BROKEN = new Set([
  'ECONNRESET',
  'ECONNABORTED',
  'EADDRNOTAVAIL',
  'ENETRESET',
  'EPIPE',
  'EPROTO',
  'ERR_STREAM_PREMATURE_CLOSE',
  'ETIMEDOUT',
  'RequestTimeout',
  'RequestTimeoutException',
  'TimeoutError',
]);

const THROTTLED = new Set([
  'ProvisionedThroughputExceededException',
  'ProvisionedThroughputExceeded',
  'ThrottlingException',
  'ThrottlingError',
  'ThrottledException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'RequestThrottledException',
  'SlowDown',
  'TooManyRequestsException',
  'Throttling',
]);

const BUSY = new Set([
  'InternalServerError',
  'InternalServerErrorException',
  'InternalFailure',
  'ServiceUnavailable',
  'ServiceUnavailableException',
  'TransactionConflict',
  'TransactionConflictException',
  'TransactionInProgressException',
  'ReplicatedWriteConflictException',
  INCOMPLETE_ANSWER,
]);

export function transienceOf(error: unknown): Transience {
  const facts = factsOf(error);
  const { name, code, status } = facts;
  if (isTransientCode(name) || isTransientCancellation(error)) return 'store';
  if (ABSENT.has(code)) return 'absent';
  if (isUnreachable(facts) || isUnreadable(facts)) return 'connection';
  if (status === undefined || status < 500) return 'none';
  return name === UNKNOWN_ANSWER ? 'connection' : 'store';
}

/** Whether the same request may succeed a little later, for whatever cause. */
export function isTransient(error: unknown): boolean {
  return transienceOf(error) !== 'none';
}

/** Whether a statement's error code, or the reason of a cancelled transaction, says that it may succeed a little later. */
export function isTransientCode(code: string): boolean {
  return THROTTLED.has(code) || BUSY.has(code);
}

/**
 * Whether a transaction was cancelled for reasons that pass by, all of them. One condition that failed or one item
 * that was refused, and it would be cancelled again. False for what is no cancellation and for one without reasons.
 */
export function isTransientCancellation(error: unknown): boolean {
  const { reasons } = factsOf(error);
  return reasons.length > 0 && reasons.every(isTransientCode);
}

/** Whether a statement's error code says that it was throttled. */
export function isThrottlingCode(code: string): boolean {
  return THROTTLED.has(code);
}

export function isThrottled({ name, reasons }: ErrorFacts): boolean {
  return THROTTLED.has(name) || (reasons.length > 0 && reasons.every((reason) => THROTTLED.has(reason)));
}

export function isUnreachable({ name, code }: ErrorFacts): boolean {
  return ABSENT.has(code) || BROKEN.has(code) || BROKEN.has(name);
}

/** An answer that is no JSON object, or no HTTP: cut short, or from something that is no DynamoDB. */
export function isUnreadable({ name, code, status }: ErrorFacts): boolean {
  return (
    name === UNREADABLE_ANSWER || code.startsWith('HPE_') || (name === 'SyntaxError' && status !== undefined)
  );
}
