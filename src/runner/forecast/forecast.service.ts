import type { MigrationPlan } from '../../migrations/contract/migration-plan.js';
import type { IMigrationStep } from '../../migrations/contract/migration-step.js';
import type { RecordReader } from '../../migrations/contract/record-reader.js';
import type { Forecasting } from '../ports/forecasting.js';
import type { OpenStore } from '../ports/stores.js';
import type { TableCapacity, TableDescription } from '../ports/table-admin.js';
import type { ServiceParts } from '../services/service-parts.js';
import { storeRates } from '../services/store-rates.js';
import { estimateStep, totalsOf } from './estimate.js';
import type { Forecast, ForecastRequest, StepForecast } from './forecast.js';
import { pricesIn } from './prices.js';
import { drawSample, type RandomSample } from './random-sample.js';
import { NEW_ON_DEMAND, rateFacts } from './rate.js';
import { SampledReader } from './sampled-reader.js';
import { StepPlanning } from './step-planning.js';
import { TableSizes } from './table-sizes.js';

const SAMPLE = 1000;
const SEED = '1';
const NOT_COUNTED =
  'Not counted: the journal, backups, storage, requests that are repeated, and what a validation reads again where it finds differences.';
/** Bytes of all samples together. */
const MAX_BYTES = 32 * 1024 * 1024;

interface Described {
  readonly tables: ReadonlyMap<string, TableDescription>;
  readonly samples: ReadonlyMap<string, RandomSample>;
}

/**
 * Foresees what a run of a plan takes: samples each step's source, plans the sampled records through the step's own
 * planner and projects the result onto all records. Writes nothing: rows that later steps look up stay in the overlay
 * of a dry store (ADR 0018).
 */
export class ForecastService {
  constructor(
    private readonly parts: ServiceParts,
    private readonly forecasting: Forecasting,
  ) {}

  async forecast(plan: MigrationPlan, request: ForecastRequest): Promise<Forecast> {
    const { environment, openStore, emulated } = this.parts;
    // its own reads keep to the rate, too: the application is at work
    const rates = await storeRates(this.parts, plan, request);
    const store = openStore(plan)('dry', { concurrency: environment.concurrency, rates });
    try {
      const whole = await this.plannedWhole(plan);
      const described = await this.describe(plan, whole, store.reader, request);
      const toldCapacity = [...described.tables.values()].some(({ capacity }) => capacity !== undefined);
      const rate = rateFacts({ asked: request, environment, emulated, toldCapacity });
      const prices = pricesIn(this.forecasting.region, environment.prices);
      const samples = new Map(
        [...described.samples].map(([table, { records }]) => [table, records] as const),
      );
      const reader = new SampledReader(store.reader, samples);
      const sizes = new TableSizes(described.tables, reader, this.forecasting, request);
      const steps: StepForecast[] = [];
      for (const step of plan.steps) {
        const sample = described.samples.get(step.source);
        const planned = await this.planStep(plan, step, { ...store, reader }, sample, request);
        const { count, basis } = countOf(
          planned.tally.records.count,
          sample,
          described.tables.get(step.source),
        );
        const reads = await sizes.readsOf(step, planned, count, this.segments(request));
        const capacity = (table: string, index?: string): TableCapacity | undefined =>
          capacityOf(described.tables.get(table), index) ?? (emulated ? undefined : NEW_ON_DEMAND);
        const notes = notesOf(step, plan, planned.whole, sample, planned.tally.companions.size > 0);
        const { complete, tally } = planned;
        steps.push(
          estimateStep({ step, tally, count, basis, complete, reads, rate, capacity, prices, notes }),
        );
      }
      const forecast: Forecast = {
        format: 1,
        plan: plan.name,
        env: environment.name,
        planVersion: this.parts.planVersion(plan.name),
        at: this.parts.now().toISOString(),
        seed: request.seed ?? SEED,
        sample: request.sample ?? SAMPLE,
        ...{ rate, steps, totals: totalsOf(steps), notes: [NOT_COUNTED] },
        ...(prices === undefined ? {} : { prices }),
        itemsRead: reader.itemsRead + sum([...samples.values()].map(({ length }) => length)),
      };
      await this.forecasting.forecasts.save(forecast);
      return forecast;
    } finally {
      await store.close();
    }
  }

  /** Steps in whose rows later steps look things up: those rows have to be there before anything can be said. */
  private async plannedWhole(plan: MigrationPlan): Promise<ReadonlySet<string>> {
    const states = await this.parts.journal.states(plan.name);
    const standing = new Set(states.filter(({ status }) => status === 'validated').map(({ step }) => step));
    return new Set(plan.steps.flatMap(({ requires }) => requires).filter((name) => !standing.has(name)));
  }

  private async describe(
    plan: MigrationPlan,
    whole: ReadonlySet<string>,
    reader: RecordReader,
    request: ForecastRequest,
  ): Promise<Described> {
    const tables = new Map<string, TableDescription>();
    for (const { name } of plan.tables) {
      const found = await this.parts.admin.describe(name);
      if (found !== undefined) tables.set(name, found);
    }
    const sampled = plan.steps.filter(({ name }) => !whole.has(name));
    const samples = new Map<string, RandomSample>();
    for (const { name, source } of sampled) {
      this.parts.progress.started(`${name}: sample`, undefined);
      const options = {
        size: request.sample ?? SAMPLE,
        seed: request.seed ?? SEED,
        estimate: tables.get(source)?.itemCount,
        bytesOf: (item: Parameters<Forecasting['itemBytes']>[1]) => this.forecasting.itemBytes(source, item),
        maxBytes: MAX_BYTES / sampled.length,
        ...(request.signal === undefined ? {} : { signal: request.signal }),
      };
      const sample = await drawSample(reader, source, options);
      samples.set(source, sample);
      this.parts.progress.advanced(sample.records.length);
      this.parts.progress.finished();
    }
    return { tables, samples };
  }

  private async planStep(
    plan: MigrationPlan,
    step: IMigrationStep,
    store: Omit<OpenStore, 'reader'> & { readonly reader: SampledReader },
    sample: RandomSample | undefined,
    request: ForecastRequest,
  ): Promise<Awaited<ReturnType<StepPlanning['execute']>>> {
    const { indexes, progress } = this.parts;
    const { signal } = request;
    return new StepPlanning({
      ...{ plan, step, store, indexes, progress, segments: this.segments(request) },
      itemBytes: (table, item) => this.forecasting.itemBytes(table, item),
      ...(sample === undefined ? {} : { sample }),
      ...(signal === undefined ? {} : { signal }),
    }).execute();
  }

  private segments({ segments }: ForecastRequest): number {
    return segments ?? this.parts.environment.segments;
  }
}

function countOf(
  planned: number,
  sample: RandomSample | undefined,
  table: TableDescription | undefined,
): { readonly count: number; readonly basis: StepForecast['records']['basis'] } {
  if (sample === undefined || sample.complete) return { count: planned, basis: 'counted' };
  const { reckoned } = sample;
  if (reckoned !== undefined) {
    const count = Math.max(reckoned.count, planned);
    return { count, basis: reckoned.atLeast ? 'at-least' : 'sample' };
  }
  // the store's count lags: there are at least those that were read
  return { count: Math.max(table?.itemCount ?? 0, planned), basis: 'store' };
}

/** What the numbers of a step can't tell. */
function notesOf(
  step: IMigrationStep,
  plan: MigrationPlan,
  isWhole: boolean,
  sample: RandomSample | undefined,
  hasCompanions: boolean,
): string[] {
  const notes: string[] = [];
  const dependents = plan.steps
    .filter(({ requires }) => requires.includes(step.name))
    .map(({ name }) => name);
  if (isWhole) {
    notes.push(
      `All records were planned, not a sample: ${dependents.join(', ')} look up what this step writes, and it is not validated here yet. Its rows were kept aside for that and not written.`,
    );
  }
  if (sample?.cut === true)
    notes.push('The sample is smaller than asked for: its records are large, and memory is limited.');
  if (sample !== undefined && !sample.complete) {
    notes.push('What takes two records to see, e.g. the same id in two spellings, a sample does not see.');
    if (hasCompanions)
      notes.push(
        'Rows beside those of the records are projected in proportion: expect fewer, for records share them.',
      );
  }
  return notes;
}

function capacityOf(
  table: TableDescription | undefined,
  index: string | undefined,
): TableCapacity | undefined {
  if (index === undefined) return table?.capacity;
  return table?.indexes.find(({ name }) => name === index)?.capacity;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0);
}
