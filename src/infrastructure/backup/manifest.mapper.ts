import type { BackedUpTable, BackupManifest, TableSchema } from '../../runner/ports/backup-archive.js';
import { RefusedError } from '../../runner/ports/errors.js';
import { isExportId, isTableName } from './export-layout.js';

/** Version of `waybill-backup.json`. Any change of meaning counts it up. */
export const BACKUP_FORMAT = 1;

type Json = Readonly<Record<string, unknown>>;
type Damaged = (what: string, cause?: unknown) => Error;

/**
 * The manifest in a file whose checksum is right. Names that become parts of paths are checked all the same: a checksum
 * is no signature. Throws `BACKUP_FORMAT` for a version that we don't know.
 */
export function manifestFrom(content: Buffer, damaged: Damaged): BackupManifest {
  const json = parsed(content, damaged);
  if (json['format'] !== BACKUP_FORMAT) {
    throw new RefusedError(
      'BACKUP_FORMAT',
      `The backup is of format ${String(json['format'])}; this version reads format ${BACKUP_FORMAT} only.`,
      'Use the version of waybill that wrote it.',
    );
  }
  const { backup, plan, env, at, endedAt, tables } = json;
  const texts = [backup, plan, env, at, endedAt];
  if (!texts.every((text) => typeof text === 'string') || !Array.isArray(tables))
    throw damaged('lacks a field');
  for (const table of tables as unknown[]) if (!isTable(table)) throw damaged('lists a table that is none');
  return { backup, plan, env, at, endedAt, tables } as BackupManifest;
}

function parsed(content: Buffer, damaged: Damaged): Json {
  try {
    return JSON.parse(content.toString('utf8')) as Json;
  } catch (error) {
    throw damaged('is no JSON', error);
  }
}

function isTable(json: unknown): json is BackedUpTable {
  const table = json as Partial<Record<keyof BackedUpTable, unknown>> | null;
  return (
    typeof table?.table === 'string' &&
    isTableName(table.physicalName) &&
    isExportId(table.export) &&
    Number.isSafeInteger(table.items) &&
    typeof table.digest === 'string' &&
    isSchema(table.schema)
  );
}

function isSchema(json: unknown): json is TableSchema {
  const schema = json as Partial<Record<keyof TableSchema, unknown>> | null | undefined;
  return Array.isArray(schema?.keys) && Array.isArray(schema.attributes) && Array.isArray(schema.indexes);
}
