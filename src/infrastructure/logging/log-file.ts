import { appendFileSync, closeSync, fsyncSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { Writable } from 'node:stream';
import { types } from 'node:util';

/**
 * A log file, appended to, with its folder made if need be; both are for their owner only. Every line is handed to the system before `write`
 * returns, so that a run that is killed has all its lines; `end` waits until the disk has them.
 * Throws what the file system throws when it can't be opened; fails later with `error`.
 */
export function openLogFile(path: string): Writable {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const file = openSync(path, 'a', 0o600);
  return new Writable({
    decodeStrings: false,
    write: (line: string, _encoding, done) => done(attempt(() => appendFileSync(file, line))),
    final: (done) => done(attempt(() => fsyncSync(file))),
    destroy: (error, done) => done(attempt(() => closeSync(file)) ?? error),
  });
}

function attempt(action: () => void): Error | null {
  try {
    action();
    return null;
  } catch (error) {
    return types.isNativeError(error) ? error : new Error(String(error));
  }
}
