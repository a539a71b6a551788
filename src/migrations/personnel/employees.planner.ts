import type { Employee } from '../../domain/personnel/employee.js';
import { initialsOf } from '../../domain/personnel/employee-number.js';
import {
  employeeIdOf,
  readEmployee,
  type LegacyEmployee,
} from '../../domain/personnel/legacy/read-employee.js';
import { employeeWarning } from '../../domain/personnel/legacy/employee-warnings.js';
import type { AggregateMapper } from '../../domain/storage/stored.js';
import { textOf, type StoredItem } from '../../domain/storage/stored-value.js';
import { isBlank } from '../../domain/values/white-space.js';
import type { RecordPlanner, RowFault, StepContext } from '../contract/migration-step.js';
import type { Decision, Warning } from '../contract/outcome.js';
import type { PersonnelOptions } from './personnel.options.js';
import { EmployeeNumbers } from './lookups/employee-numbers.js';
import { ProfileRows } from './lookups/profile-rows.js';
import { numberOf, ownerOf, StoredChoices } from './lookups/stored-choices.js';
import { eachTargetRow } from './lookups/target-rows.js';
import { Turns } from './lookups/turns.js';
import { PERSONNEL_KEY, TABLES } from './personnel.tables.js';
import { RESERVED_ATTRIBUTES, translateEmployee } from './translation/employee.js';
import { ledgerFor, withLedger } from './translation/ledger.js';

/** Of rows that nobody writes: a validation and a forecast only imagine those that are not stored. */
const NOBODY_RUNS = '1970-01-01T00:00:00.000Z';

interface Lookups {
  readonly numbers: EmployeeNumbers;
  readonly profiles: ProfileRows;
  readonly choices: StoredChoices;
}

/**
 * Decides on the rows of the old table: profiles become employees, all others are copied. What no record says, an
 * employee's number and the time of the migration, is chosen once and pinned by the row that it was written to.
 */
export class EmployeesPlanner implements RecordPlanner {
  private readonly turns = new Turns();
  /** records of employees that say nothing about health, as far as the survey has come */
  private silentOnHealth = 0;

  private constructor(
    private readonly mapper: AggregateMapper<Employee | undefined>,
    private readonly lookups: Lookups,
    /** the time of records that no run has migrated yet */
    private readonly now: string,
    private readonly options: PersonnelOptions,
  ) {}

  static async build(
    mapper: AggregateMapper<Employee | undefined>,
    context: StepContext,
    options: PersonnelOptions = {},
  ): Promise<EmployeesPlanner> {
    const { indexes } = context;
    const planner = new EmployeesPlanner(
      mapper,
      {
        numbers: new EmployeeNumbers(indexes.create('employee-numbers')),
        profiles: new ProfileRows(indexes.create('profiles'), options.profileKeys),
        choices: new StoredChoices(indexes.create('stored-choices')),
      },
      context.startedAt ?? NOBODY_RUNS,
      options,
    );
    await eachTargetRow(context, async (row) => {
      await planner.learn(row);
    });
    return planner;
  }

  survey(record: StoredItem): Promise<void> {
    return this.turns.take(() => this.seen(record));
  }

  plan(record: StoredItem): Decision {
    const id = employeeIdOf(textOf(record['PK']) ?? '');
    if (id === undefined || !this.lookups.profiles.isProfile(id, textOf(record['SK']) ?? ''))
      return this.copied(record, id);
    const read = readEmployee(record, id);
    if (!read.ok) return { kind: 'quarantined', problem: read.problem, warnings: [] };
    const { employee } = read;
    const key = PERSONNEL_KEY.text(record);
    const choice = this.lookups.choices.of(key);
    const number = employee.number ?? choice?.number ?? this.assigned(employee, key);
    const warnings: Warning[] = [...read.warnings, ...this.defaults(employee, number), ...reserved(record)];
    if (number === undefined) {
      const detail =
        'the record, or its name, came after the survey of this run: the next run assigns its number';
      return {
        kind: 'quarantined',
        problem: { reason: 'NUMBER_UNASSIGNED', field: 'employee_number', detail },
        warnings,
      };
    }
    const stored = translateEmployee(employee, record, {
      number,
      migratedAt: choice?.migratedAt ?? this.now,
    });
    const row = this.mapper.toItem(stored);
    const item = withLedger(row, ledgerFor(record, row));
    return { kind: 'rows', rows: [{ table: TABLES.personnel, item }], anchored: true, warnings };
  }

  /** A stored row keeps its number and its time, and its number is nobody else's (P-X01, P-X12). */
  pin(row: StoredItem): Promise<boolean> | boolean {
    return this.isKnown(row) ? false : this.turns.take(() => this.learn(row));
  }

  /** P-X05: numbers that several employees have are kept, and reported by every validation. */
  audit(_table: string, row: StoredItem): RowFault | undefined {
    const number = textOf(row['employee_number']);
    if (number === undefined || !this.lookups.numbers.isShared(number)) return undefined;
    return { kind: 'duplicate', field: 'employee_number', detail: 'several employees have this number' };
  }

  async close(): Promise<void> {
    const { numbers, profiles, choices } = this.lookups;
    await Promise.all([numbers.close(), profiles.close(), choices.close()]);
  }

  private isKnown(row: StoredItem): boolean {
    const { choices, numbers } = this.lookups;
    const number = numberOf(row);
    return choices.isKnown(row) && (number === undefined || numbers.isOwned(number, ownerOf(row)));
  }

  /** True if a decision may be another one now. */
  private async learn(row: StoredItem): Promise<boolean> {
    const { choices, numbers } = this.lookups;
    const isNew = !choices.isKnown(row);
    if (isNew) await choices.pin(row);
    const number = numberOf(row);
    const isDisplacing = number !== undefined && (await numbers.own(number, ownerOf(row)));
    return isNew || isDisplacing;
  }

  private async seen(record: StoredItem): Promise<void> {
    const { choices, numbers, profiles } = this.lookups;
    const [owner, number] = [textOf(record['PK']) ?? '', textOf(record['employee_number'])];
    const employeeId = employeeIdOf(owner);
    if (employeeId !== undefined) {
      await profiles.add(employeeId, textOf(record['SK']) ?? '');
      if (isBlank(textOf(record['health_status']) ?? '')) this.silentOnHealth += 1;
    }
    if (number !== undefined && !isBlank(number)) {
      await numbers.own(number, owner);
      return;
    }
    const [name, key] = [textOf(record['full_name']), PERSONNEL_KEY.text(record)];
    if (employeeId === undefined || name === undefined || isBlank(name)) return;
    if (choices.of(key)?.number === undefined)
      await numbers.claim({ key, employeeId, initials: initialsOf(name) });
  }

  private assigned({ id, fullName }: LegacyEmployee, key: string): string | undefined {
    return this.lookups.numbers.claimed({ key, employeeId: id, initials: initialsOf(fullName) });
  }

  /** rows that are no profiles stand in the new table as they did in the old one, and are listed. */
  private copied(record: StoredItem, employeeId: string | undefined): Decision {
    const [name] = RESERVED_ATTRIBUTES.filter((one) => Object.hasOwn(record, one));
    if (name !== undefined) {
      const detail = 'the name belongs to the migration, and a row that is copied has no place to keep it';
      return {
        kind: 'quarantined',
        problem: { reason: 'ATTRIBUTE_RESERVED', field: name, detail },
        warnings: [],
      };
    }
    const isOrphan = employeeId !== undefined && this.lookups.profiles.isWithoutProfile(employeeId);
    const warning: Warning = isOrphan
      ? {
          code: 'PROFILE_MISSING',
          field: 'SK',
          detail: 'no row of this employee is a profile; copied as it is',
        }
      : { code: 'NOT_A_PROFILE', field: employeeId === undefined ? 'PK' : 'SK', detail: 'copied as it is' };
    if (this.options.otherRows === 'quarantine') {
      const { code: reason, ...told } = {
        ...warning,
        detail: 'no profile, and other rows are set aside here',
      };
      return { kind: 'quarantined', problem: { reason, ...told }, warnings: [] };
    }
    const rows = [{ table: TABLES.personnel, item: { ...record } }];
    return { kind: 'rows', rows, anchored: false, warnings: [warning] };
  }

  private defaults(employee: LegacyEmployee, number: string | undefined): Warning[] {
    const warnings: Warning[] = [];
    if (employee.healthStatus === undefined) {
      const detail = `${this.silentOnHealth} records of employees say nothing about health: profiles among them are written as fit for duty`;
      warnings.push({ code: 'HEALTH_DEFAULTED', field: 'health_status', detail, once: true });
    }
    if (employee.createdAt === undefined) {
      const detail = 'the record does not say; the time of the run was written';
      warnings.push({ code: 'TIME_DEFAULTED', field: 'created_at', detail });
    }
    if (number !== undefined && this.lookups.numbers.isShared(number)) {
      const detail =
        'another employee has this number; both keep it, and validation fails until that is settled';
      warnings.push({ code: 'EMPLOYEE_NUMBER_SHARED', field: 'employee_number', detail });
    }
    return warnings;
  }
}

function reserved(record: StoredItem): Warning[] {
  return RESERVED_ATTRIBUTES.filter((name) => Object.hasOwn(record, name)).map((name) =>
    employeeWarning('ATTRIBUTE_RESERVED', name),
  );
}
