import { randomBytes } from 'node:crypto';
import { chmod, mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { damagedFile } from './journal-format.js';

/** What runs set aside holds personal data: nobody but the owner may read it. */
export const OWNER_FILE = 0o600;
const OWNER_FOLDER = 0o700;

/** Creates the folder where it is absent and closes it to others where it is not. */
export async function ownerOnlyFolder(folder: string): Promise<void> {
  await makeFolder(folder);
  await chmod(folder, OWNER_FOLDER);
}

/** As {@link replaceFile}, with data as JSON. */
export async function replaceJson(path: string, data: unknown): Promise<void> {
  await replaceFile(path, `${JSON.stringify(data, null, 2)}\n`);
}

/**
 * Node's own recursive way never ends where a parent exists and takes no folders without saying so, as under /proc.
 */
async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { mode: OWNER_FOLDER });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return;
    if (code !== 'ENOENT' || dirname(folder) === folder) throw error;
    await makeFolder(dirname(folder));
    await mkdir(folder, { mode: OWNER_FOLDER }).catch((again: unknown) => {
      if ((again as NodeJS.ErrnoException).code !== 'EEXIST') throw again;
    });
  }
}

/** Replaces the file as a whole: after a crash it is the old one or the new one. */
export async function replaceFile(path: string, content: string | AsyncIterable<string>): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    const file = await open(temporary, 'wx', OWNER_FILE);
    try {
      await writeFile(file, content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** undefined where there is no such file */
export async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as unknown;
  } catch (error) {
    if (isAbsent(error)) return undefined;
    if (error instanceof SyntaxError)
      throw damagedFile(`${path} is damaged: it is no JSON`, { cause: error });
    throw error;
  }
}

export function isAbsent(error: unknown): boolean {
  const { code } = (error ?? {}) as { readonly code?: unknown };
  return code === 'ENOENT' || code === 'ENOTDIR';
}
