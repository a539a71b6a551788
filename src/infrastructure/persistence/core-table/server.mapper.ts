import { METADATA, PREFIX } from '../../../domain/core-table/core-key.js';
import { Server } from '../../../domain/core-table/server.js';
import type { StoredItem } from '../../../domain/storage/stored-value.js';
import { textOf } from '../../../domain/storage/stored-value.js';
import { CoreTableMapper } from './core-table.mapper.js';

/** Items `SERVER#<id>` / `METADATA`. A name that is no text is none of the model's: it travels with the rest. */
export class ServerMapper extends CoreTableMapper<Server> {
  constructor() {
    super('Server');
  }

  protected keys(server: Server): { PK: string; SK: string } {
    return { PK: PREFIX.server + server.id, SK: METADATA };
  }

  protected attributes(server: Server): StoredItem {
    const { name } = server.state();
    return name === undefined ? {} : { name: { S: name } };
  }

  protected restore(item: StoredItem): Server {
    const id = this.idIn(item, 'PK', PREFIX.server);
    this.requireSortKey(item, METADATA);
    return Server.restore({ id, name: textOf(item['name']) });
  }
}
