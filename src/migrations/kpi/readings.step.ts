import { inject, injectable } from 'inversify';
import type { KpiData } from '../../domain/kpi/kpi-data.js';
import type { AggregateMapper } from '../../domain/storage/stored.js';
import type { StoredItem } from '../../domain/storage/stored-value.js';
import type { IMigrationStep, RecordPlanner, StepContext } from '../contract/migration-step.js';
import { Measurements, MEASUREMENT_ATTRIBUTES } from './lookups/measurements.js';
import { READINGS, LINKS } from './kpi.outline.js';
import { TABLES } from './kpi.tables.js';
import { KPI_DATA_MAPPER } from './kpi.tokens.js';
import { translateReading } from './translation/reading.js';

/**
 * Readings become measured values under other field names, one per link of their KPI. Needs a validated links step: without links every record would vanish (K-X21).
 * Safe to repeat: ids are kept or derived, never made up, and writes are insert-if-absent.
 */
@injectable()
export class ReadingsStep implements IMigrationStep {
  readonly name = READINGS.name;
  readonly title = READINGS.title;
  readonly phase = READINGS.phase;
  readonly source = TABLES.readings;
  readonly sourceKey = 'id';
  readonly companionTables = [];
  readonly verifiesInParts = true;
  readonly loggedIds = ['kpiLinkId'];
  readonly requires = [LINKS.name];
  readonly mappers: ReadonlyMap<string, AggregateMapper<unknown>>;

  constructor(@inject(KPI_DATA_MAPPER) private readonly data: AggregateMapper<KpiData>) {
    this.mappers = new Map([[TABLES.data, data]]);
  }

  async prepare(context: StepContext): Promise<RecordPlanner> {
    // loaded by those who run the step: the validation that comes with it takes longer than whole commands
    const [{ DataPlanner }, { KpiReadingRecord }] = await Promise.all([
      import('./data.planner.js'),
      import('../../domain/kpi/legacy/kpi-reading.record.js'),
    ]);
    const measurements = new Measurements(context.indexes.create('measurements'));
    const species = {
      kind: 'reading',
      table: TABLES.readings,
      earlierTables: [
        { name: TABLES.milestones },
        {
          name: TABLES.actuals,
          attributes: MEASUREMENT_ATTRIBUTES,
          take: (row: StoredItem) => measurements.remember(row),
        },
      ],
      recordClass: KpiReadingRecord,
      translate: translateReading,
      inspect: (record: InstanceType<typeof KpiReadingRecord>) => measurements.inspect(record),
      close: () => measurements.close(),
    } as const;
    return DataPlanner.build(species, this.data, context);
  }
}
