import type { Guid } from '../values/guid.js';
import type { Instant, Moment } from '../values/moment.js';
import { Rules } from '../values/rules.js';
import { checkStructure, fieldsOf } from '../values/structure.js';

export interface PersonState {
  readonly id: string;
  readonly tenantId: string;
  /** the user whose person this is */
  readonly linkedUserId?: string | undefined;
  readonly displayName?: string | undefined;
  /** stands in for somebody who is not there yet (K-12, K-X08) */
  readonly isPlaceholder?: boolean | undefined;
  readonly createdBy?: string | undefined;
  readonly createdAt?: Moment | undefined;
}

interface NewPerson {
  readonly tenantId: Guid;
  readonly displayName: string;
  readonly createdBy: Guid;
  readonly linkedUserId?: Guid;
}

const RULES = new Rules('Person');

/** Somebody who pursues KPIs in one tenant; a user may have a person in each of several tenants. */
export class Person {
  static readonly fields = fieldsOf<PersonState>({
    id: 'key',
    tenantId: 'key',
    linkedUserId: 'text?',
    displayName: 'text?',
    isPlaceholder: 'flag?',
    createdBy: 'text?',
    createdAt: 'moment?',
  });

  private constructor(private readonly held: PersonState) {}

  /** Birth, under today's rules: a name, ids not nil, never a placeholder. Throws DomainRuleError. */
  static create(id: Guid, now: Instant, person: NewPerson): Person {
    const ids = [id, person.tenantId, person.createdBy, person.linkedUserId];
    RULES.demand(!ids.some((one) => one?.isNil), 'ids-not-nil', 'an id is nil');
    RULES.notBlank('displayName', person.displayName);
    return new Person({
      id: id.text,
      tenantId: person.tenantId.text,
      linkedUserId: person.linkedUserId?.text,
      displayName: person.displayName,
      isPlaceholder: false,
      createdBy: person.createdBy.text,
      createdAt: now,
    });
  }

  /** History: structure only. Throws RestoreError. */
  static restore(state: PersonState): Person {
    checkStructure('Person', Person.fields, state);
    return new Person(state);
  }

  get id(): string {
    return this.held.id;
  }

  get isPlaceholder(): boolean {
    return this.held.isPlaceholder === true;
  }

  state(): PersonState {
    return this.held;
  }
}
