/** What a value of an environment file must be. `valid` completes "valid is …" in an error message. */
export interface ValueRule {
  readonly accepts: (value: unknown) => boolean;
  readonly valid: string;
}

/** As many parts as a parallel scan is known to be exact with on every store that we tried. */
const MAX_SEGMENTS = 4096;
const MAX_CONCURRENCY = 1024;
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
  segments: wholeNumber(MAX_SEGMENTS),
  concurrency: wholeNumber(MAX_CONCURRENCY),
} as const satisfies Record<string, ValueRule>;

export const MAP_KEYS = ['tables', 'attributes'] as const;

export const PHYSICAL_NAME_RULE = text(PHYSICAL_NAME, '3 to 255 letters, digits, "_", "." and "-"');

/** Attribute names are at most 64 KiB in DynamoDB, 255 bytes as keys; the engine's own two are not for renaming. */
export const ATTRIBUTE_NAME_RULE = text(
  /^(?!(?:_migration|legacyAttributes)$)[\s\S]{1,255}$/,
  'a name of 1 to 255 characters, but neither "_migration" nor "legacyAttributes", which are the engine\'s own',
);
