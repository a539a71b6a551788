import { Server } from '../../domain/core-table/server.js';
import { ServerRecord } from '../../domain/core-table/legacy/server.record.js';
import { readLegacyRecord } from '../../domain/legacy/read-legacy-record.js';
import type { StoredItem } from '../../domain/storage/stored-value.js';
import { textOf } from '../../domain/storage/stored-value.js';
import type { Stored } from '../../domain/storage/stored.js';
import type { Problem, Warning } from '../contract/outcome.js';
import { carried } from './carried.js';

export type ReadServer =
  | { readonly ok: true; readonly stored: Stored<Server>; readonly warnings: readonly Warning[] }
  | { readonly ok: false; readonly problem: Problem };

/** An old server, everything but its id carried (C-03). */
export function readServer(item: StoredItem): ReadServer {
  const read = readLegacyRecord(ServerRecord, item);
  if (!read.ok) return read;
  const { id, legacyAttributes } = read.record;
  const { attributes, warnings } = carried(legacyAttributes);
  const aggregate = Server.restore({ id, name: textOf(attributes['name']) });
  return { ok: true, stored: { aggregate, envelope: { otherAttributes: attributes } }, warnings };
}
