import { inject, injectable } from 'inversify';
import type { AggregateMapper } from '../../domain/storage/stored.js';
import type { IMigrationStep, RecordPlanner, StepContext } from '../contract/migration-step.js';
import { CONTRACTORS } from './company.outline.js';
import { TABLES } from './company.tables.js';
import { entityAccess } from './entity-access.js';
import { ENTITY_PARTS, type EntityParts } from './entity-parts.js';

/**
 * Contractors move to the company of their user. Needs the companies. Safe to repeat: keys follow
 * from the tables alone, what a run has chosen is told by the row that it wrote, writes are insert-if-absent.
 */
@injectable()
export class ContractorsStep implements IMigrationStep {
  readonly name = CONTRACTORS.name;
  readonly title = CONTRACTORS.title;
  readonly phase = CONTRACTORS.phase;
  readonly source = TABLES.legacyContractors;
  readonly sourceKey = 'userId';
  readonly sourceSortKey = 'contractorId';
  readonly accessPatterns = entityAccess('contractor');
  readonly companionTables = [];
  readonly requires = ['mapping'];
  readonly mappers: ReadonlyMap<string, AggregateMapper<unknown>>;

  constructor(@inject(ENTITY_PARTS) private readonly parts: EntityParts) {
    this.mappers = new Map([[TABLES.contractors, parts.mappers.contractor]]);
  }

  async prepare(context: StepContext): Promise<RecordPlanner> {
    // loaded by those who run the step: the validation that comes with it takes longer than whole commands
    const { EntityPlanner } = await import('./entity.planner.js');
    return EntityPlanner.build('contractor', this.parts, context);
  }
}
