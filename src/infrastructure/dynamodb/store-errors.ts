import { StoreError, WaybillError } from '../../runner/ports/errors.js';
import type { ErrorFacts } from './error-facts.js';
import { factsOf, UNKNOWN_ANSWER } from './error-facts.js';
import { tableMissing } from './table-missing.js';
import { isThrottled, isTransient, isUnreachable, isUnreadable } from './transience.js';

export { isTransient, isTransientCancellation, isTransientCode } from './transience.js';

/** What was tried, for the message. */
export interface Attempt {
  /** the API's name of the action, e.g. `Scan`, `PartiQLInsert` */
  readonly action: string;
  /** physical name of the table, where one is concerned */
  readonly table?: string;
  /** `host:port` */
  readonly endpoint: string;
  /** milliseconds that it was tried again and again before it was given up */
  readonly retriedFor?: number;
}

const BAD_CREDENTIALS = new Set([
  'CredentialsProviderError',
  'TokenProviderError',
  'ExpiredTokenException',
  'ExpiredToken',
  'UnrecognizedClientException',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'SignatureDoesNotMatch',
  'MissingAuthenticationTokenException',
  'IncompleteSignatureException',
  'MissingAuthenticationToken',
  'IncompleteSignature',
]);

const DENIED = new Set(['AccessDeniedException', 'AccessDenied', 'UnauthorizedException']);

const MISSING = new Set(['ResourceNotFoundException', 'ResourceNotFound', 'TableNotFoundException']);

/** Whether a code concerns the table or the caller, not the row: every other row would meet it too. */
export function isGeneralCode(code: string): boolean {
  return DENIED.has(code) || MISSING.has(code);
}

/**
 * What the runner is told of an error of the SDK, of the network or of a statement. Ours pass through; everything
 * else becomes a `StoreError` with the original as its cause. The messages hold names of tables, actions and
 * hosts, never the store's own text, which may quote values.
 */
export function toStoreError(error: unknown, attempt: Attempt): WaybillError {
  if (error instanceof WaybillError) return error;
  const facts = factsOf(error);
  const { action, endpoint } = attempt;
  const what = attempt.table === undefined ? action : `${action} on table ${attempt.table}`;
  // a parser's error quotes what it could not read, and that may be a row
  const options: ErrorOptions = isUnreadable(facts) ? {} : { cause: error };
  const end = isTransient(error) ? attemptsText(attempt.retriedFor) : '';
  if (isRegionMissing(facts)) return regionMissing(options);
  if (BAD_CREDENTIALS.has(facts.name)) return badCredentials(facts, endpoint, options);
  if (isUnreachable(facts)) return unreachable(facts, `${what}: ${endpoint}`, end, options);
  if (DENIED.has(facts.name)) return denied(facts, what, endpoint, action, options);
  if (MISSING.has(facts.name) && attempt.table !== undefined)
    return tableMissing(attempt.table, endpoint, options);
  if (isThrottled(facts)) return throttled(what, endpoint, attempt.retriedFor, options);
  return failed(facts, `${what}: ${endpoint}`, end, options);
}

const AGAIN = 'run the same command again: what is done stays done, a run resumes from its last checkpoint.';

/** What was tried before the error was passed on; nothing where it was not tried again. */
function attemptsText(retriedFor: number | undefined): string {
  if (retriedFor === undefined) return '';
  return ` It was tried again for ${seconds(retriedFor)}; nothing more was sent.`;
}

function seconds(milliseconds: number): string {
  return `${Math.max(1, Math.round(milliseconds / 1000))} s`;
}

function isRegionMissing({ message }: ErrorFacts): boolean {
  return message.includes('Region is missing') || message.includes('Invalid Configuration: Missing Region');
}

function regionMissing(options: ErrorOptions): StoreError {
  return new StoreError(
    'STORE_REGION',
    'No AWS region is configured.',
    'Set `region` in the environment file, or AWS_REGION, or a region in the AWS profile.',
    options,
  );
}

function badCredentials(facts: ErrorFacts, endpoint: string, options: ErrorOptions): StoreError {
  const expired = facts.name.startsWith('ExpiredToken');
  const absent = facts.name.endsWith('ProviderError') || facts.name.startsWith('MissingAuthentication');
  const state = expired ? 'have expired' : absent ? 'are missing' : `are not accepted (${facts.name})`;
  return new StoreError(
    'STORE_CREDENTIALS',
    `The AWS credentials for ${endpoint} ${state}.`,
    'Sign in again (e.g. `aws sso login`) or set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, then run the command again.',
    options,
  );
}

function unreachable(facts: ErrorFacts, what: string, end: string, options: ErrorOptions): StoreError {
  const why = facts.code === '' ? facts.name : facts.code;
  return new StoreError(
    'STORE_UNREACHABLE',
    `${what} can't be reached (${why}).${end}`,
    `Check the network, the region and AWS_ENDPOINT_URL_DYNAMODB; then ${AGAIN}`,
    options,
  );
}

function denied(
  facts: ErrorFacts,
  what: string,
  endpoint: string,
  action: string,
  options: ErrorOptions,
): StoreError {
  // AWS names the action that a policy lacks; it may differ from the API that was called
  const permission = /\bdynamodb:[A-Za-z]+/.exec(facts.message)?.[0] ?? `dynamodb:${action}`;
  return new StoreError(
    'STORE_DENIED',
    `${what}: access denied at ${endpoint}.`,
    `Let the role in use perform ${permission} on this table and its indexes.`,
    options,
  );
}

function throttled(
  what: string,
  endpoint: string,
  retriedFor: number | undefined,
  options: ErrorOptions,
): StoreError {
  const retries = retriedFor === undefined ? 'all retries' : `${seconds(retriedFor)} of retries`;
  return new StoreError(
    'STORE_THROTTLED',
    `${what}: still throttled by ${endpoint} after ${retries}; nothing more was sent.`,
    `Give a lower --max-wcu or --max-rcu, or raise the table’s capacity; then ${AGAIN}`,
    options,
  );
}

function failed(facts: ErrorFacts, what: string, end: string, options: ErrorOptions): StoreError {
  const status = facts.status === undefined ? '' : `, HTTP ${facts.status}`;
  const isAlien = isUnreadable(facts) || facts.name === UNKNOWN_ANSWER;
  const alien = isAlien ? ' The answer is not DynamoDB’s: is this the right endpoint?' : '';
  return new StoreError(
    'STORE_FAILED',
    `${what} failed with ${errorName(facts)}${status}.${alien}${end}`,
    `R${AGAIN.slice(1)} If it fails again, the error’s name tells where to look in the AWS documentation.`,
    options,
  );
}

/** A plain `Error` tells less than its code; a cancelled transaction says why. */
function errorName({ name, code, reasons }: ErrorFacts): string {
  if (reasons.length > 0) return `${name} (${[...new Set(reasons)].join(', ')})`;
  return name === 'Error' && code !== '' ? code : name;
}
