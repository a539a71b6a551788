import { join } from 'node:path';
import { FIGURES } from './figures/all.js';
import type { Bench } from './figures/figure.js';
import type { FigureName } from './figures/names.js';
import { machine, serverName, versions } from './machine.js';
import { readOptions, USAGE, type BenchOptions } from './options.js';
import { Closing } from './processes/closing.js';
import { embeddedName, type Server } from './processes/embedded-server.js';
import { REPOSITORY } from './processes/repository.js';
import { Results } from './report/keeping.js';
import type { FigureResult } from './report/result.js';
import { Stage } from './workload/stage.js';

const README = join(REPOSITORY, 'bench', 'README.md');
const EXIT = { failed: 1, usage: 2, interrupted: 130 };
const LOCAL = ['127.0.0.1', 'localhost', '[::1]'];

const words = process.argv.slice(2);
if (words.includes('--help')) process.stdout.write(USAGE);
else process.exitCode = await bench(words);

async function bench(given: readonly string[]): Promise<number> {
  let options: BenchOptions;
  try {
    options = readOptions(given);
    refuseRemote(options);
  } catch (error) {
    process.stderr.write(`${messageOf(error)}\n\n${USAGE}`);
    return EXIT.usage;
  }
  const closing = new Closing();
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      interrupted.abort();
      void closing.close().finally(() => process.exit(EXIT.interrupted));
    });
  }
  try {
    await measure(options, closing);
    return 0;
  } catch (error) {
    // what was ended fails, and that is no news
    process.stderr.write(interrupted.signal.aborted ? 'interrupted\n' : `${messageOf(error)}\n`);
    return interrupted.signal.aborted ? EXIT.interrupted : EXIT.failed;
  } finally {
    await closing.close();
  }
}

async function measure(options: BenchOptions, closing: Closing): Promise<void> {
  const { endpoint } = options;
  const running: Server | undefined =
    endpoint === undefined ? undefined : { endpoint, name: options.server ?? (await serverName(endpoint)) };
  const server = running?.name ?? embeddedName();
  const quickly = join(REPOSITORY, '.bench', 'quick');
  const folder = options.out ?? (options.quick ? quickly : join(REPOSITORY, 'bench', 'results'));
  const results = new Results(folder);
  const say = (text: string): void => void process.stderr.write(`  ${text}\n`);
  let opened: Promise<Stage> | undefined;
  const stage = (): Promise<Stage> => {
    const { records, latency } = options;
    return (opened ??= Stage.open({ records, latency, running }, closing));
  };
  const date = new Date().toISOString().slice(0, 10);
  const keep: Bench['keep'] = (name, content) => results.keep(`${date}-${server}-${name}`, content);
  for (const figure of options.figures) {
    process.stderr.write(`${figure}\n`);
    const { lines, files = [], skipped } = await FIGURES[figure]({ options, stage, closing, say, keep });
    if (skipped !== undefined) say(`skipped: ${skipped}`);
    const about = { ...aboutOf(figure, options), machine: machine(), versions: versions(server) };
    const result: FigureResult = { ...about, lines, files, ...(skipped === undefined ? {} : { skipped }) };
    // after each figure, so that a long bench that is stopped keeps what it has
    const path = results.add(server, [result]);
    say(`written to ${path}`);
  }
  if (opened !== undefined) await (await opened).demandUnchangedSource();
  const isPublished = options.out === undefined && !options.quick;
  if (isPublished) results.insertInto(README, 'results');
  process.stdout.write(`${results.markdown('.')}\n`);
}

function aboutOf(figure: FigureName, { records, latency, memoryRecords }: BenchOptions) {
  const [, large] = memoryRecords;
  return {
    figure,
    latency,
    records: figure === 'memory' ? large : records,
    measuredAt: new Date().toISOString(),
  };
}

/** The bench drops tables: it never does so on a server that may be somebody else's. */
function refuseRemote({ endpoint }: BenchOptions): void {
  if (endpoint !== undefined && !LOCAL.includes(new URL(endpoint).hostname))
    throw new Error('--endpoint must be on this machine: the bench drops and makes tables there');
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
