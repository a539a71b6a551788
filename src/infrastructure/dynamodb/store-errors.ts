import { StoreError, WaybillError } from '../../runner/ports/errors.js';
import { tableMissing } from './table-missing.js';

/** What was tried, for the message. */
export interface Attempt {
  /** the API's name of the action, e.g. `Scan`, `PartiQLInsert` */
  readonly action: string;
  /** physical name of the table, where one is concerned */
  readonly table?: string;
  /** `host:port` */
  readonly endpoint: string;
}

/** The parts of an SDK, Node or statement error that we go by. */
interface Facts {
  readonly name: string;
  readonly code: string;
  readonly message: string;
  readonly status: number | undefined;
}

const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'EPIPE',
  'ETIMEDOUT',
  'EPROTO',
  'TimeoutError',
]);

const THROTTLED = new Set([
  'ProvisionedThroughputExceededException',
  'ProvisionedThroughputExceeded',
  'ThrottlingException',
  'ThrottlingError',
  'RequestLimitExceeded',
  'TooManyRequestsException',
  'Throttling',
]);

const TRANSIENT = new Set([
  'InternalServerError',
  'InternalServerErrorException',
  'InternalFailure',
  'ServiceUnavailable',
  'TransactionConflict',
  'TransactionConflictException',
  'TransactionInProgressException',
  'ReplicatedWriteConflictException',
  'IncompleteAnswer',
]);

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

/** Whether the same request may succeed a little later. Not for network errors: the SDK has retried those itself. */
export function isTransient(error: unknown): boolean {
  const { name, status } = factsOf(error);
  return THROTTLED.has(name) || TRANSIENT.has(name) || (status !== undefined && status >= 500);
}

/** Whether a statement's error code says that the statement may succeed a little later. */
export function isTransientCode(code: string): boolean {
  return THROTTLED.has(code) || TRANSIENT.has(code);
}

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
  const options: ErrorOptions = { cause: error };
  if (isRegionMissing(facts)) return regionMissing(options);
  if (BAD_CREDENTIALS.has(facts.name)) return badCredentials(facts, endpoint, options);
  if (UNREACHABLE.has(facts.code) || UNREACHABLE.has(facts.name))
    return unreachable(facts, what, endpoint, options);
  if (DENIED.has(facts.name)) return denied(facts, what, endpoint, action, options);
  if (MISSING.has(facts.name) && attempt.table !== undefined)
    return tableMissing(attempt.table, endpoint, options);
  if (THROTTLED.has(facts.name)) return throttled(what, endpoint, options);
  return failed(facts, what, endpoint, options);
}

function factsOf(error: unknown): Facts {
  if (typeof error !== 'object' || error === null) {
    return { name: 'Error', code: '', message: '', status: undefined };
  }
  const { name, code, message, $metadata } = error as {
    name?: unknown;
    code?: unknown;
    message?: unknown;
    $metadata?: { httpStatusCode?: number };
  };
  const text = typeof message === 'string' ? message : '';
  return {
    name: typeof name === 'string' ? name : 'Error',
    code: typeof code === 'string' ? code : wrappedCode(text),
    message: text,
    status: $metadata?.httpStatusCode,
  };
}

/** The SDK packs errors of another realm (a `vm` context) into a text; the code of a network error is in there. */
function wrappedCode(message: string): string {
  if (!message.startsWith('AWS SDK error wrapper for ')) return '';
  if (message.includes('socket hang up')) return 'ECONNRESET';
  return message.split(/\W+/).find((word) => UNREACHABLE.has(word)) ?? '';
}

function isRegionMissing({ message }: Facts): boolean {
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

function badCredentials(facts: Facts, endpoint: string, options: ErrorOptions): StoreError {
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

function unreachable(facts: Facts, what: string, endpoint: string, options: ErrorOptions): StoreError {
  const why = facts.code === '' ? facts.name : facts.code;
  return new StoreError(
    'STORE_UNREACHABLE',
    `${what}: ${endpoint} can't be reached (${why}).`,
    'Check the network, the region and AWS_ENDPOINT_URL_DYNAMODB; then run the command again: what is done stays done.',
    options,
  );
}

function denied(
  facts: Facts,
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

function throttled(what: string, endpoint: string, options: ErrorOptions): StoreError {
  return new StoreError(
    'STORE_THROTTLED',
    `${what}: still throttled by ${endpoint} after all retries.`,
    'Lower --concurrency or --segments, or raise the table’s capacity; then run the command again: what is done stays done.',
    options,
  );
}

function failed(facts: Facts, what: string, endpoint: string, options: ErrorOptions): StoreError {
  const status = facts.status === undefined ? '' : `, HTTP ${facts.status}`;
  const alien =
    facts.name === 'SyntaxError' ? ' The answer is not DynamoDB’s: is this the right endpoint?' : '';
  return new StoreError(
    'STORE_FAILED',
    `${what}: ${endpoint} failed with ${facts.name}${status}.${alien}`,
    'Run the command again: what is done stays done. If this stays, the error’s name tells where to look in the AWS documentation.',
    options,
  );
}
