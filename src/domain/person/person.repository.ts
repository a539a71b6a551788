import type { Stored } from '../storage/stored.js';
import type { Person } from './person.js';

/** Injection token of {@link PersonRepository}. */
export const PERSON_REPOSITORY = Symbol('PersonRepository');

/** Persons are looked up; only placeholders are ever inserted. */
export interface PersonRepository {
  findById(id: string): Promise<Stored<Person> | undefined>;
  /** the persons of a user in all tenants: the caller picks its tenant's (K-X10) */
  findByLinkedUser(userId: string): Promise<readonly Stored<Person>[]>;
  /** never touches a row that is there */
  insertIfAbsent(stored: Stored<Person>): Promise<'inserted' | 'exists'>;
  /** streamed, in no promised order */
  all(): AsyncIterable<Stored<Person>>;
}
