import { join } from 'node:path';
import type { ScaffoldFile } from './templates.js';

/**
 * The files as the project's formatter writes them: how lines break depends on the names. As they are where it is not
 * installed; they work all the same.
 */
export async function formatted(
  checkout: string,
  files: readonly ScaffoldFile[],
): Promise<readonly ScaffoldFile[]> {
  const prettier = await loaded();
  if (prettier === undefined) return files;
  return Promise.all(
    files.map(async ({ path, text }) => {
      const filepath = join(checkout, path);
      const options = await prettier.resolveConfig(filepath);
      return { path, text: await prettier.format(text, { ...options, filepath }) };
    }),
  );
}

async function loaded(): Promise<typeof import('prettier') | undefined> {
  try {
    return await import('prettier');
  } catch {
    return undefined;
  }
}
