import type { ExactNumber } from '../values/exact-number.js';
import type { Instant, Moment } from '../values/moment.js';
import { Rules } from '../values/rules.js';
import { checkStructure, fieldsOf } from '../values/structure.js';
import { RestoreError } from '../errors.js';

/** What an employee is, but for the list of certifications: one value a field. */
interface EmployeeFields {
  readonly id: string;
  /** unique among all employees */
  readonly number: string;
  readonly fullName: string;
  readonly role?: string | undefined;
  readonly email?: string | undefined;
  readonly phone?: string | undefined;
  /** absent: in no team */
  readonly teamId?: string | undefined;
  readonly healthStatus?: string | undefined;
  readonly healthNotes?: string | undefined;
  /** `active` or `inactive`; history may hold others */
  readonly status?: string | undefined;
  /** money per hour */
  readonly hourlyRate?: ExactNumber | undefined;
  readonly hoursWeek?: ExactNumber | undefined;
  readonly hoursMonth?: ExactNumber | undefined;
  readonly createdAt?: Moment | undefined;
  readonly createdBy?: string | undefined;
  readonly updatedAt?: Moment | undefined;
}

export interface EmployeeState extends EmployeeFields {
  /** absent: history holds no list, or one of something else than names */
  readonly certifications?: readonly string[] | undefined;
}

interface NewEmployee {
  readonly number: string;
  readonly fullName: string;
  readonly createdBy: string;
  readonly role?: string;
  readonly teamId?: string;
}

export const DEFAULT_ROLE = 'user';
export const FIT_FOR_DUTY = 'fit_for_duty';

const RULES = new Rules('Employee');

/** Somebody who works on sites. */
export class Employee {
  static readonly fields = fieldsOf<EmployeeFields>({
    id: 'key',
    number: 'key',
    fullName: 'key',
    role: 'text?',
    email: 'text?',
    phone: 'text?',
    teamId: 'key?',
    healthStatus: 'text?',
    healthNotes: 'text?',
    status: 'text?',
    hourlyRate: 'number?',
    hoursWeek: 'number?',
    hoursMonth: 'number?',
    createdAt: 'moment?',
    createdBy: 'text?',
    updatedAt: 'moment?',
  });

  private constructor(private readonly held: EmployeeState) {}

  /** Birth, under today's rules: id, number, name and creator, fit for duty and active. Throws DomainRuleError. */
  static create(id: string, now: Instant, employee: NewEmployee): Employee {
    const { number, fullName, createdBy, role = DEFAULT_ROLE, teamId } = employee;
    for (const [field, text] of Object.entries({ id, number, fullName, createdBy, role }))
      RULES.notBlank(field, text);
    if (teamId !== undefined) RULES.notBlank('teamId', teamId);
    const born = { role, teamId, healthStatus: FIT_FOR_DUTY, status: 'active', certifications: [] };
    return new Employee({ id, number, fullName, ...born, createdAt: now, createdBy, updatedAt: now });
  }

  /** History: structure only. Throws RestoreError. */
  static restore(state: EmployeeState): Employee {
    checkStructure('Employee', Employee.fields, state);
    if (state.certifications?.every((one) => typeof one === 'string') === false)
      throw new RestoreError('Employee', 'certifications', 'not a list of texts');
    return new Employee(state);
  }

  get id(): string {
    return this.held.id;
  }

  get number(): string {
    return this.held.number;
  }

  state(): EmployeeState {
    return this.held;
  }
}
