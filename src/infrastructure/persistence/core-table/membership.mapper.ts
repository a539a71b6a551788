import { PREFIX } from '../../../domain/core-table/core-key.js';
import { Membership } from '../../../domain/core-table/membership.js';
import { RestoreError } from '../../../domain/errors.js';
import type { StoredItem } from '../../../domain/storage/stored-value.js';
import { textOf } from '../../../domain/storage/stored-value.js';
import { CoreTableMapper } from './core-table.mapper.js';

/** Items `USER#<userId>` / `SERVER#<serverId>`. */
export class MembershipMapper extends CoreTableMapper<Membership> {
  constructor() {
    super('UserServer');
  }

  protected keys(membership: Membership): { PK: string; SK: string } {
    const { userId, serverId } = membership.state();
    return { PK: PREFIX.user + userId, SK: PREFIX.server + serverId };
  }

  protected attributes(membership: Membership): StoredItem {
    const { role, permissions } = membership.state();
    return { role: { S: role }, permissions: { L: permissions.map((one) => ({ S: one })) } };
  }

  protected restore(item: StoredItem): Membership {
    const userId = this.idIn(item, 'PK', PREFIX.user);
    const serverId = this.idIn(item, 'SK', PREFIX.server);
    return Membership.restore({
      userId,
      serverId,
      role: this.text(item, 'role'),
      permissions: permissions(item),
    });
  }
}

function permissions(item: StoredItem): readonly string[] {
  const value = item['permissions'];
  const texts = value !== undefined && 'L' in value ? value.L.map(textOf) : [undefined];
  if (texts.every((text) => text !== undefined)) return texts;
  throw new RestoreError('UserServer', 'permissions', 'absent, or no list of texts');
}
