import { isRamp } from '../../runner/ports/ramp.js';
import { RUN_LIMITS } from '../../runner/ports/run-limits.js';

/** What a value of an environment file must be. `valid` completes "valid is …" in an error message. */
export interface ValueRule {
  readonly accepts: (value: unknown) => boolean;
  readonly valid: string;
}

/** A year: older than that, a backup is of another system. */
const MAX_BACKUP_HOURS = 8760;

/** A DynamoDB table name: 3 to 255 letters, digits, `_`, `.` and `-` (CreateTable, API reference). */
const PHYSICAL_NAME = /^[A-Za-z0-9_.-]{3,255}$/;

function text(pattern: RegExp, valid: string): ValueRule {
  return { accepts: (value) => typeof value === 'string' && pattern.test(value), valid };
}

function wholeNumber(max: number): ValueRule {
  return {
    accepts: (value) => Number.isInteger(value) && (value as number) >= 1 && (value as number) <= max,
    valid: `a whole number from 1 to ${max}`,
  };
}

function oneOf(words: readonly string[]): ValueRule {
  return {
    accepts: (value) => words.some((word) => word === value),
    valid: words.map((word) => JSON.stringify(word)).join(' or '),
  };
}

const share: ValueRule = {
  accepts: (value) => typeof value === 'number' && value > 0 && value <= 1,
  valid: 'a number above 0 and up to 1',
};

const yesOrNo: ValueRule = { accepts: (value) => typeof value === 'boolean', valid: 'true or false' };

/** The keys of an environment file with one value each; `tables` and `attributes` are maps, see below. */
export const VALUE_RULES = {
  $schema: { accepts: (value) => typeof value === 'string', valid: 'a text' },
  title: text(/\S/, 'a text that is not blank'),
  suffix: text(/^[A-Za-z0-9_.-]{0,64}$/, 'at most 64 letters, digits, "_", "." and "-"'),
  region: text(/^[a-z0-9-]{1,64}$/, 'a region code such as "eu-central-1"'),
  embedded: yesOrNo,
  seedable: yesOrNo,
  production: yesOrNo,
  backup: oneOf(['required', 'advised']),
  backupHours: wholeNumber(MAX_BACKUP_HOURS),
  after: text(/^[a-z0-9][a-z0-9-]*$/, 'the name of another environment'),
  segments: wholeNumber(RUN_LIMITS.segments),
  concurrency: wholeNumber(RUN_LIMITS.concurrency),
  capacityShare: share,
  maxWcu: wholeNumber(RUN_LIMITS.units),
  maxRcu: wholeNumber(RUN_LIMITS.units),
} as const satisfies Record<string, ValueRule>;

export const MAP_KEYS = ['prices', 'cutover', 'tables', 'attributes', 'plans'] as const;

const price: ValueRule = {
  accepts: (value) => typeof value === 'number' && Number.isFinite(value) && value >= 0,
  valid: 'a price, 0 or more',
};

/** The keys of `prices`, all of them required. */
export const PRICE_RULES: Readonly<Record<string, ValueRule>> = {
  writePerMillion: price,
  readPerMillion: price,
  currency: text(/^[A-Z]{3}$/, 'a currency code such as "USD"'),
};

/** A quarter: a legacy model that is kept for longer is kept for another reason. */
const MAX_CUTOVER_HOURS = 2160;

const cutoverHours: ValueRule = {
  accepts: (value) =>
    Number.isInteger(value) && (value as number) >= 0 && (value as number) <= MAX_CUTOVER_HOURS,
  valid: `a whole number from 0 to ${MAX_CUTOVER_HOURS}`,
};

/** The keys of `cutover`, all of them optional. */
export const CUTOVER_RULES: Readonly<Record<string, ValueRule>> = {
  ramp: { accepts: isRamp, valid: 'a list of whole percents that grow from 1 on and end with 100' },
  readingHours: cutoverHours,
  singleWriteHours: cutoverHours,
};

export const PHYSICAL_NAME_RULE = text(PHYSICAL_NAME, '3 to 255 letters, digits, "_", "." and "-"');

/** Attribute names are at most 64 KiB in DynamoDB, 255 bytes as keys; the engine's own two are not for renaming. */
export const ATTRIBUTE_NAME_RULE = text(
  /^(?!(?:_migration|legacyAttributes)$)[\s\S]{1,255}$/,
  'a name of 1 to 255 characters, but neither "_migration" nor "legacyAttributes", which are the engine\'s own',
);
