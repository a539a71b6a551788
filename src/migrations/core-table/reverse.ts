import { permissionsOf, type RolePolicy } from '../../domain/core-table/permissions.js';
import { textOf, type StoredItem, type StoredValue } from '../../domain/storage/stored-value.js';
import { renamedIn } from './carried.js';
import { idOf, kindOf } from './item-keys.js';
import { textsOf } from './membership-permissions.js';
import { TABLES } from './core-table.tables.js';

/** An old row, and the table that it belongs to. */
export interface LegacyRow {
  readonly table: string;
  readonly item: StoredItem;
}

const COMPUTED: ReadonlySet<string> = new Set(['PK', 'SK', 'Type', '_migration']);

/**
 * The old row of an item of CoreTable, for the way back (C-X15). `before`: the old row that the item was made of, as it stands
 * in the old table; undefined where there is none, because the application has made the item. Of an item as it was migrated
 * it is exactly that row; what somebody has changed since is taken over. Only the old row tells whether an attribute
 * `legacy_Type` has always been called so. Undefined for users, who have no row of their own in the old tables, and for
 * items of a kind that the plan does not know.
 */
export function legacyRowOf(
  item: StoredItem,
  before: StoredItem | undefined,
  policy: RolePolicy,
): LegacyRow | undefined {
  const kind = kindOf(item);
  if (kind === 'server')
    return {
      table: TABLES.servers,
      item: { ...attributesOf(item, before, ['id']), id: { S: idOf(item, 'server') } },
    };
  if (kind !== 'membership') return undefined;
  const ids = { userId: { S: idOf(item, 'user') }, serverId: { S: idOf(item, 'membership') } };
  const { permissions, ...others } = attributesOf(item, before, ['userId', 'serverId']);
  return {
    table: TABLES.memberships,
    item: { ...others, ...permissionsIn(item, permissions, before, policy), ...ids },
  };
}

/** Everything that is not computed, under the names that it had. */
function attributesOf(item: StoredItem, before: StoredItem | undefined, ids: readonly string[]): StoredItem {
  const old = Object.fromEntries(Object.entries(before ?? {}).filter(([name]) => !ids.includes(name)));
  const names = new Map([...renamedIn(Object.keys(old))].map(([name, to]) => [to, name]));
  const entries = Object.entries<StoredValue>(item).filter(([name]) => !COMPUTED.has(name));
  return Object.fromEntries(entries.map(([name, value]) => [names.get(name) ?? name, value]));
}

/** As the old row had them where that still says what the item says; else a list of its own, which wins over the role's. */
function permissionsIn(
  item: StoredItem,
  now: StoredValue | undefined,
  before: StoredItem | undefined,
  policy: RolePolicy,
): StoredItem {
  if (now === undefined) return {};
  const held = textsOf(now);
  const own =
    before !== undefined && Object.hasOwn(before, 'permissions') ? before['permissions'] : undefined;
  const role = textOf(item['role']) ?? '';
  const said = own === undefined || 'NULL' in own ? permissionsOf(role, policy).permissions : textsOf(own);
  const isSaid = before !== undefined && JSON.stringify(said) === JSON.stringify(held);
  if (!isSaid) return { permissions: now };
  return own === undefined ? {} : { permissions: own };
}
