import type { Stored } from '../storage/stored.js';
import type { Membership } from './membership.js';
import type { Server } from './server.js';
import type { User } from './user.js';

/** Injection token of {@link CoreTableRepository}. */
export const CORE_TABLE_REPOSITORY = Symbol('CoreTableRepository');

/**
 * The one way of the application to servers, users and memberships (C-02). Every request is by key, the whole of it or
 * its first part (C-24). Rows that are structurally no such item make reads throw RestoreError.
 */
export interface CoreTableRepository {
  findServer(id: string): Promise<Stored<Server> | undefined>;
  findUser(id: string): Promise<Stored<User> | undefined>;
  findMembership(userId: string, serverId: string): Promise<Stored<Membership> | undefined>;
  /** all memberships of a user, in no promised order */
  membershipsOf(userId: string): Promise<readonly Stored<Membership>[]>;
  /** these never touch an item that is there */
  insertServer(stored: Stored<Server>): Promise<'inserted' | 'exists'>;
  insertUser(stored: Stored<User>): Promise<'inserted' | 'exists'>;
  insertMembership(stored: Stored<Membership>): Promise<'inserted' | 'exists'>;
}
