import type { Writable } from 'node:stream';
import type { Application, Catalog } from '../application.js';
import type { ExitCode } from '../ports/errors.js';
import type { Progress } from '../ports/progress.js';
import type { CommandOptions } from './command-options.js';
import type { CommandResult, ErrorDocument, JsonDocument } from './command-result.js';
import type { Composition } from './composition.js';
import type { Display, Invocation } from './program.js';
import { failureDocument } from './failure-document.js';
import { failureOf, failureText } from './failure.js';
import { untilAborted } from './interruption.js';
import { Output } from './output.js';
import { parseArguments } from './program.js';
import { createProgress } from './progress/create-progress.js';
import { spooled } from './spool.js';

interface CommandLineDependencies {
  /** loads the composition root; called at most once, and not for help or version */
  readonly composition: () => Promise<Composition>;
  readonly stdout: Writable;
  readonly stderr: Writable;
  /** whether a person watches stderr */
  readonly terminal: boolean;
  readonly version: string;
  /** aborted when the person asks to stop */
  readonly signal: AbortSignal;
  /** monotonic, in ms */
  readonly now: () => number;
  /** wall clock */
  readonly clock: () => Date;
  /** who types, as `user@host` */
  readonly operator: () => string;
}

interface Understood {
  readonly invocation: Invocation;
  readonly catalog: Catalog;
  readonly composition: Composition;
}

/**
 * One command from words to exit code, and the only place that prints: results to stdout, everything else to
 * stderr. Under `--json` stdout gets exactly one document, whatever happens.
 */
export class CommandLine {
  readonly #stdout: Output;
  readonly #stderr: Output;
  readonly #json: boolean;
  readonly #debug: boolean;
  #documentBegun = false;
  #application: Application | undefined;
  #progress: Progress | undefined;

  constructor(
    private readonly argv: readonly string[],
    private readonly dependencies: CommandLineDependencies,
  ) {
    this.#stdout = new Output(dependencies.stdout);
    this.#stderr = new Output(dependencies.stderr);
    // The words are looked at before they are parsed, because a refusal of the parser is a document too.
    this.#json = argv.includes('--json');
    this.#debug = /(^|\0)--log-level[=\0]debug(\0|$)/.test(argv.join('\0'));
  }

  /** Never rejects: every end is printed and has its exit code. */
  async run(): Promise<ExitCode> {
    try {
      const result = await this.#result();
      this.#progress?.finished();
      await this.#print(result);
      return result.exit;
    } catch (error) {
      return await this.fail(error);
    } finally {
      await this.#close();
    }
  }

  /** Ends with an error: also what index.ts calls for errors that nobody caught. */
  async fail(thrown: unknown): Promise<ExitCode> {
    const { exit, error, stack } = failureOf(thrown, this.dependencies.signal);
    await quietly(async () => {
      this.#progress?.finished();
      await this.#printError(error, this.#debug ? stack : undefined);
    });
    if (this.#json) {
      await quietly(() => this.#printDocument({ value: failureDocument(this.argv, exit, error) }));
    }
    return exit;
  }

  async #result(): Promise<CommandResult> {
    const parsed = await this.#parse();
    if ('text' in parsed) {
      return { exit: 0, document: { value: { [parsed.kind]: parsed.text.trimEnd() } }, text: parsed.text };
    }
    const { invocation, catalog, composition } = parsed;
    const { definition, options, operand } = invocation;
    const { signal, operator, clock } = this.dependencies;
    const open = (env: string): Promise<Application> => this.#open(env, options, composition);
    const heading = this.#json ? undefined : definition.heading?.(options, catalog);
    if (heading !== undefined) await this.#stdout.write(heading);
    return definition.execute({ options, operand, catalog, signal, operator, clock, open });
  }

  /** Help of the program and its version answer at once; all else needs to know what there is. */
  async #parse(): Promise<Display | Understood> {
    const { argv, dependencies } = this;
    if (isQuickQuestion(argv)) {
      const display = await parseArguments(argv, dependencies.version, undefined);
      if ('text' in display) return display;
    }
    try {
      const composition = await dependencies.composition();
      const catalog = await untilAborted(composition.loadCatalog(), dependencies.signal);
      const parsed = await parseArguments(argv, dependencies.version, catalog);
      return 'text' in parsed ? parsed : { invocation: parsed, catalog, composition };
    } catch (error) {
      if (!asksForHelp(argv)) throw error;
      // Help must not need a sound configuration: it then leaves out what only the catalog knows.
      const display = await parseArguments(argv, dependencies.version, undefined);
      if ('text' in display) return display;
      throw error;
    }
  }

  async #open(env: string, options: CommandOptions, composition: Composition): Promise<Application> {
    const { stderr, now, signal } = this.dependencies;
    const terminal = this.dependencies.terminal && !this.#json;
    const progress = await createProgress({ stream: stderr, terminal, now });
    this.#progress = progress;
    const opening = composition.openApplication({
      env,
      progress,
      logLevel: options.logLevel ?? 'info',
      terminal,
    });
    // Kept even where the person stops waiting for it, so that what was opened late is closed too.
    void opening.then(
      async (application) => {
        this.#application = application;
        if (signal.aborted) await this.#close();
      },
      () => undefined,
    );
    return untilAborted(opening, signal);
  }

  async #print(result: CommandResult): Promise<void> {
    const { error } = result;
    // a stderr that can't be written (a terminal that hung up) takes nothing away from the result
    if (error !== undefined) await quietly(() => this.#printError(error, undefined));
    if (this.#json) await this.#printDocument(result.document);
    else if (typeof result.text === 'string') await this.#stdout.write(result.text);
    else await this.#stdout.pipe(result.text);
  }

  async #printDocument(document: JsonDocument): Promise<void> {
    const text = 'value' in document ? asText(document.value) : spooled(document.chunks);
    await this.#stdout.pipe(this.#onlyOne(text));
  }

  /** Lets only one document through: two ends may come at the same time, one of them uncaught. */
  async *#onlyOne(pieces: AsyncIterable<string>): AsyncGenerator<string> {
    let ours = false;
    for await (const piece of pieces) {
      if (this.#documentBegun && !ours) return;
      ours = true;
      this.#documentBegun = true;
      yield piece;
    }
  }

  async #printError(error: ErrorDocument, stack: string | undefined): Promise<void> {
    await this.#stderr.write(failureText(error, stack));
  }

  /** The result stands by now; trouble in closing is told and changes nothing about it. */
  async #close(): Promise<void> {
    const application = this.#application;
    this.#application = undefined;
    try {
      await application?.close();
    } catch (thrown) {
      const { error, stack } = failureOf(thrown, this.dependencies.signal);
      const text = failureText(error, this.#debug ? stack : undefined);
      await quietly(() => this.#stderr.write(`While closing: ${text}`));
    }
  }
}

/** For telling of a failure: where that fails too, nobody is left to be told, and the exit code still says it. */
async function quietly(tell: () => Promise<void>): Promise<void> {
  try {
    await tell();
  } catch {
    return;
  }
}

function asksForHelp(argv: readonly string[]): boolean {
  return argv.some((word) => ['-h', '--help', 'help'].includes(word));
}

function isQuickQuestion(argv: readonly string[]): boolean {
  const [first = ''] = argv;
  return ['-h', '--help', '-V', '--version'].includes(first) || (first === 'help' && argv.length === 1);
}

async function* asText(value: unknown): AsyncGenerator<string> {
  yield `${JSON.stringify(await Promise.resolve(value), undefined, 2)}\n`;
}
