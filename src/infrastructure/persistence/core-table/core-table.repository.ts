import { METADATA, PREFIX } from '../../../domain/core-table/core-key.js';
import type { CoreTableRepository } from '../../../domain/core-table/core-table.repository.js';
import type { Membership } from '../../../domain/core-table/membership.js';
import type { Server } from '../../../domain/core-table/server.js';
import type { User } from '../../../domain/core-table/user.js';
import type { AggregateMapper, Stored } from '../../../domain/storage/stored.js';
import type { CoreTableRows } from './core-table-rows.js';
import { MembershipMapper } from './membership.mapper.js';
import { ServerMapper } from './server.mapper.js';
import { UserMapper } from './user.mapper.js';

/** Servers, users and memberships on any store, through the mappers that verification loads by (invariant 8). */
export class MappedCoreTableRepository implements CoreTableRepository {
  private readonly servers = new ServerMapper();
  private readonly users = new UserMapper();
  private readonly memberships = new MembershipMapper();

  constructor(private readonly rows: CoreTableRows) {}

  findServer(id: string): Promise<Stored<Server> | undefined> {
    return this.find(this.servers, PREFIX.server + id, METADATA);
  }

  findUser(id: string): Promise<Stored<User> | undefined> {
    return this.find(this.users, PREFIX.user + id, METADATA);
  }

  findMembership(userId: string, serverId: string): Promise<Stored<Membership> | undefined> {
    return this.find(this.memberships, PREFIX.user + userId, PREFIX.server + serverId);
  }

  async membershipsOf(userId: string): Promise<readonly Stored<Membership>[]> {
    const found: Stored<Membership>[] = [];
    for await (const item of this.rows.under(PREFIX.user + userId, PREFIX.server))
      found.push(this.memberships.fromItem(item));
    return found;
  }

  insertServer(stored: Stored<Server>): Promise<'inserted' | 'exists'> {
    return this.rows.insertIfAbsent(this.servers.toItem(stored));
  }

  insertUser(stored: Stored<User>): Promise<'inserted' | 'exists'> {
    return this.rows.insertIfAbsent(this.users.toItem(stored));
  }

  insertMembership(stored: Stored<Membership>): Promise<'inserted' | 'exists'> {
    return this.rows.insertIfAbsent(this.memberships.toItem(stored));
  }

  private async find<A>(
    mapper: AggregateMapper<A>,
    partition: string,
    sort: string,
  ): Promise<Stored<A> | undefined> {
    const item = await this.rows.get(partition, sort);
    return item === undefined ? undefined : mapper.fromItem(item);
  }
}
