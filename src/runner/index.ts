import { setMaxListeners } from 'node:events';
import { readFileSync } from 'node:fs';
import { abortedError, watchSignals } from './cli/interruption.js';
import { CommandLine } from './cli/command-line.js';
import { operator } from './cli/operator.js';

/** The process around the command line: streams, signals, errors that nobody caught, the exit code. */

// Whatever this process makes, look-ups and files of libraries included, is for its owner only: it may hold personal data.
process.umask(0o077);

const stop = new AbortController();
// Every request under way listens to it, and Node warns from the eleventh listener on.
setMaxListeners(0, stop.signal);

const commandLine = new CommandLine(process.argv.slice(2), {
  composition: () => import('./composition/index.js'),
  stdout: process.stdout,
  stderr: process.stderr,
  terminal: process.stderr.isTTY && process.env['TERM'] !== 'dumb',
  version: packageVersion(),
  signal: stop.signal,
  now: () => performance.now(),
  clock: () => new Date(),
  operator: () => operator(),
});

const endWatch = watchSignals(
  process,
  () => {
    process.stderr.write('\nStopping at the next safe place. Once more (Ctrl-C) ends at once.\n');
    stop.abort();
  },
  () => void endNow(abortedError()),
);
process.on('uncaughtException', (error) => void endNow(error));
process.on('unhandledRejection', (error) => void endNow(error));

// Nothing left to wait for and still no result: a promise that nobody will ever settle.
const endEarly = (): void => void endNow(new Error('the event loop is empty before the end'));
process.once('beforeExit', endEarly);

process.exitCode = await commandLine.run();
process.off('beforeExit', endEarly);
endWatch();

/** Work may still be under way, so the process does not wait for it. */
async function endNow(error: unknown): Promise<never> {
  process.exit(await commandLine.fail(error));
}

function packageVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { readonly version: string }).version;
}
