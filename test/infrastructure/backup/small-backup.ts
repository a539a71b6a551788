import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { ContentSum } from '../../../src/domain/storage/content-sum.js';
import type { StoredItem } from '../../../src/domain/storage/stored-value.js';
import type { BackupArchive, TableSchema } from '../../../src/runner/ports/backup-archive.js';

export const SCHEMA: TableSchema = {
  keys: [{ name: 'id', role: 'HASH' }],
  attributes: [{ name: 'id', type: 'S' }],
  indexes: [],
};

export const SHIPS: readonly StoredItem[] = [
  { id: { S: 'a' }, name: { S: 'Ada "1"\n' }, tons: { N: '12345678901234567890.123456789012345678' } },
  { id: { S: 'b' }, flag: { B: Uint8Array.of(0, 1, 255) }, ['__proto__']: { SS: ['', 'x'] } },
];
export const PORTS: readonly StoredItem[] = Array.from({ length: 25 }, (_, index) => ({
  id: { S: `port-${index}` },
  depth: { N: String(index) },
}));

/** Rows in pages of three. */
// eslint-disable-next-line @typescript-eslint/require-await -- the contract is asynchronous
export async function* pagesOf(rows: readonly StoredItem[]): AsyncGenerator<readonly StoredItem[]> {
  for (let start = 0; start < rows.length; start += 3) yield rows.slice(start, start + 3);
}

/** Writes a backup of three tables, one of them empty. */
export async function writeBackup(archive: BackupArchive): Promise<void> {
  const startedAt = new Date('2026-11-21T05:35:12.345Z');
  await archive.claim();
  const tables = [];
  const all = { ships: SHIPS, ports: PORTS, empty: [] };
  for (const [table, rows] of Object.entries(all)) {
    const physicalName = `${table}-test`;
    const source = { physicalName, arn: `arn:aws:dynamodb:eu-central-1:1:table/${physicalName}`, id: 'T-1' };
    const target = await archive.exportTable(source, startedAt);
    const half = Math.floor(rows.length / 2);
    await Promise.all([target.write(pagesOf(rows.slice(0, half))), target.write(pagesOf(rows.slice(half)))]);
    const sum = new ContentSum();
    sum.add(rows);
    tables.push({ table, physicalName, schema: SCHEMA, ...(await target.finish()), digest: sum.digest });
  }
  await archive.seal({
    backup: 'cargo-test-20261121T053512Z-abcdef',
    plan: 'cargo',
    env: 'test',
    at: startedAt.toISOString(),
    endedAt: '2026-11-21T05:36:00.000Z',
    tables,
  });
}

/** Every row of every table, in the order of the backup. */
export async function readBackup(archive: BackupArchive): Promise<Record<string, StoredItem[]>> {
  const { tables } = await archive.manifest();
  const found: Record<string, StoredItem[]> = {};
  for (const table of tables) {
    const rows: StoredItem[] = [];
    for await (const group of archive.rows(table)) rows.push(...group);
    found[table.table] = rows.sort((left, right) => (idOf(left) < idOf(right) ? -1 : 1));
  }
  return found;
}

export function temporaryFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'waybill-archive-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Files of a folder, relative, sorted. */
export function filesIn(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true }) as string[];
  return names.filter((name) => statSync(join(folder, name)).isFile()).sort();
}

export const idOf = (row: StoredItem): string => (row['id'] as { readonly S: string }).S;
