import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import type { UnfinishedRestores } from '../../runner/ports/backup-restores.js';
import { ownerOnlyFolder, readJson, replaceJson } from '../journal/owner-only-files.js';

/** Notes of restores under way, a file for each table, in a folder of one environment. */
export class RestoreNotes implements UnfinishedRestores {
  constructor(private readonly folder: string) {}

  async backupOf(physicalName: string): Promise<string | undefined> {
    const note = (await readJson(this.path(physicalName))) as { readonly backup?: unknown } | undefined;
    return typeof note?.backup === 'string' ? note.backup : undefined;
  }

  async begin(physicalName: string, backup: string): Promise<void> {
    await ownerOnlyFolder(this.folder);
    await replaceJson(this.path(physicalName), { table: physicalName, backup });
  }

  async end(physicalName: string): Promise<void> {
    await rm(this.path(physicalName), { force: true });
  }

  private path(physicalName: string): string {
    return join(this.folder, `${encodeURIComponent(physicalName)}.json`);
  }
}
