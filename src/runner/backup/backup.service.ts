import { ContentSum } from '../../domain/storage/content-sum.js';
import type { StoredItem } from '../../domain/storage/stored-value.js';
import type { BackupLocation, BackupRequest, BackupResult, PlanRequest } from '../application.js';
import { runId } from '../engine/run-id.js';
import type { BackupEvidence } from '../ports/attestation.js';
import type { BackedUpTable, BackupArchive, BackupManifest } from '../ports/backup-archive.js';
import type { BackupTables, SchemaDescription } from '../ports/backup-tables.js';
import { StoreError } from '../ports/errors.js';
import { planNamed } from '../services/service-parts.js';
import type { BackupParts, NamedTable } from './backup-parts.js';
import { archivedOf, stoppable, tablesOf } from './backup-parts.js';
import { verifyBackup } from './backup-verification.js';
import { journalIsThere, withBackup, type LocatedBackup } from './located-backup.js';

interface FoundTable extends NamedTable {
  readonly found: SchemaDescription;
}

/** `backup`, `backup verify` and `backups`. */
export class BackupService {
  constructor(private readonly parts: BackupParts) {}

  /** Writes every table of the plan, reads it all again and, where it is whole, records that (K-05). */
  backup(request: BackupRequest): Promise<BackupResult> {
    return stoppable(request.signal, 'The backup was stopped before it was whole and verified.', async () => {
      const plan = planNamed(this.parts, request.plan);
      const [named, archived] = [tablesOf(plan, this.parts), archivedOf(plan, this.parts)];
      const tables = this.parts.openTables(
        [...named, ...archived].map(({ physicalName }) => ({ physicalName, use: 'read', keys: [] })),
      );
      try {
        const described = await describeAll(tables, named, this.parts);
        const found = [...described, ...(await thoseThere(tables, archived))];
        return await this.write(plan.name, found, tables, request);
      } finally {
        tables.close();
      }
    });
  }

  verify(request: BackupLocation): Promise<BackupResult> {
    return stoppable(request.signal, 'The verification was stopped.', () => {
      const plan = planNamed(this.parts, request.plan).name;
      return withBackup(this.parts, plan, request.from, (backup) => this.attested(backup, request));
    });
  }

  /** the verified backups of the plan, newest first */
  async backups(request: PlanRequest): Promise<readonly BackupEvidence[]> {
    const plan = planNamed(this.parts, request.plan).name;
    return (await journalIsThere(this.parts)) ? this.parts.journal.attestations(plan, 'backup') : [];
  }

  private async write(
    plan: string,
    found: readonly FoundTable[],
    tables: BackupTables,
    request: BackupRequest,
  ): Promise<BackupResult> {
    const { environment, archives, now, random, log } = this.parts;
    const at = now();
    const name = `${plan}-${environment.name}-${runId(at, random)}`;
    const archive = await archives.open(request.to ?? archives.defaultLocation(name));
    try {
      await archive.claim();
      const written: BackedUpTable[] = [];
      try {
        for (const table of found)
          written.push(await this.exportTable(archive, tables, table, request.signal));
        await archive.seal(this.manifest(name, plan, at, written));
      } catch (error) {
        await archive.discard().catch((cause: unknown) => {
          log.event('warn', 'backup.undiscarded', { backup: name, error: cause });
        });
        throw error;
      }
      // from here on as somebody would read it who knows nothing of what was written
      return await this.attested({ archive, manifest: await archive.manifest() }, request);
    } finally {
      await archive.close();
    }
  }

  private manifest(backup: string, plan: string, at: Date, tables: readonly BackedUpTable[]): BackupManifest {
    const { environment, now } = this.parts;
    return {
      backup,
      plan,
      env: environment.name,
      at: at.toISOString(),
      endedAt: now().toISOString(),
      tables,
    };
  }

  private async exportTable(
    archive: BackupArchive,
    tables: BackupTables,
    { table, physicalName, found }: FoundTable,
    signal: AbortSignal | undefined,
  ): Promise<BackedUpTable> {
    const { environment, progress, now } = this.parts;
    const sum = new ContentSum();
    progress.started(`back up ${physicalName}`, found.itemCount);
    try {
      const target = await archive.exportTable({ ...found, physicalName }, now());
      await inParallel(environment.segments, signal, (index, stop) =>
        target.write(this.summed(tables, physicalName, { index, total: environment.segments }, sum, stop)),
      );
      const exported = await target.finish();
      return { table, physicalName, schema: found.schema, ...exported, items: sum.count, digest: sum.digest };
    } finally {
      progress.finished();
    }
  }

  private async *summed(
    tables: BackupTables,
    physicalName: string,
    segment: { readonly index: number; readonly total: number },
    sum: ContentSum,
    signal: AbortSignal,
  ): AsyncGenerator<readonly StoredItem[]> {
    for await (const rows of tables.rows(physicalName, { segment, signal })) {
      sum.add(rows);
      this.parts.progress.advanced(sum.count);
      yield rows;
    }
  }

  private async attested(
    backup: LocatedBackup,
    { by, signal }: Pick<BackupRequest, 'by' | 'signal'>,
  ): Promise<BackupResult> {
    const { now, progress, journal, environment, log } = this.parts;
    const { archive, manifest } = backup;
    await verifyBackup(backup, progress, signal);
    const verifiedAt = now().toISOString();
    const { backup: name, plan, env, at, tables } = manifest;
    const common = { backup: name, location: archive.location, at, verifiedAt };
    const notices: string[] = [];
    if (await journalIsThere(this.parts)) {
      const held = tables.map(({ table, physicalName, items }) => ({ table, physicalName, items }));
      await journal.attest(plan, { gate: 'backup', ...common, by, tables: held });
    } else {
      notices.push(
        `Not recorded: there is no journal table yet. Create it (node runner tables create --env ${environment.name}), then: node runner backup verify --env ${environment.name} --from ${archive.location}`,
      );
    }
    log.event('info', 'backup.verified', { backup: name, location: archive.location });
    return { plan, env, ...common, tables: tables.map(tableResult), notices };
  }
}

function tableResult({ table, physicalName, items, bytes, files, digest }: BackedUpTable) {
  return { table, physicalName, items, bytes, files, digest };
}

/** All tables before anything is written: a backup that lacks one is none. */
async function describeAll(
  tables: BackupTables,
  named: readonly NamedTable[],
  { environment }: BackupParts,
): Promise<FoundTable[]> {
  const described = [];
  for (const table of named) described.push({ ...table, found: await tables.describe(table.physicalName) });
  const missing = described
    .filter(({ found }) => found === undefined)
    .map(({ physicalName }) => physicalName);
  if (missing.length === 0) return described as FoundTable[];
  throw new StoreError(
    'TABLE_MISSING',
    `A backup holds every table of the plan, and there is no ${missing.join(', ')}.`,
    `Create the target tables (node runner tables create --env ${environment.name}); for a source table, check the environment’s suffix, table names, region and endpoint.`,
  );
}

/** Tables that a plan only archives may be retired already: those that are there. */
async function thoseThere(tables: BackupTables, named: readonly NamedTable[]): Promise<FoundTable[]> {
  const there: FoundTable[] = [];
  for (const table of named) {
    const found = await tables.describe(table.physicalName);
    if (found !== undefined) there.push({ ...table, found });
  }
  return there;
}

/** The first failure stops the others; all have come to rest when this ends. */
async function inParallel(
  parts: number,
  signal: AbortSignal | undefined,
  work: (index: number, stop: AbortSignal) => Promise<void>,
): Promise<void> {
  const failure = new AbortController();
  const stop = signal === undefined ? failure.signal : AbortSignal.any([signal, failure.signal]);
  const one = async (index: number): Promise<void> => {
    try {
      await work(index, stop);
    } catch (error) {
      failure.abort(error);
      throw error;
    }
  };
  await Promise.allSettled(Array.from({ length: parts }, (_, index) => one(index)));
  signal?.throwIfAborted();
  if (failure.signal.aborted) throw failure.signal.reason;
}
