import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder that holds runner.js: two above this file, built (.bench/processes) and as source. */
export const REPOSITORY = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
