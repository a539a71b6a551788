/** The parts of an error of the SDK, of Node or of a statement that we go by. */
export interface ErrorFacts {
  readonly name: string;
  /** of a network error, e.g. `ECONNRESET`; else empty */
  readonly code: string;
  readonly message: string;
  /** HTTP status, where there was an answer */
  readonly status: number | undefined;
  /** why a transaction was cancelled: the code of each item that failed */
  readonly reasons: readonly string[];
}

/** How the SDK calls what a server says that is no DynamoDB. */
export const UNKNOWN_ANSWER = 'Unknown';
/** How we call an answer under HTTP 200 that is no JSON object. */
export const UNREADABLE_ANSWER = 'UnreadableAnswer';
/** How we call an answer of DynamoDB's that lacks a part which is always there. */
export const INCOMPLETE_ANSWER = 'IncompleteAnswer';

export function factsOf(error: unknown): ErrorFacts {
  const parts = (typeof error === 'object' && error !== null ? error : {}) as {
    readonly name?: unknown;
    readonly code?: unknown;
    readonly message?: unknown;
    readonly $metadata?: { readonly httpStatusCode?: number };
    readonly CancellationReasons?: unknown;
  };
  const name = typeof parts.name === 'string' ? parts.name : 'Error';
  const message = typeof parts.message === 'string' ? parts.message : '';
  return {
    name,
    code: typeof parts.code === 'string' ? parts.code : codeIn(message),
    message,
    status: parts.$metadata?.httpStatusCode,
    reasons: name === 'TransactionCanceledException' ? reasonsOf(parts.CancellationReasons, message) : [],
  };
}

/** Whether an error is an answer of DynamoDB's own, so that there is no doubt whom we speak to. */
export function isDynamoAnswer(error: unknown): boolean {
  const { name, status } = factsOf(error);
  const isService = typeof error === 'object' && error !== null && '$fault' in error;
  return isService && status !== undefined && name !== UNKNOWN_ANSWER;
}

const WRAPPED = /^AWS SDK error wrapper for \w+: /;

/**
 * The code that stands in a message only: the SDK packs errors of another realm (a `vm` context) into a text, and
 * says that no connection came about without a code.
 */
function codeIn(message: string): string {
  if (message.includes('did not establish a connection')) return 'ECONNTIMEOUT';
  if (message.includes('socket hang up')) return 'ECONNRESET';
  if (!WRAPPED.test(message)) return '';
  const text = message.replace(WRAPPED, '');
  if (text.startsWith('aborted')) return 'ECONNRESET';
  if (text.startsWith('Parse Error')) return 'HPE_INVALID';
  return text.split(/\W+/).find((word) => /^E[A-Z_]{4,}$/.test(word)) ?? '';
}

/** DynamoDB lists a reason for each item, `None` for those that were fine; also in the message, in brackets. */
function reasonsOf(listed: unknown, message: string): string[] {
  const codes = Array.isArray(listed)
    ? listed.map((reason: { readonly Code?: string } | null) => reason?.Code ?? 'None')
    : (/\[([\w, ]*)\]/.exec(message)?.[1] ?? '').split(',').map((code) => code.trim());
  return codes.filter((code) => code !== '' && code !== 'None');
}
