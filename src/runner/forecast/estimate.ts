import type {
  Forecast,
  KeyForecast,
  RateFacts,
  Sizes,
  StepForecast,
  TableForecast,
  Totals,
} from './forecast.js';
import { costOf } from './prices.js';
import type { TableCapacity } from '../ports/table-admin.js';
import { rateOf } from './rate.js';
import type { StepTally, TableTally } from './step-tally.js';
import type { SizeTally } from './tallies.js';
import { PARTITION_WRITE_UNITS } from './units.js';

/** A normal distribution's 95 %. */
const Z = 1.96;
/** Values of an index that are few enough to be words of a list. */
const FEW_WORDS = 16;

/** Units that are read, table by table. */
export type Reads = ReadonlyMap<string, number>;

export interface StepFacts {
  readonly step: { readonly name: string; readonly title: string; readonly source: string };
  readonly tally: StepTally;
  /** all records of the step */
  readonly count: number;
  readonly basis: StepForecast['records']['basis'];
  /** what was planned are all records of the step */
  readonly complete: boolean;
  /** of the run: before the first write, and beside the writes; then those of the validation */
  readonly reads: { readonly before: Reads; readonly beside: Reads; readonly validation: Reads };
  readonly rate: RateFacts;
  readonly capacity: (table: string, index?: string) => TableCapacity | undefined;
  readonly prices: Forecast['prices'];
  readonly notes: readonly string[];
}

/** What a step takes, projected from what was planned onto all of its records. */
export function estimateStep(facts: StepFacts): StepForecast {
  const { tally, count, complete, reads, prices } = facts;
  const sampled = tally.records.count;
  const factor = sampled === 0 ? 0 : count / sampled;
  const tables = [
    ...[...tally.tables.values()].map((one) => tableForecast(one, factor, 'target')),
    ...[...tally.companions.values()].map((one) => tableForecast(one, factor, 'companion')),
  ];
  const units = tables.reduce((sum, table) => sum + table.writeUnits, 0);
  const existingReads = [...tally.tables.values()].reduce((sum, table) => sum + table.existingReadUnits, 0);
  const read = {
    run: sumOf(reads.before) + sumOf(reads.beside) + Math.round(existingReads * factor),
    validation: sumOf(reads.validation),
  };
  const { migrated, skipped, quarantined } = tally.outcomes;
  const margin = complete || sampled === 0 ? 0 : (Z * tally.rowsDeviation * count) / Math.sqrt(sampled);
  const keys = keyForecasts(facts, factor);
  const seconds = secondsOf(facts, tables, keys);
  return {
    step: facts.step.name,
    title: facts.step.title,
    source: facts.step.source,
    records: { count, basis: facts.basis, sampled, bytes: sizesOf(tally.records) },
    outcomes: { migrated, skipped, quarantined },
    quarantine: {
      share: sampled === 0 ? 0 : quarantined / sampled,
      below: complete ? quarantined / Math.max(1, sampled) : upperShare(quarantined, sampled),
      reasons: Object.fromEntries([...tally.reasons].sort(([a], [b]) => (a < b ? -1 : 1))),
    },
    rowsPerRecord: sampled === 0 ? 0 : tally.rows / sampled,
    rows: Math.round(tally.rows * factor),
    rowsMargin: Math.round(margin),
    tables,
    writeUnits: units,
    readUnits: read,
    ...(seconds === undefined ? {} : { seconds }),
    ...(prices === undefined
      ? {}
      : { cost: costOf(prices, { write: units, read: read.run + read.validation }) }),
    largest: { records: tally.largestRecords.list(), rows: tally.largestRows.list() },
    keys,
    notes: facts.notes,
  };
}

export function totalsOf(steps: readonly StepForecast[]): Totals {
  const sum = (of: (step: StepForecast) => number): number => steps.reduce((all, step) => all + of(step), 0);
  const isTimed = steps.every(({ seconds }) => seconds !== undefined);
  const isPriced = steps.every(({ cost }) => cost !== undefined);
  return {
    records: sum(({ records }) => records.count),
    rows: sum(({ rows }) => rows),
    writeUnits: sum(({ writeUnits }) => writeUnits),
    readUnits: sum(({ readUnits }) => readUnits.run + readUnits.validation),
    ...(isTimed ? { seconds: sum(({ seconds }) => (seconds?.run ?? 0) + (seconds?.validation ?? 0)) } : {}),
    ...(isPriced ? { cost: sum(({ cost }) => cost ?? 0) } : {}),
  };
}

function tableForecast(tally: TableTally, factor: number, role: TableForecast['role']): TableForecast {
  const indexes = tally.indexes.map(({ definition, rows, units }) => ({
    index: definition.name,
    rows: Math.round(rows * factor),
    writeUnits: Math.round(units * factor),
  }));
  const tableUnits = Math.round(tally.tableUnits * factor);
  return {
    table: tally.definition.name,
    role,
    rows: Math.round(tally.sizes.count * factor),
    existing: tally.sizes.count === 0 ? 0 : tally.existing / tally.sizes.count,
    bytes: sizesOf(tally.sizes),
    writeUnits: indexes.reduce((sum, { writeUnits }) => sum + writeUnits, tableUnits),
    tableUnits,
    indexes,
  };
}

function sizesOf(tally: SizeTally): Sizes {
  return { average: tally.average, p99: tally.percentile(0.99), max: tally.max };
}

/** Upper end of Wilson's interval; with none found in n about 3.8 / n. */
function upperShare(found: number, n: number): number {
  if (n === 0) return 1;
  const share = found / n;
  const spread = Math.sqrt((share * (1 - share)) / n + Z ** 2 / (4 * n ** 2));
  return Math.min(1, (share + Z ** 2 / (2 * n) + Z * spread) / (1 + Z ** 2 / n));
}

function keyForecasts({ tally, rate, capacity }: StepFacts, factor: number): KeyForecast[] {
  return [...tally.tables.values(), ...tally.companions.values()].flatMap(({ definition, indexes }) =>
    indexes.flatMap(({ definition: index, keys }): KeyForecast[] => {
      const top = keys.top();
      if (top === undefined) return [];
      const share = top.units / keys.units;
      const write = rateOf(rate, 'write', capacity(definition.name, index.name));
      const perSecond = write === undefined ? undefined : write * share;
      const isWord = keys.distinct <= FEW_WORDS && !keys.overflown;
      const isShown = top.rows > 1 && isPrintable(top.value, index.partitionKey, isWord);
      return [
        {
          ...{ table: definition.name, index: index.name, attribute: index.partitionKey },
          ...{ distinct: keys.distinct, more: keys.overflown, share, rows: top.rows },
          ...(isShown ? { value: top.value } : {}),
          seconds: top.rows > 1 ? (top.units * factor) / PARTITION_WRITE_UNITS : 0,
          ...(perSecond === undefined ? {} : { perSecond }),
          hot: perSecond === undefined ? isHeavy(share, top.rows) : perSecond > PARTITION_WRITE_UNITS,
        },
      ];
    }),
  );
}

/** Where no rate is known, a key is hot that has a tenth of all: any ten times a partition's rate would be too much. */
function isHeavy(share: number, rows: number): boolean {
  return share >= 0.1 && rows >= 10;
}

/** Ids, and words of short lists; anything else may be personal (invariant 11). */
function isPrintable(value: string, attribute: string, isWord: boolean): boolean {
  if (/^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(value)) return true;
  if (/(?:^id|Id)$/.test(attribute) && /^[\w:.-]{1,64}$/.test(value)) return true;
  return isWord && /^[A-Za-z][A-Za-z0-9_-]{0,31}$/.test(value);
}

/**
 * Undefined where a rate is unknown that the time depends on. Where only reads or only writes were given a rate, the
 * others take no time.
 */
function secondsOf(
  { reads, rate, capacity }: StepFacts,
  tables: readonly TableForecast[],
  keys: readonly KeyForecast[],
): StepForecast['seconds'] {
  const unknown: string[] = [];
  const time = (units: number, kind: 'write' | 'read', table: string, index?: string): number => {
    const perSecond = rateOf(rate, kind, capacity(table, index));
    if (perSecond !== undefined) return units / perSecond;
    if (rate[kind] === undefined && (rate.basis === 'share' || rate.basis === 'none')) unknown.push(table);
    return 0;
  };
  const readTime = (of: Reads): number =>
    [...of].reduce((sum, [table, units]) => sum + time(units, 'read', table), 0);
  // writes to a table and to its indexes go on at the same time as the scan of the source
  const writing = Math.max(
    0,
    ...tables.flatMap(({ table, tableUnits, indexes }) => [
      time(tableUnits, 'write', table),
      ...indexes.map(({ index, writeUnits }) => time(writeUnits, 'write', table, index)),
    ]),
    ...keys.map(({ seconds }) => seconds),
  );
  const run = readTime(reads.before) + Math.max(readTime(reads.beside), writing);
  const validation = readTime(reads.validation);
  return unknown.length > 0 ? undefined : { run, validation };
}

function sumOf(reads: Reads): number {
  return [...reads.values()].reduce((sum, units) => sum + units, 0);
}
