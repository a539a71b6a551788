import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UsageError } from '../../runner/ports/errors.js';

/** Names that people know from elsewhere → the environment that is meant. */
const ALIASES: ReadonlyMap<string, string> = new Map([['test', 'dev']]);

/** The order in which a change travels; other environments follow by name. */
const USUAL_ORDER = ['local', 'dev', 'staging', 'production'];

const FILE = /^([a-z0-9][a-z0-9-]*)\.json$/;

/**
 * Where environment files are looked for: the folder that the variable `WAYBILL_ENVIRONMENTS` names (relative to
 * the working directory), else `environments` of this package, which is the same from `src` and from `dist`.
 */
export function environmentsFolder(): string {
  const asked = process.env['WAYBILL_ENVIRONMENTS'];
  if (asked !== undefined && asked !== '') return resolve(asked);
  return fileURLToPath(new URL('../../../environments', import.meta.url));
}

/**
 * The environments that have a file: local, dev, staging, production, then others by name.
 * Throws `UsageError` (`ENVIRONMENTS_MISSING`) where the folder can't be read.
 */
export function environmentNames(folder: string = environmentsFolder()): string[] {
  let files: string[];
  try {
    files = readdirSync(folder);
  } catch (error) {
    throw new UsageError(
      'ENVIRONMENTS_MISSING',
      `The folder of environment files can't be read: ${folder}`,
      'Set WAYBILL_ENVIRONMENTS to the folder with the <name>.json files, or unset it to use those that come with the package.',
      { cause: error },
    );
  }
  const names = files.flatMap((file) => FILE.exec(file)?.[1] ?? []);
  const rank = (name: string): number =>
    (USUAL_ORDER.indexOf(name) + USUAL_ORDER.length + 1) % (USUAL_ORDER.length + 1);
  return names.sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}

interface EnvironmentFile {
  /** the environment that `name` stands for */
  readonly name: string;
  readonly path: string;
  readonly content: unknown;
}

/** Aliases that mean an environment of this folder → its name; a file of the alias's own name outranks it. */
export function environmentAliases(folder: string = environmentsFolder()): Readonly<Record<string, string>> {
  const names = environmentNames(folder);
  return Object.fromEntries(
    [...ALIASES].filter(([alias, meant]) => !names.includes(alias) && names.includes(meant)),
  );
}

/** Reads the file of an environment or of an alias of one, as it is. Throws `UsageError`. */
export function readEnvironmentFile(name: string, folder: string): EnvironmentFile {
  const names = environmentNames(folder);
  const meant = names.includes(name) ? name : ALIASES.get(name);
  if (meant === undefined || !names.includes(meant)) {
    throw new UsageError(
      'ENVIRONMENT_UNKNOWN',
      `Unknown environment ${JSON.stringify(name)}; there are ${names.join(', ')}.`,
      `Pass one of them with --env, or add ${join(folder, '<name>.json')}.`,
    );
  }
  const path = join(folder, `${meant}.json`);
  try {
    return { name: meant, path, content: JSON.parse(readFileSync(path, 'utf8')) as unknown };
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unknown';
    throw new UsageError(
      'ENVIRONMENT_INVALID',
      `${path} can't be read as JSON: ${reason}`,
      'Correct the file.',
      { cause: error },
    );
  }
}
