import type { Summary } from '../measuring/statistics.js';
import type { FigureName } from '../figures/names.js';

/** A line of the table: one thing that was measured, usually against another. */
export interface ResultLine {
  readonly what: string;
  /** what it is compared with, for lines that have a bound: `at least 40 ×` */
  readonly bound?: { readonly kind: 'least' | 'most'; readonly value: number };
  /** unit of `value`, e.g. `×`, `ms`, `MB` */
  readonly unit: string;
  readonly value: Summary;
  /** raw measurements behind it, by name with unit, e.g. `candidate, s` */
  readonly measured: Readonly<Record<string, Summary>>;
  /** what a reader must know, e.g. that the baseline was scaled */
  readonly note?: string;
}

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly system: string;
  readonly node: string;
}

/** How a figure came out. */
export interface FigureResult {
  readonly figure: FigureName;
  /** ISO instant */
  readonly measuredAt: string;
  readonly records: number;
  readonly latency: number;
  readonly machine: Machine;
  /** versions of what was measured and of what it ran on */
  readonly versions: Readonly<Record<string, string>>;
  readonly lines: readonly ResultLine[];
  /** why there are no lines */
  readonly skipped?: string;
  /** files beside the results: plots, logs */
  readonly files: readonly string[];
}

/** One results file: the newest result of each figure on that day. */
export interface ResultsFile {
  readonly server: string;
  readonly date: string;
  readonly figures: readonly FigureResult[];
}

/** Whether the median keeps the bound; undefined where there is none. */
export function keepsBound({ bound, value }: Pick<ResultLine, 'bound' | 'value'>): boolean | undefined {
  if (bound === undefined) return undefined;
  return bound.kind === 'least' ? value.median >= bound.value : value.median <= bound.value;
}

/** Figures of the same name replaced by the newer ones, the others kept. */
export function merged(older: readonly FigureResult[], newer: readonly FigureResult[]): FigureResult[] {
  const replaced = new Set(newer.map(({ figure }) => figure));
  return [...older.filter(({ figure }) => !replaced.has(figure)), ...newer];
}
