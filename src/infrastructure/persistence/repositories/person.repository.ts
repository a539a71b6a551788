import type { PersonRepository } from '../../../domain/person/person.repository.js';
import type { Person } from '../../../domain/person/person.js';
import type { Stored } from '../../../domain/storage/stored.js';
import { MappedAggregates } from './mapped-aggregates.js';

/** The persons of all tenants, for the application. */
export class MappedPersonRepository extends MappedAggregates<Person> implements PersonRepository {
  /**
   * By `linkedUserId-index`, the user's id as it is stored. Eventually consistent in DynamoDB: may miss a person who
   * was just made. The migration never asks here; it scans the table.
   */
  findByLinkedUser(userId: string): Promise<readonly Stored<Person>[]> {
    return this.under('linkedUserId-index', userId);
  }

  insertIfAbsent(stored: Stored<Person>): Promise<'inserted' | 'exists'> {
    return this.insert(stored);
  }
}
