import type { Server } from '../../../domain/core-table/server.js';
import type { AggregateMapper } from '../../../domain/storage/stored.js';
import type { LookupIndex } from '../../contract/lookup-index.js';
import { sourceName, type StepContext } from '../../contract/migration-step.js';
import { TABLES } from '../core-table.tables.js';
import { idOf, kindOf } from '../item-keys.js';
import { readServer } from '../server-reading.js';
import { feed } from '../../contract/table-feed.js';

/** The servers that stand in CoreTable, the application's own among them. */
export class ServerDirectory {
  private constructor(private readonly ids: LookupIndex) {}

  static async build(context: StepContext, mapper: AggregateMapper<Server>): Promise<ServerDirectory> {
    const ids = context.indexes.create('servers');
    await feed(context, TABLES.core, ['PK', 'SK'], async (row) => {
      if (kindOf(row) === 'server') await ids.put(idOf(row, 'server'), '');
    });
    if (context.repairing !== undefined) await revive(context, mapper, ids);
    return new ServerDirectory(ids);
  }

  has(id: string): boolean {
    return this.ids.get(id) !== undefined;
  }

  close(): Promise<void> {
    return this.ids.close();
  }
}

/** A server whose item is damaged is one finding where it is missed, and not one for each membership on top of it. */
async function revive(
  context: StepContext,
  mapper: AggregateMapper<Server>,
  ids: LookupIndex,
): Promise<void> {
  await feed(context, TABLES.servers, undefined, async (record) => {
    const read = readServer(record);
    if (!read.ok) return;
    const source = sourceName({ source: TABLES.servers, sourceKey: 'id' }, record);
    if (context.repairing?.inConflict(source) === true) return;
    if (context.check({ table: mapper.table, item: mapper.toItem(read.stored) }, source) !== undefined)
      return;
    await ids.put(read.stored.aggregate.id, '');
  });
}
