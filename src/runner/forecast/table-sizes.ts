import type { IMigrationStep } from '../../migrations/contract/migration-step.js';
import type { Forecasting } from '../ports/forecasting.js';
import type { TableDescription } from '../ports/table-admin.js';
import type { StepFacts } from './estimate.js';
import type { ForecastRequest } from './forecast.js';
import { drawSample } from './random-sample.js';
import type { SampledReader } from './sampled-reader.js';
import type { PlannedStep } from './step-planning.js';
import type { TableTally } from './step-tally.js';
import { scanUnits, type TableSize } from './units.js';

/** Items of a look-up table by which its size is judged. */
const WEIGHED = 50;
const WEIGHED_BYTES = 4 * 1024 * 1024;

/** How large the tables are as a run goes on, and what reading them takes. */
export class TableSizes {
  private readonly known = new Map<string, TableSize>();
  /** rows that the run has put into a table so far */
  private readonly written = new Map<string, TableSize>();
  /** average bytes of the items of tables that were weighed */
  private readonly weighed = new Map<string, number>();

  constructor(
    private readonly tables: ReadonlyMap<string, TableDescription>,
    private readonly reader: SampledReader,
    private readonly forecasting: Forecasting,
    private readonly request: ForecastRequest,
  ) {}

  /**
   * Look-ups are built twice, for the run and freshly for its validation, and so are surveys. The source is scanned once
   * by each; tables that the step writes to are scanned by the validation.
   */
  async readsOf(
    step: IMigrationStep,
    { tally, lookups, surveys }: PlannedStep,
    count: number,
    segments: number,
  ): Promise<StepFacts['reads']> {
    const source = { items: count, bytes: tally.records.average * count };
    this.known.set(step.source, source);
    const before = new Map<string, number>();
    for (const [table, { times, items }] of lookups) {
      add(
        before,
        table,
        times * scanUnits(await this.sizeOf(table, times === 0 ? 0 : items / times), segments),
      );
    }
    if (surveys) add(before, step.source, scanUnits(source, segments));
    const factor = tally.records.count === 0 ? 0 : count / tally.records.count;
    for (const one of [...tally.tables.values(), ...tally.companions.values()]) this.write(one, factor);
    const validation = new Map(before);
    add(validation, step.source, scanUnits(source, segments));
    for (const table of [...step.mappers.keys(), ...step.companionTables])
      add(validation, table, scanUnits(await this.sizeOf(table, undefined), segments));
    return { before, beside: new Map([[step.source, scanUnits(source, segments)]]), validation };
  }

  private write({ definition, sizes, existing }: TableTally, factor: number): void {
    const found = this.written.get(definition.name) ?? { items: 0, bytes: 0 };
    const items = (sizes.count - existing) * factor;
    this.written.set(definition.name, {
      items: found.items + items,
      bytes: found.bytes + items * sizes.average,
    });
  }

  /** `seen`: items of a scan just made, those of the overlay included; undefined: it was not scanned. */
  private async sizeOf(table: string, seen: number | undefined): Promise<TableSize> {
    const source = this.known.get(table);
    if (source !== undefined) return source;
    const written = this.written.get(table) ?? { items: 0, bytes: 0 };
    if (seen !== undefined) return { items: seen, bytes: seen * (await this.weigh(table, seen, written)) };
    const standing = this.tables.get(table)?.itemCount ?? 0;
    const average = await this.weigh(table, standing, written);
    return { items: standing + written.items, bytes: standing * average + written.bytes };
  }

  /** Average bytes of a table's items. */
  private async weigh(table: string, items: number, written: TableSize): Promise<number> {
    if (written.items > 0) return written.bytes / written.items;
    if (items === 0) return 0;
    const known = this.weighed.get(table);
    if (known !== undefined) return known;
    const { signal, seed = '1' } = this.request;
    const bytesOf = (item: Parameters<Forecasting['itemBytes']>[1]): number =>
      this.forecasting.itemBytes(table, item);
    const { records } = await drawSample(this.reader, table, {
      ...{ size: WEIGHED, seed, estimate: Math.max(items, WEIGHED + 1), bytesOf, maxBytes: WEIGHED_BYTES },
      ...(signal === undefined ? {} : { signal }),
    });
    const bytes = records.reduce((sum, item) => sum + bytesOf(item), 0);
    const average = records.length === 0 ? 0 : bytes / records.length;
    this.weighed.set(table, average);
    return average;
  }
}

function add(reads: Map<string, number>, table: string, units: number): void {
  reads.set(table, (reads.get(table) ?? 0) + units);
}
