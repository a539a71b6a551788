import { METADATA, PREFIX } from '../../../domain/core-table/core-key.js';
import { User } from '../../../domain/core-table/user.js';
import type { StoredItem } from '../../../domain/storage/stored-value.js';
import { CoreTableMapper } from './core-table.mapper.js';

/** Items `USER#<id>` / `METADATA`. */
export class UserMapper extends CoreTableMapper<User> {
  constructor() {
    super('User');
  }

  protected keys(user: User): { PK: string; SK: string } {
    return { PK: PREFIX.user + user.id, SK: METADATA };
  }

  protected attributes(user: User): StoredItem {
    const { email, name } = user.state();
    return { email: { S: email }, name: { S: name } };
  }

  protected restore(item: StoredItem): User {
    const id = this.idIn(item, 'PK', PREFIX.user);
    this.requireSortKey(item, METADATA);
    return User.restore({ id, email: this.text(item, 'email'), name: this.text(item, 'name') });
  }
}
