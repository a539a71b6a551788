import { RestoreError } from '../errors.js';
import { Rules } from '../values/rules.js';
import { identifierFault } from './identifier.js';

export interface ServerState {
  readonly id: string;
  /** old servers may have none */
  readonly name?: string | undefined;
}

const RULES = new Rules('Server');

/** A machine that people share. What else is known of it is the business of those who wrote it, and travels along. */
export class Server {
  private constructor(private readonly held: ServerState) {}

  /** Birth, under today's rules: an id without a prefix, and a name. Throws DomainRuleError. */
  static create(id: string, name: string): Server {
    RULES.demand(identifierFault('server', id) === undefined, 'id-plain', 'the id is blank or has a prefix');
    RULES.notBlank('name', name);
    return new Server({ id, name });
  }

  /** History: structure only. Throws RestoreError. */
  static restore(state: ServerState): Server {
    if (state.id === '') throw new RestoreError('Server', 'id', 'empty');
    return new Server(state);
  }

  get id(): string {
    return this.held.id;
  }

  state(): ServerState {
    return this.held;
  }
}
