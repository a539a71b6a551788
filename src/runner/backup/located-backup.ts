import type { BackupArchive, BackupManifest } from '../ports/backup-archive.js';
import { RefusedError } from '../ports/errors.js';
import type { BackupParts } from './backup-parts.js';

/** A finished backup of this plan and environment. */
export interface LocatedBackup {
  readonly archive: BackupArchive;
  readonly manifest: BackupManifest;
}

/**
 * Opens the backup at a place, or the latest of the plan: the newest that was verified, or where there is no journal (it
 * may be lost with the tables) the newest in the default folder. Throws `BACKUP_MISSING`, `BACKUP_OF_ANOTHER`.
 */
export async function withBackup<T>(
  parts: BackupParts,
  plan: string,
  from: string | undefined,
  work: (backup: LocatedBackup) => Promise<T>,
): Promise<T> {
  const archive = await parts.archives.open(from ?? (await latest(parts, plan)));
  try {
    const manifest = await archive.manifest();
    requireSame(parts, plan, manifest, archive.location);
    return await work({ archive, manifest });
  } finally {
    await archive.close();
  }
}

export async function journalIsThere({ admin, journalTable }: BackupParts): Promise<boolean> {
  return (await admin.describe(journalTable.name))?.status === 'ACTIVE';
}

async function latest(parts: BackupParts, plan: string): Promise<string> {
  const { environment, archives, journal } = parts;
  const attested = (await journalIsThere(parts)) ? await journal.attestations(plan, 'backup') : [];
  const found = attested[0]?.location ?? (await archives.newest(plan, environment.name));
  if (found !== undefined) return found;
  throw new RefusedError(
    'BACKUP_MISSING',
    `There is no backup of plan ${plan} in ${environment.name} that we know of.`,
    `Name its place with --from, or make one: node runner backup --env ${environment.name} --plan ${plan}`,
  );
}

/** Rows of another environment may be other people's data under the same names. */
function requireSame(
  { environment }: BackupParts,
  plan: string,
  manifest: BackupManifest,
  location: string,
): void {
  if (manifest.plan === plan && manifest.env === environment.name) return;
  throw new RefusedError(
    'BACKUP_OF_ANOTHER',
    `The backup at ${location} is of plan ${manifest.plan} in ${manifest.env}, not of ${plan} in ${environment.name}.`,
    `Add --plan ${manifest.plan} --env ${manifest.env}, or name another place with --from.`,
  );
}
