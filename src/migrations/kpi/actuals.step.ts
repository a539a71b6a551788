import { inject, injectable } from 'inversify';
import type { KpiData } from '../../domain/kpi/kpi-data.js';
import type { AggregateMapper } from '../../domain/storage/stored.js';
import type { IMigrationStep, RecordPlanner, StepContext } from '../contract/migration-step.js';
import { ACTUALS, LINKS } from './kpi.outline.js';
import { TABLES } from './kpi.tables.js';
import { KPI_DATA_MAPPER } from './kpi.tokens.js';
import { translateActual } from './translation/actual.js';

/**
 * Actuals become measured values, one per link of their KPI. Needs a validated links step: without links every record would vanish (K-X21).
 * Safe to repeat: ids are kept or derived, never made up, and writes are insert-if-absent.
 */
@injectable()
export class ActualsStep implements IMigrationStep {
  readonly name = ACTUALS.name;
  readonly title = ACTUALS.title;
  readonly phase = ACTUALS.phase;
  readonly source = TABLES.actuals;
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
    const [{ DataPlanner }, { KpiActualRecord }] = await Promise.all([
      import('./data.planner.js'),
      import('../../domain/kpi/legacy/kpi-actual.record.js'),
    ]);
    const species = {
      kind: 'actual',
      table: TABLES.actuals,
      earlierTables: [{ name: TABLES.milestones }],
      recordClass: KpiActualRecord,
      translate: translateActual,
    } as const;
    return DataPlanner.build(species, this.data, context);
  }
}
