import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Environment } from '../../runner/ports/environment.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** What of an environment decides what a plan makes of a record. */
type Decisive = Pick<Environment, 'attributes'> & {
  /** what of the plan's options counts; undefined: none are set */
  readonly options?: string;
};

/**
 * SHA-256 over all that decides what a plan makes of a record: the compiled modules of the domain, of the contracts,
 * of the plan and of its mappers, the attribute aliases and the plan's options. Suffix, limits and endpoints do not count. Demo data
 * neither. Nobody bumps it by hand.
 */
export function planVersion(plan: string, environment: Decisive, root: string = ROOT): string {
  const hash = createHash('sha256');
  for (const { name, content } of versionedFiles(plan, root)) {
    hash.update(`${name}\0${content.length}\0`).update(content);
  }
  hash.update(mappingText(environment));
  if (environment.options !== undefined) hash.update(`\0${environment.options}`);
  return hash.digest('hex');
}

/** Enough to tell two contents of a file apart; the version is what decides. */
const DIGEST_CHARACTERS = 16;

/**
 * What the version covers, piece by piece: file name → the first 16 hex digits of its SHA-256, and the attribute aliases as
 * `environments/<name>.json#attributes`, and where options are set, those as `environments/<name>.json#plans/<plan>`. Two versions differ exactly where one of these does.
 */
export function planFileDigests(
  plan: string,
  environment: Pick<Environment, 'name'> & Decisive,
  root: string = ROOT,
): Record<string, string> {
  const digest = (content: Buffer | string): string =>
    createHash('sha256').update(content).digest('hex').slice(0, DIGEST_CHARACTERS);
  return Object.fromEntries([
    ...versionedFiles(plan, root).map(({ name, content }) => [name, digest(content)] as const),
    [`environments/${environment.name}.json#attributes`, digest(mappingText(environment))],
    ...(environment.options === undefined
      ? []
      : [[`environments/${environment.name}.json#plans/${plan}`, digest(environment.options)] as const]),
  ]);
}

/** Names relative to the root, with slashes wherever we are. */
function versionedFiles(plan: string, root: string): { readonly name: string; readonly content: Buffer }[] {
  return planFiles(plan, root).map((file) => ({
    name: relative(root, file).split(sep).join('/'),
    content: readFileSync(file),
  }));
}

function mappingText({ attributes }: Pick<Environment, 'attributes'>): string {
  return JSON.stringify(sorted(attributes));
}

/** The files that the version covers, in a fixed order. */
export function planFiles(plan: string, root: string = ROOT): string[] {
  const folders = [
    'domain',
    'migrations/contract',
    `migrations/${plan}`,
    'infrastructure/persistence/mapping',
    `infrastructure/persistence/${plan}`,
  ];
  return folders.flatMap((folder) => modulesIn(join(root, folder))).sort();
}

/** What a plan says to people: it decides on no record, so a word that is changed asks for no new rehearsal. */
const TOLD_ONLY = /\.(checklists|mapping|summary)\.(js|ts)$/;

function modulesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'demo' ? [] : modulesIn(path);
    const isModule = /\.(js|ts)$/.test(entry.name) && !entry.name.endsWith('.d.ts');
    return isModule && !TOLD_ONLY.test(entry.name) ? [path] : [];
  });
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return entries.map(([key, inner]) => [key, sorted(inner)]);
}
