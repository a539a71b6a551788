import { inject, injectable, optional } from 'inversify';
import type { Employee } from '../../domain/personnel/employee.js';
import type { AggregateMapper } from '../../domain/storage/stored.js';
import type { IMigrationStep, RecordPlanner, StepContext } from '../contract/migration-step.js';
import type { PersonnelOptions } from './personnel.options.js';
import { EMPLOYEE_ACCESS } from './employee-access.js';
import { EMPLOYEES } from './personnel.outline.js';
import { TABLES } from './personnel.tables.js';
import { EMPLOYEE_MAPPER, PERSONNEL_SETTINGS } from './personnel.tokens.js';

/**
 * Employees of the old table become employees of the new one, under the same keys; rows that are no profiles are copied
 * as they are. Needs nothing before it. Safe to repeat: numbers are computed from ids, what a run has chosen is
 * pinned by the row that it wrote, and writes are insert-if-absent.
 */
@injectable()
export class EmployeesStep implements IMigrationStep {
  readonly name = EMPLOYEES.name;
  readonly title = EMPLOYEES.title;
  readonly phase = EMPLOYEES.phase;
  readonly source = TABLES.legacy;
  readonly sourceKey = 'PK';
  readonly sourceSortKey = 'SK';
  readonly loggedIds = ['employee_number'];
  readonly accessPatterns = EMPLOYEE_ACCESS;
  readonly companionTables = [];
  readonly requires = [];
  readonly mappers: ReadonlyMap<string, AggregateMapper<unknown>>;

  constructor(
    @inject(EMPLOYEE_MAPPER) private readonly employees: AggregateMapper<Employee | undefined>,
    @inject(PERSONNEL_SETTINGS) @optional() private readonly options: PersonnelOptions = {},
  ) {
    this.mappers = new Map([[TABLES.personnel, employees]]);
  }

  async prepare(context: StepContext): Promise<RecordPlanner> {
    const { EmployeesPlanner } = await import('./employees.planner.js');
    return EmployeesPlanner.build(this.employees, context, this.options);
  }
}
