import { inject, injectable, optional } from 'inversify';
import type { Contractor } from '../../domain/company/contractor.js';
import type { Expense } from '../../domain/company/expense.js';
import type { Project } from '../../domain/company/project.js';
import type { Work } from '../../domain/company/work.js';
import type { AggregateMapper } from '../../domain/storage/stored.js';
import type { IMigrationStep, RecordPlanner, StepContext } from '../contract/migration-step.js';
import { WORKS } from './company.outline.js';
import { TABLES } from './company.tables.js';
import {
  CONTRACTOR_MAPPER,
  EXPENSE_MAPPER,
  OVERRIDES,
  PROJECT_MAPPER,
  WORK_MAPPER,
} from './company.tokens.js';
import { entityAccess } from './entity-access.js';
import { DEFAULT_POLICY, ENTITY_POLICY, type EntityPolicy } from './entity-policy.js';
import type { Overrides } from './resolution/overrides.js';

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

  constructor(
    @inject(PROJECT_MAPPER) private readonly project: AggregateMapper<Project>,
    @inject(CONTRACTOR_MAPPER) private readonly contractor: AggregateMapper<Contractor>,
    @inject(WORK_MAPPER) private readonly work: AggregateMapper<Work>,
    @inject(EXPENSE_MAPPER) private readonly expense: AggregateMapper<Expense>,
    @inject(OVERRIDES) private readonly overrides: Overrides,
    @inject(ENTITY_POLICY) @optional() private readonly policy: EntityPolicy = DEFAULT_POLICY,
  ) {
    this.mappers = new Map([[TABLES.works, work]]);
  }

  async prepare(context: StepContext): Promise<RecordPlanner> {
    // loaded by those who run the step: the validation that comes with it takes longer than whole commands
    const { EntityPlanner } = await import('./entity.planner.js');
    const { project, contractor, work, expense, overrides, policy } = this;
    const mappers = { project, contractor, work, expense };
    return EntityPlanner.build('work', { overrides, policy, mappers }, context);
  }
}
