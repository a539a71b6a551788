import { types } from 'node:util';

const REDACTED = '[redacted]';

/** Words that make a whole key secret, wherever they stand in it: `accessToken`, `AWS_SECRET_ACCESS_KEY`. */
const SECRETS = new Set([
  'credential',
  'credentials',
  'secret',
  'secrets',
  'token',
  'tokens',
  'password',
  'passwords',
]);

/** Keys whose last word is one of these hold stored values: `item`, `oldImage`, `rows`. */
const CONTENTS = new Set([
  'item',
  'items',
  'image',
  'images',
  'record',
  'records',
  'row',
  'rows',
  'attributes',
]);

/** Tags of a stored value (`{ S: "…" }`): a value under any key at all that came straight from a store. */
const TAGS = new Set(['S', 'N', 'B', 'BOOL', 'NULL', 'M', 'L', 'SS', 'NS', 'BS']);

const MAX_DEPTH = 6;

/**
 * The fields of an event as plain JSON data, without what must not be in a log (invariant 11). The second line of
 * defence only: the first is that nobody logs values. What is kept back: values under the keys above (a number
 * or boolean under a key that is more than the bare word stays, it is a count: `rows`, `newRecords`), stored values under any key, bytes,
 * objects of a class. Of an error: name, code, message and cause; the stack where `stacks` asks for it.
 */
export function redacted(fields: unknown, stacks: boolean): unknown {
  return plain(fields, { stacks, above: [] });
}

interface Walk {
  readonly stacks: boolean;
  /** the objects on the way here, to stop at cycles and at a depth */
  readonly above: readonly object[];
}

function plain(value: unknown, walk: Walk): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'function' || typeof value === 'symbol') return undefined;
  if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (walk.above.includes(value)) return '[circular]';
  if (walk.above.length >= MAX_DEPTH) return '[deeper]';
  return plainObject(value, { ...walk, above: [...walk.above, value] });
}

function plainObject(value: object, walk: Walk): unknown {
  if (isError(value)) return plainError(value, walk);
  if (types.isDate(value)) return Number.isNaN(value.getTime()) ? 'invalid date' : value.toISOString();
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (Array.isArray(value)) return value.map((each) => plain(each, walk));
  if (types.isSet(value)) return [...value].map((each) => plain(each, walk));
  if (types.isMap(value))
    return plainEntries(
      [...value].map(([key, each]) => [String(key), each]),
      walk,
    );
  if (!isBareObject(value)) return `[${value.constructor.name}]`;
  return isStoredValue(value) ? REDACTED : plainEntries(Object.entries(value), walk);
}

function plainEntries(entries: readonly (readonly [string, unknown])[], walk: Walk): unknown {
  return Object.fromEntries(
    entries.map(([key, value]) => [key, isForbidden(key, value) ? REDACTED : plain(value, walk)]),
  );
}

/** Messages are ours or the SDK's, which name fields; own properties of an error may hold whole items. */
function plainError(error: Error, walk: Walk): unknown {
  const code =
    'code' in error && ['string', 'number'].includes(typeof error.code) ? { code: error.code } : {};
  const stack = walk.stacks && error.stack !== undefined ? { stack: error.stack } : {};
  const cause = error.cause === undefined ? {} : { cause: plain(error.cause, walk) };
  return { name: error.name, ...code, message: error.message, ...stack, ...cause };
}

function isError(value: object): value is Error {
  return types.isNativeError(value) || value instanceof Error;
}

/** Made by `{}` or without prototype, in whatever realm; anything else may be a whole aggregate. */
function isBareObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function isStoredValue(value: object): boolean {
  const keys = Object.keys(value);
  return keys.length === 1 && TAGS.has(keys[0] ?? '');
}

/** What a key says of its value; keys are few and values many. */
interface KeyRule {
  readonly isSecret: boolean;
  readonly holdsContents: boolean;
  /** a number or a boolean under it is a count */
  readonly mayCount: boolean;
}

const ruleOfKey = new Map<string, KeyRule>();
const KNOWN_KEYS = 1_000;

function isForbidden(key: string, value: unknown): boolean {
  if (value === undefined || value === null) return false;
  const { isSecret, holdsContents, mayCount } = ruleOfKey.get(key) ?? readRule(key);
  if (isSecret) return true;
  if (!holdsContents) return false;
  const isCount = typeof value === 'number' || typeof value === 'boolean';
  return !isCount || !mayCount;
}

function readRule(key: string): KeyRule {
  const words = wordsOf(key);
  const last = words.at(-1) ?? '';
  const rule = {
    isSecret: words.some((word) => SECRETS.has(word)),
    holdsContents: CONTENTS.has(last),
    mayCount: words.length > 1 || last.endsWith('s'),
  };
  if (ruleOfKey.size >= KNOWN_KEYS) ruleOfKey.clear();
  ruleOfKey.set(key, rule);
  return rule;
}

/** `secretAccessKey`, `SECRET_ACCESS_KEY`, `secret-access-key` → secret, access, key */
function wordsOf(key: string): string[] {
  return (key.match(/[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+/g) ?? []).map((word) => word.toLowerCase());
}
