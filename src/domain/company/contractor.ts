import type { Instant } from '../values/moment.js';
import { Rules } from '../values/rules.js';
import { checkStructure, fieldsOf } from '../values/structure.js';
import { born, type Origin, type OriginState } from './origin.js';

export interface ContractorState extends OriginState {
  readonly companyId: string;
  readonly contractorId: string;
  readonly name?: string | undefined;
  readonly status?: string | undefined;
}

const RULES = new Rules('Contractor');

/** Somebody who works for a company. What else is known of it is the business of those who wrote it, and travels along. */
export class Contractor {
  static readonly fields = fieldsOf<ContractorState>({
    companyId: 'key',
    contractorId: 'key',
    name: 'text?',
    status: 'text?',
    createdBy: 'key',
    createdAt: 'moment',
    createdAtDerived: 'flag?',
    updatedAt: 'moment',
  });

  private constructor(private readonly held: ContractorState) {}

  /** Birth, under today's rules: ids and name are not blank. Throws DomainRuleError. */
  static create(one: Omit<ContractorState, keyof OriginState>, by: Origin, now: Instant): Contractor {
    const { companyId, contractorId, name = '' } = one;
    for (const [field, text] of Object.entries({ companyId, contractorId, name }))
      RULES.notBlank(field, text);
    return new Contractor({ ...one, ...born(RULES, by, now) });
  }

  /** History: structure only. Throws RestoreError. */
  static restore(state: ContractorState): Contractor {
    checkStructure('Contractor', Contractor.fields, state);
    return new Contractor(state);
  }

  get companyId(): string {
    return this.held.companyId;
  }

  get id(): string {
    return this.held.contractorId;
  }

  state(): ContractorState {
    return this.held;
  }
}
