import type { Instant } from '../values/moment.js';
import { Rules } from '../values/rules.js';
import { checkStructure, fieldsOf } from '../values/structure.js';
import { born, type Origin, type OriginState } from './origin.js';

export interface WorkState extends OriginState {
  readonly companyId: string;
  readonly workId: string;
  readonly name?: string | undefined;
  readonly status?: string | undefined;
  readonly projectId?: string | undefined;
  readonly contractorId?: string | undefined;
  readonly expenseId?: string | undefined;
}

const RULES = new Rules('Work');

/** A piece of work, perhaps on a project, by a contractor, paid by an expense. What else is known of it is the business of those who wrote it, and travels along. */
export class Work {
  static readonly fields = fieldsOf<WorkState>({
    companyId: 'key',
    workId: 'key',
    name: 'text?',
    status: 'text?',
    projectId: 'key?',
    contractorId: 'key?',
    expenseId: 'key?',
    createdBy: 'key',
    createdAt: 'moment',
    createdAtDerived: 'flag?',
    updatedAt: 'moment',
  });

  private constructor(private readonly held: WorkState) {}

  /** Birth, under today's rules: ids and name are not blank. Throws DomainRuleError. */
  static create(one: Omit<WorkState, keyof OriginState>, by: Origin, now: Instant): Work {
    const { companyId, workId, name = '', projectId, contractorId, expenseId } = one;
    for (const [field, text] of Object.entries({
      companyId,
      workId,
      name,
      projectId,
      contractorId,
      expenseId,
    }))
      if (text !== undefined) RULES.notBlank(field, text);
    return new Work({ ...one, ...born(RULES, by, now) });
  }

  /** History: structure only. Throws RestoreError. */
  static restore(state: WorkState): Work {
    checkStructure('Work', Work.fields, state);
    return new Work(state);
  }

  get companyId(): string {
    return this.held.companyId;
  }

  get id(): string {
    return this.held.workId;
  }

  state(): WorkState {
    return this.held;
  }
}
