import type { FileHandle } from 'node:fs/promises';
import { open, rm, writeFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { compareKeys } from './entry-key.js';
import { linesOf } from './line-file.js';
import { mergeSorted } from './merge-sorted.js';
import { OWNER_FILE } from './owner-only-files.js';

const BLOCK = 1_000_000;

export interface KeyedLine {
  readonly key: string;
  readonly text: string;
}

interface SortOptions {
  /** folder for scratch files; they are unlinked as soon as they are open, so that none outlives the process */
  readonly folder: string;
  /** characters to hold in memory before going on in a scratch file */
  readonly ceiling: number;
}

/**
 * The lines in order of their keys; of several with one key, the last. Beyond the ceiling it sorts pieces into
 * scratch files and merges them: one open file for each `ceiling` characters, so that a process that may open
 * 1,024 files can sort about a thousand times the ceiling.
 */
export async function* sortedLines(
  lines: AsyncIterable<KeyedLine>,
  options: SortOptions,
): AsyncIterable<KeyedLine> {
  const scratch: FileHandle[] = [];
  try {
    let held = new Map<string, string>();
    let size = 0;
    for await (const { key, text } of lines) {
      held.set(key, text);
      size += key.length + text.length;
      if (size < options.ceiling) continue;
      scratch.push(await spill(held, options.folder));
      [held, size] = [new Map<string, string>(), 0];
    }
    if (scratch.length === 0) yield* sorted(held);
    else yield* lastOfEachKey(mergeSorted([...scratch.map(readBack), asStream(held)], byKey));
  } finally {
    await Promise.all(scratch.map((file) => file.close()));
  }
}

function byKey(a: KeyedLine, b: KeyedLine): number {
  return compareKeys(a.key, b.key);
}

function* sorted(held: ReadonlyMap<string, string>): Generator<KeyedLine> {
  for (const [key, text] of [...held].sort(([a], [b]) => compareKeys(a, b))) yield { key, text };
}

async function* asStream(held: ReadonlyMap<string, string>): AsyncIterable<KeyedLine> {
  await Promise.resolve();
  yield* sorted(held);
}

/** The streams are merged oldest first, so of equal keys the last is the newest. */
async function* lastOfEachKey(lines: AsyncIterable<KeyedLine>): AsyncIterable<KeyedLine> {
  let previous: KeyedLine | undefined;
  for await (const line of lines) {
    if (previous !== undefined && previous.key !== line.key) yield previous;
    previous = line;
  }
  if (previous !== undefined) yield previous;
}

async function spill(held: ReadonlyMap<string, string>, folder: string): Promise<FileHandle> {
  const path = join(folder, `.sort-${randomBytes(6).toString('hex')}`);
  const file = await open(path, 'wx+', OWNER_FILE);
  await rm(path);
  try {
    await writeFile(file, blocks(held));
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** Key and text on a line each, many lines at a time. */
function* blocks(held: ReadonlyMap<string, string>): Generator<string> {
  let block = '';
  for (const { key, text } of sorted(held)) {
    block += `${JSON.stringify(key)}\n${text}\n`;
    if (block.length < BLOCK) continue;
    yield block;
    block = '';
  }
  yield block;
}

async function* readBack(file: FileHandle): AsyncIterable<KeyedLine> {
  let key: string | undefined;
  for await (const { text } of linesOf(file)) {
    if (key === undefined) {
      key = JSON.parse(text) as string;
    } else {
      yield { key, text };
      key = undefined;
    }
  }
}
