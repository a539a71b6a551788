import { Person } from '../../../domain/person/person.js';
import type { PersonState } from '../../../domain/person/person.js';
import { StructuredMapper } from '../mapping/structured.mapper.js';

/** Rows of `purposepath-people`. */
export class PersonMapper extends StructuredMapper<PersonState, Person> {
  constructor() {
    super('purposepath-people', 'Person', Person);
  }
}
