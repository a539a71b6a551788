import { LEASE_SECONDS } from '../runner/ports/lease.js';
import { RUN_LIMITS } from '../runner/ports/run-limits.js';
import type { FunctionEvent } from './function-event.js';

/** What a field of the event may hold. Names of environments, plans and steps are looked up apart. */
export interface FieldRule {
  /** in words, for refusals */
  readonly valid: string;
  readonly accepts: (value: unknown) => boolean;
}

/** Lambda's own. */
const MAX_MILLIS = 900_000;

const NAME: FieldRule = { valid: 'a name', accepts: (value) => typeof value === 'string' && value !== '' };

const FLAG: FieldRule = { valid: 'true or false', accepts: (value) => typeof value === 'boolean' };

const STATEMENT: FieldRule = {
  valid: `a text of 1 to ${RUN_LIMITS.statementCharacters} characters`,
  accepts: (value) =>
    typeof value === 'string' && value.trim() !== '' && value.trim().length <= RUN_LIMITS.statementCharacters,
};

/** An empty list would mean all: the opposite of what it says. */
const NAMES: FieldRule = {
  valid: 'a list of one name or more',
  accepts: (value) => Array.isArray(value) && value.length > 0 && value.every(NAME.accepts),
};

const UNITS: FieldRule = {
  valid: `a whole number from 1 to ${RUN_LIMITS.units}, or "none"`,
  accepts: (value) => value === 'none' || isWhole(value, 1, RUN_LIMITS.units),
};

const STATE: FieldRule = {
  valid: 'what the field `next` of the last result has, as it is',
  accepts: (value) => {
    if (!isFields(value)) return false;
    const { invocations, idle, mark } = value;
    const isComplete = Object.keys(value).length === 3 && typeof mark === 'string';
    return isComplete && isWhole(invocations, 1, RUN_LIMITS.records) && isWhole(idle, 0, RUN_LIMITS.records);
  },
};

export const FIELDS = {
  env: NAME,
  plan: NAME,
  steps: NAMES,
  dryRun: FLAG,
  confirmProduction: FLAG,
  accept: NAMES,
  restart: FLAG,
  withoutBackup: STATEMENT,
  withoutStaging: STATEMENT,
  by: STATEMENT,
  segments: wholeNumber(1, RUN_LIMITS.segments),
  concurrency: wholeNumber(1, RUN_LIMITS.concurrency),
  maxWcu: UNITS,
  maxRcu: UNITS,
  leaseSeconds: wholeNumber(LEASE_SECONDS.least, LEASE_SECONDS.most),
  maxFailures: wholeNumber(0, RUN_LIMITS.records),
  maxQuarantined: wholeNumber(0, RUN_LIMITS.records),
  reservedMillis: wholeNumber(0, MAX_MILLIS),
  maxIdleInvocations: wholeNumber(1, RUN_LIMITS.records),
  run: NAME,
  state: STATE,
} satisfies Record<keyof FunctionEvent, FieldRule>;

export function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function wholeNumber(least: number, most: number): FieldRule {
  return {
    valid: `a whole number from ${least} to ${most}`,
    accepts: (value) => isWhole(value, least, most),
  };
}

function isWhole(value: unknown, least: number, most: number): boolean {
  return Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
}
