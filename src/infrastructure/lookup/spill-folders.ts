import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isRunning, processIdentity } from '../process/process-identity.js';

const OWNED = /^lookup-([0-9]+-[0-9a-z-]*?)_/;

/** How the folder names of this process begin: `lookup-<process identity>_<name>_`; the rest is random. */
export function ownedPrefix(name: string): string {
  const readable = name.replace(/[^A-Za-z0-9-]/g, '-').slice(0, 40);
  return `lookup-${ownIdentity()}_${readable}_`;
}

function ownIdentity(): string {
  return processIdentity() ?? `${process.pid}-unknown`;
}

/**
 * Removes the folders of processes that run no more (they were killed before `close`). Anything else in `root`
 * is left alone, and so is what can't be removed: it is tried again the next time.
 */
export function removeAbandoned(root: string): void {
  for (const entry of foldersOf(root)) {
    const owner = OWNED.exec(entry)?.[1];
    if (owner === undefined || owner === ownIdentity() || isRunning(owner)) continue;
    try {
      rmSync(join(root, entry), { recursive: true, force: true });
    } catch {
      continue;
    }
  }
}

function foldersOf(root: string): string[] {
  try {
    return readdirSync(root);
  } catch {
    return [];
  }
}
