import { constants } from 'node:fs';
import { access, chmod, mkdir, readFile, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { UsageError } from '../ports/errors.js';
import type { ScaffoldFile } from './templates.js';

/** New files and changed ones of a folder, written all or none. */
export interface FileSet {
  readonly created: readonly ScaffoldFile[];
  readonly changed: readonly ScaffoldFile[];
}

/** Beside a changed file until it takes its place. */
const DRAFT = '.scaffold';

/** Throws `UsageError` (`NAME_TAKEN`, `OUTPUT_UNWRITABLE`) where writing these files could not be done or would lose one. */
export async function refuseUnwritable(folder: string, { created, changed }: FileSet): Promise<void> {
  const existing: string[] = [];
  for (const { path } of created) if (await exists(join(folder, path))) existing.push(path);
  if (existing.length > 0) {
    throw new UsageError(
      'NAME_TAKEN',
      `There is already ${existing.join(', ')}.`,
      'Nothing was written. Choose another name, or remove what is there.',
    );
  }
  const places = [...created.map(({ path }) => dirname(path)), ...changed.map(({ path }) => path)];
  for (const place of new Set(places)) await refuseReadOnly(await nearest(folder, place));
}

/** Writes the files. Where one can't be written, all that was written is taken back before it throws. */
export async function write(folder: string, { created, changed }: FileSet): Promise<void> {
  const undo: (() => Promise<void>)[] = [];
  const modes = await ordinaryModes(folder);
  try {
    for (const file of created) await create(folder, file, modes, undo);
    for (const { path, text } of changed) await replace(join(folder, path), text, undo);
  } catch (error) {
    for (const step of undo.reverse()) await step();
    throw error;
  }
}

type Undo = (() => Promise<void>)[];

interface Modes {
  readonly file: number;
  readonly folder: number;
}

async function create(folder: string, file: ScaffoldFile, modes: Modes, undo: Undo): Promise<void> {
  const path = join(folder, file.path);
  await makeFolder(dirname(path), modes, undo);
  await writeFile(path, file.text, { flag: 'wx' });
  undo.push(() => rm(path));
  await chmod(path, modes.file);
}

async function makeFolder(path: string, modes: Modes, undo: Undo): Promise<void> {
  if (await exists(path)) return;
  await makeFolder(dirname(path), modes, undo);
  await mkdir(path);
  undo.push(() => rmdir(path));
  await chmod(path, modes.folder);
}

async function replace(path: string, text: string, undo: Undo): Promise<void> {
  const before = await readFile(path, 'utf8');
  await swap(path, text);
  undo.push(() => swap(path, before));
}

async function swap(path: string, text: string): Promise<void> {
  const draft = `${path}${DRAFT}`;
  const { mode } = await stat(path);
  try {
    await writeFile(draft, text);
    await chmod(draft, mode);
    await rename(draft, path);
  } finally {
    await rm(draft, { force: true });
  }
}

/** Those of the checkout: the process itself makes files that only their owner reads, and these hold no data. */
async function ordinaryModes(folder: string): Promise<Modes> {
  const [file, place] = await Promise.all([stat(join(folder, 'package.json')), stat(join(folder, 'src'))]);
  return { file: file.mode & 0o666, folder: place.mode & 0o777 };
}

/** The path itself, or the nearest folder above it that there is. */
async function nearest(folder: string, path: string): Promise<string> {
  const whole = join(folder, path);
  return (await exists(whole)) ? whole : nearest(folder, dirname(path));
}

async function refuseReadOnly(path: string): Promise<void> {
  try {
    await access(path, constants.W_OK);
  } catch {
    throw new UsageError(
      'OUTPUT_UNWRITABLE',
      `${path} can't be written.`,
      'Nothing was written. Use a checkout that is yours to change.',
    );
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch {
    return false;
  }
}
