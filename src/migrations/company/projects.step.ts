import { inject, injectable } from 'inversify';
import type { AggregateMapper } from '../../domain/storage/stored.js';
import type { IMigrationStep, RecordPlanner, StepContext } from '../contract/migration-step.js';
import { PROJECTS } from './company.outline.js';
import { TABLES } from './company.tables.js';
import { entityAccess } from './entity-access.js';
import { ENTITY_PARTS, type EntityParts } from './entity-parts.js';

/**
 * Projects move to the company of their user. Needs the companies. Safe to repeat: keys follow
 * from the tables alone, what a run has chosen is told by the row that it wrote, writes are insert-if-absent.
 */
@injectable()
export class ProjectsStep implements IMigrationStep {
  readonly name = PROJECTS.name;
  readonly title = PROJECTS.title;
  readonly phase = PROJECTS.phase;
  readonly source = TABLES.legacyProjects;
  readonly sourceKey = 'userId';
  readonly sourceSortKey = 'projectId';
  readonly accessPatterns = entityAccess('project');
  readonly companionTables = [];
  readonly requires = ['mapping'];
  readonly mappers: ReadonlyMap<string, AggregateMapper<unknown>>;

  constructor(@inject(ENTITY_PARTS) private readonly parts: EntityParts) {
    this.mappers = new Map([[TABLES.projects, parts.mappers.project]]);
  }

  async prepare(context: StepContext): Promise<RecordPlanner> {
    // loaded by those who run the step: the validation that comes with it takes longer than whole commands
    const { EntityPlanner } = await import('./entity.planner.js');
    return EntityPlanner.build('project', this.parts, context);
  }
}
