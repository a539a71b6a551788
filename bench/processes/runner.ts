import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { TimedLine } from '../measuring/phases.js';
import { ProcessWatch, type ProcessSample } from '../measuring/process-figures.js';
import { CREDENTIALS } from '../workload/client.js';
import type { Closing } from './closing.js';
import { REPOSITORY } from './repository.js';

/** How a command of the built runner went. */
export interface Ran {
  readonly exit: number | null;
  /** from start to end of the process */
  readonly seconds: number;
  /** from the start to the first line on standard output that is not blank, ms */
  readonly firstLine: number | undefined;
  readonly stdout: string;
  readonly stderr: readonly TimedLine[];
  readonly samples: readonly ProcessSample[];
  /** highest resident memory, MB */
  readonly peak: number;
}

export interface RunnerPlace {
  /** where its state folders are made */
  readonly folder: string;
  readonly environments: string;
  readonly endpoint: string;
  /** ms between two looks at processor time and memory */
  readonly watchEvery?: number;
  /** SIGINT after this many seconds, as an operator would do it */
  readonly stopAfter?: number;
}

/** Runs `node runner <words>` as an operator does, in an empty folder of its own. */
export async function runRunner(
  words: readonly string[],
  place: RunnerPlace,
  closing: Closing,
): Promise<Ran> {
  const cwd = mkdtempSync(join(place.folder, 'run-'));
  const { PATH = '', TMPDIR } = process.env;
  const started = performance.now();
  const child = spawn(process.execPath, [join(REPOSITORY, 'runner.js'), ...words], {
    cwd,
    // HOME is the folder, so that nobody's AWS configuration is found
    env: {
      ...{ PATH, HOME: cwd, ...CREDENTIALS, ...(TMPDIR === undefined ? {} : { TMPDIR }) },
      WAYBILL_ENVIRONMENTS: place.environments,
      AWS_ENDPOINT_URL_DYNAMODB: place.endpoint,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  closing.add(() => ended(child));
  const watch = new ProcessWatch(child.pid ?? 0, place.watchEvery);
  const stop =
    place.stopAfter === undefined
      ? undefined
      : setTimeout(() => child.kill('SIGINT'), place.stopAfter * 1000);
  const stderr: TimedLine[] = [];
  let stdout = '';
  let firstLine: number | undefined;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    if (firstLine === undefined && /\S.*\n/.test(stdout)) firstLine = performance.now() - started;
  });
  createInterface({ input: child.stderr }).on('line', (text) => stderr.push({ at: Date.now(), text }));
  const exit = await new Promise<number | null>((done, fail) => {
    child.once('error', fail);
    child.once('close', done);
  });
  const seconds = (performance.now() - started) / 1000;
  clearTimeout(stop);
  watch.stop();
  rmSync(cwd, { recursive: true, force: true });
  return { exit, seconds, firstLine, stdout, stderr, samples: watch.samples, peak: watch.peak };
}

/** Throws Error with what the command said where it did not end well. */
export function demandSuccess({ exit, stdout, stderr }: Ran, words: readonly string[]): void {
  if (exit === 0) return;
  const tail = stderr.slice(-5).map(({ text }) => text);
  throw new Error(
    `node runner ${words.join(' ')}: exit ${String(exit)}\n${[stdout.slice(-500), ...tail].join('\n')}`,
  );
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  const gone = new Promise<void>((done) => child.once('exit', () => done()));
  child.kill('SIGKILL');
  return gone;
}
