import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { RefusedError } from '../../runner/ports/errors.js';

/** The optional dependency with the server; npm leaves it out where it does not run. */
const PACKAGE = '@dynoxide/linux-x64';

/** Path of the server's binary. Throws `RefusedError` (`EMBEDDED_UNAVAILABLE`) where there is none. */
export function embeddedBinary(name: string = PACKAGE): string {
  try {
    const binary = join(dirname(createRequire(import.meta.url).resolve(`${name}/package.json`)), 'dynoxide');
    if (existsSync(binary)) return binary;
  } catch {
    // not installed; said below
  }
  throw new RefusedError(
    'EMBEDDED_UNAVAILABLE',
    `The embedded DynamoDB (npm package ${name}) is not installed; it exists for Linux on x64 only.`,
    'Point AWS_ENDPOINT_URL_DYNAMODB at any DynamoDB-compatible server, for example http://127.0.0.1:8000.',
  );
}
