import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { REPOSITORY } from '../processes/repository.js';

/** A module of the built runner, e.g. `domain/storage/canonical-digest`. */
export async function built<T>(path: string): Promise<T> {
  return (await import(pathToFileURL(join(REPOSITORY, 'dist', `${path}.js`)).href)) as T;
}
