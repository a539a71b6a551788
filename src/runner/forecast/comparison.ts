import { effectiveStep, type AmendedTotals } from '../acceptance/effective-step.js';
import type { RunRecord, StepRecord } from '../ports/journal.js';
import type { Forecast, StepForecast } from './forecast.js';

/** What was foreseen of one thing and what came of it. */
export interface Compared {
  readonly forecast: number;
  readonly outcome: number;
}

/** A run beside the forecast that was made before it. */
export interface ForecastComparison {
  /** when the forecast was made, ISO instant */
  readonly at: string;
  readonly steps: readonly {
    readonly step: string;
    /** every record was planned for the forecast */
    readonly complete: boolean;
    readonly records: Compared;
    readonly rows: Compared;
    readonly quarantined: Compared;
    /** the outcome is an estimate: rows of records that were created or updated, at the forecast's units for a row */
    readonly writeUnits: Compared & { readonly estimated: true };
    /** whole seconds of the step, its validation included; absent where the forecast knew no rate, or the step did not end */
    readonly seconds?: Compared;
  }[];
}

/**
 * Undefined where the forecast can't be compared: it is of another version of the plan, was made after the run began,
 * or the run is no migration.
 */
export function comparisonOf(
  forecast: Forecast | undefined,
  { kind = 'migration', planVersion, startedAt }: Pick<RunRecord, 'kind' | 'planVersion' | 'startedAt'>,
  steps: readonly (StepRecord & AmendedTotals)[],
): ForecastComparison | undefined {
  if (forecast === undefined || kind !== 'migration') return undefined;
  if (forecast.planVersion !== planVersion || Date.parse(forecast.at) > Date.parse(startedAt))
    return undefined;
  const compared = steps.flatMap((step) => {
    const foreseen = forecast.steps.find(({ step: name }) => name === step.step);
    return foreseen === undefined || step.status === 'not-run' ? [] : [compare(foreseen, step)];
  });
  return { at: forecast.at, steps: compared };
}

function compare(
  forecast: StepForecast,
  record: StepRecord & AmendedTotals,
): ForecastComparison['steps'][number] {
  const { counters } = effectiveStep(record);
  const { records, rows, outcomes, seconds } = forecast;
  const factor = records.sampled === 0 ? 0 : records.count / records.sampled;
  const isOver = record.status === 'validated' || record.status === 'failed';
  const time = seconds === undefined ? undefined : seconds.run + seconds.validation;
  return {
    step: record.step,
    complete: records.sampled === records.count,
    records: { forecast: records.count, outcome: counters.read },
    rows: { forecast: rows, outcome: counters.rows },
    quarantined: { forecast: Math.round(outcomes.quarantined * factor), outcome: counters.quarantined },
    writeUnits: { forecast: forecast.writeUnits, outcome: unitsWritten(forecast, counters), estimated: true },
    ...(time === undefined || record.durationMs === undefined || !isOver
      ? {}
      : { seconds: { forecast: Math.round(time), outcome: Math.round(record.durationMs / 1000) } }),
  };
}

/** Rows are not counted by what became of them, records are; a record that was updated may have had new rows only. */
function unitsWritten({ tables, rows, writeUnits }: StepForecast, counters: StepRecord['counters']): number {
  const settled = counters.created + counters.updated + counters.unchanged + counters.conflict;
  if (settled === 0 || rows === 0) return 0;
  const written = ((counters.created + counters.updated) / settled) * counters.rows;
  const own = tables
    .filter(({ role }) => role === 'target')
    .reduce((sum, table) => sum + table.writeUnits, 0);
  return Math.round((written * own) / rows) + (writeUnits - own);
}
