import { createRequire } from 'node:module';
import type Winston from 'winston';

const load = createRequire(import.meta.url);

/**
 * Winston, loaded with the first event that is written: many commands log nothing, and loading it takes a good part of
 * their time. Without a promise, so that no event waits in memory where a process that is killed would lose it.
 */
export function winston(): typeof Winston {
  return load('winston') as typeof Winston;
}
