import { RestoreError } from '../errors.js';
import { Rules } from '../values/rules.js';
import { identifierFault } from './identifier.js';

export interface UserState {
  readonly id: string;
  /** empty where nobody knows one */
  readonly email: string;
  readonly name: string;
}

const RULES = new Rules('User');

/** Somebody who belongs to servers. */
export class User {
  private constructor(private readonly held: UserState) {}

  /** Birth, under today's rules: a plain id and a name. Throws DomainRuleError. */
  static create(id: string, email: string, name: string): User {
    RULES.demand(identifierFault('user', id) === undefined, 'id-plain', 'the id is blank or has a prefix');
    RULES.notBlank('name', name);
    return new User({ id, email, name });
  }

  /** History: structure only. Throws RestoreError. */
  static restore(state: UserState): User {
    if (state.id === '') throw new RestoreError('User', 'id', 'empty');
    return new User(state);
  }

  get id(): string {
    return this.held.id;
  }

  state(): UserState {
    return this.held;
  }
}
