import { METADATA, PREFIX } from '../../domain/core-table/core-key.js';
import { textOf, type StoredItem } from '../../domain/storage/stored-value.js';

/** Which step's item this is. Told by the keys alone: all else the application may change. */
export type ItemKind = 'server' | 'membership' | 'user';

/** The kind of an item of CoreTable; undefined for keys that the plan gives to none. */
export function kindOf(row: StoredItem): ItemKind | undefined {
  const [partition, sort] = [textOf(row['PK']) ?? '', textOf(row['SK']) ?? ''];
  if (sort === METADATA)
    return partition.startsWith(PREFIX.server)
      ? 'server'
      : partition.startsWith(PREFIX.user)
        ? 'user'
        : undefined;
  return partition.startsWith(PREFIX.user) && sort.startsWith(PREFIX.server) ? 'membership' : undefined;
}

/** The id behind the prefix of a server's or user's own item, or of the server of a membership. */
export function idOf(row: StoredItem, kind: ItemKind): string {
  const [name, prefix] = KEYS[kind];
  return (textOf(row[name]) ?? '').slice(prefix.length);
}

const KEYS: Readonly<Record<ItemKind, readonly [name: string, prefix: string]>> = {
  server: ['PK', PREFIX.server],
  membership: ['SK', PREFIX.server],
  user: ['PK', PREFIX.user],
};
