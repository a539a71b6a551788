import { MEASURES, type Measure } from '../../migrations/contract/checklist.js';
import { UsageError } from '../ports/errors.js';
import { Ratio } from './ratio.js';

/** Figures of the live system as somebody gave them. The engine has measured none of them. */
export interface Figures {
  /** ISO instant */
  readonly takenAt: string;
  /** e.g. the dashboard they were read from */
  readonly from?: string;
  readonly values: ReadonlyMap<Measure, Ratio>;
}

const RATES: readonly string[] = ['errorRate', 'dualWriteSuccess', 'uptime'] satisfies Measure[];
const TIMES: readonly string[] = ['averageMs', 'p50Ms', 'p99Ms'] satisfies Measure[];
const CHANGES = { averageMs: 'averageChange', p50Ms: 'p50Change', p99Ms: 'p99Change' } as const;
const DERIVED: ReadonlySet<string> = new Set(Object.values(CHANGES));
const GIVEN = MEASURES.filter((measure) => !DERIVED.has(measure));

/** How far the clock of whoever took the figures may be ahead of ours. */
const SKEW_MS = 10 * 60_000;
/** A number of JSON with more significant digits has lost some by the time that it is read. */
const EXACT_DIGITS = 15;
const HUNDRED = Ratio.of('100');
const ZERO = Ratio.of('0');

/**
 * Reads `{"takenAt": …, "from"?: …, "figures": {…}}`. Rates are percents or `{"part", "whole"}`, times milliseconds or
 * `{"now", "before"}`, the rest counts. A rate of nothing and a change of nothing are not measured. Throws UsageError
 * `FIGURES_INVALID` that says what is wrong and never quotes the file.
 */
export function readFigures(text: string, now: Date): Figures {
  const document = objectIn(parsed(text), 'the file');
  requireKnown(Object.keys(document), ['takenAt', 'from', 'figures'], 'the file');
  const { takenAt, from } = document;
  const given = objectIn(document['figures'], '"figures"');
  requireKnown(Object.keys(given), GIVEN, '"figures"');
  if (from !== undefined && typeof from !== 'string') throw invalid('"from" is no text');
  return {
    takenAt: instantIn(takenAt, now),
    ...(from === undefined ? {} : { from }),
    values: new Map(Object.entries(given).flatMap(([name, value]) => measured(name, value))),
  };
}

function measured(name: string, value: unknown): (readonly [Measure, Ratio])[] {
  const measure = name as Measure;
  if (typeof value === 'object' && value !== null) return measuredPair(name, objectIn(value, name));
  const number = numberIn(value, name);
  if (RATES.includes(name)) requirePercent(number, name);
  else if (!TIMES.includes(name) && !number.isWhole) throw invalid(`${name} is a count, so a whole number`);
  return [[measure, number]];
}

function measuredPair(name: string, pair: Readonly<Record<string, unknown>>): (readonly [Measure, Ratio])[] {
  if (RATES.includes(name)) {
    requireKnown(Object.keys(pair), ['part', 'whole'], name);
    const rate = numberIn(pair['part'], `${name}.part`).percentOf(numberIn(pair['whole'], `${name}.whole`));
    if (rate === undefined) return [];
    requirePercent(rate, name);
    return [[name as Measure, rate]];
  }
  if (!TIMES.includes(name)) throw invalid(`${name} is one number`);
  requireKnown(Object.keys(pair), ['now', 'before'], name);
  const after = numberIn(pair['now'], `${name}.now`);
  const before = numberIn(pair['before'], `${name}.before`);
  const change = after.minus(before).percentOf(before);
  const time = [name as Measure, after] as const;
  return change === undefined ? [time] : [time, [CHANGES[name as keyof typeof CHANGES], change]];
}

function requirePercent(rate: Ratio, name: string): void {
  if (rate.compare(HUNDRED) > 0) throw invalid(`${name} is more than 100 percent`);
}

function parsed(text: string): unknown {
  const numbers = text.replaceAll(/"(?:[^"\\]|\\.)*"/g, '').match(/\d[\d.]*/g) ?? [];
  if (numbers.some((number) => number.replace('.', '').replace(/^0+/, '').length > EXACT_DIGITS))
    throw invalid(`a number has more than ${EXACT_DIGITS} digits: write it as text, in quotes`);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalid('the file is no JSON', error);
  }
}

function objectIn(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Readonly<Record<string, unknown>>;
  throw invalid(`${what} is no object`);
}

function requireKnown(names: readonly string[], known: readonly string[], what: string): void {
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw invalid(`${what} has an entry that is not known; known are ${known.join(', ')}`);
}

function numberIn(value: unknown, name: string): Ratio {
  const number =
    typeof value === 'number'
      ? Ratio.parse(String(value))
      : typeof value === 'string'
        ? Ratio.parse(value)
        : undefined;
  if (number === undefined) throw invalid(`${name} is no number`);
  if (number.compare(ZERO) < 0) throw invalid(`${name} is below zero`);
  return number;
}

function instantIn(value: unknown, now: Date): string {
  const form = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/;
  const instant = typeof value === 'string' && form.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(instant)) throw invalid('"takenAt" is no instant such as 2026-11-21T08:00:00Z');
  if (instant - now.getTime() > SKEW_MS) throw invalid('"takenAt" lies in the future');
  return new Date(instant).toISOString();
}

function invalid(problem: string, cause?: unknown): UsageError {
  return new UsageError(
    'FIGURES_INVALID',
    `the figures can't be read: ${problem}`,
    'Their form is in docs/operations.md, "Checklists and attestations".',
    ...(cause === undefined ? [] : [{ cause }]),
  );
}
