import { v5 } from 'uuid';
import { Rules } from '../values/rules.js';
import type { Instant, Moment } from '../values/moment.js';
import { checkStructure, fieldsOf } from '../values/structure.js';

/** The namespace of every id that plan `company` derives. Never changes: it is part of ids that are stored. */
export const COMPANY_NAMESPACE = '0b8c6f52-3a47-4d1e-9c65-5e2f81d7a340';

export interface CompanyState {
  readonly companyId: string;
  readonly name?: string | undefined;
  /** the user who owns it */
  readonly ownerId?: string | undefined;
  readonly createdAt?: Moment | undefined;
  /** made for a user who had none, and not by a person */
  readonly createdByMigration?: boolean | undefined;
}

const RULES = new Rules('Company');

/** A tenant: everything that is built and paid for belongs to one (E-08). */
export class Company {
  static readonly fields = fieldsOf<CompanyState>({
    companyId: 'key',
    name: 'text?',
    ownerId: 'text?',
    createdAt: 'moment?',
    createdByMigration: 'flag?',
  });

  private constructor(private readonly held: CompanyState) {}

  /** Birth by a person. Throws DomainRuleError. */
  static create(companyId: string, name: string, ownerId: string, now: Instant): Company {
    RULES.notBlank('companyId', companyId);
    RULES.notBlank('name', name);
    RULES.notBlank('ownerId', ownerId);
    return new Company({ companyId, name, ownerId, createdAt: now });
  }

  /** The company of a user who belongs to none (E-31): the same one whoever makes it, and when (E-X07). */
  static forOrphan(userId: string, createdAt: Moment): Company {
    RULES.notBlank('ownerId', userId);
    return new Company({
      companyId: companyIdOf(userId),
      name: `Migrated company for ${userId}`,
      ownerId: userId,
      createdAt,
      createdByMigration: true,
    });
  }

  /** History: structure only. Throws RestoreError. */
  static restore(state: CompanyState): Company {
    checkStructure('Company', Company.fields, state);
    return new Company(state);
  }

  get id(): string {
    return this.held.companyId;
  }

  state(): CompanyState {
    return this.held;
  }
}

/** The id of the company that is made for a user: UUIDv5 (RFC 9562, 5.5) of `user:<userId>`. */
export function companyIdOf(userId: string): string {
  return v5(`user:${userId}`, COMPANY_NAMESPACE);
}
