import { inject, injectable } from 'inversify';
import type { AggregateMapper } from '../../domain/storage/stored.js';
import type { IMigrationStep, RecordPlanner, StepContext } from '../contract/migration-step.js';
import { WORKS } from './company.outline.js';
import { TABLES } from './company.tables.js';
import { entityAccess } from './entity-access.js';
import { ENTITY_PARTS, type EntityParts } from './entity-parts.js';

/**
 * Works move to the company of their user. Comes after what they refer to (E-X12). Safe to repeat: keys follow
 * from the tables alone, what a run has chosen is told by the row that it wrote, writes are insert-if-absent.
 */
@injectable()
export class WorksStep implements IMigrationStep {
  readonly name = WORKS.name;
  readonly title = WORKS.title;
  readonly phase = WORKS.phase;
  readonly source = TABLES.legacyWorks;
  readonly sourceKey = 'userId';
  readonly sourceSortKey = 'workId';
  readonly accessPatterns = entityAccess('work');
  readonly companionTables = [];
  readonly requires = ['mapping', 'projects', 'contractors'];
  readonly mappers: ReadonlyMap<string, AggregateMapper<unknown>>;

  constructor(@inject(ENTITY_PARTS) private readonly parts: EntityParts) {
    this.mappers = new Map([[TABLES.works, parts.mappers.work]]);
  }

  async prepare(context: StepContext): Promise<RecordPlanner> {
    // loaded by those who run the step: the validation that comes with it takes longer than whole commands
    const { EntityPlanner } = await import('./entity.planner.js');
    return EntityPlanner.build('work', this.parts, context);
  }
}
