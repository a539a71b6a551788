import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { createLogger, transports } from 'winston';
import type { Logform, Logger, transport } from 'winston';
import type { LogLevel, RunLog } from '../../runner/ports/run-log.js';
import { openLogFile } from './log-file.js';
import { jsonLines, readableLines } from './log-lines.js';
import type { LoggedEvent } from './log-lines.js';

interface RunLogOptions {
  /** the least severe level that reaches `stream`; the file has all of them */
  readonly level: LogLevel;
  /** whether a person reads `stream`: one-liners then, else JSON lines */
  readonly terminal: boolean;
  /** standard error; never ended. A stream that fails (a closed pipe) ends the logging to it, not the command. */
  readonly stream: NodeJS.WritableStream;
  /** see {@link ClosableRunLog.toFile}; omitted: no file until that is called */
  readonly file?: string;
}

export interface ClosableRunLog extends RunLog {
  /** From now on, events also go to this file, as JSON lines of level debug; an earlier file is left as it is. */
  toFile(path: string): void;
  /** Resolves when every line is written, the file's on disk. Later events are dropped. */
  close(): Promise<void>;
}

const LEVELS = { error: 0, warn: 1, info: 2, debug: 3 } satisfies Record<LogLevel, number>;

/** Structured events to standard error and to the run's file; nothing on standard output. */
export function createRunLog(options: RunLogOptions): ClosableRunLog {
  const log = new WinstonRunLog(options);
  if (options.file !== undefined) log.toFile(options.file);
  return log;
}

class WinstonRunLog implements ClosableRunLog {
  private readonly logger: Logger;
  private readonly stream: NodeJS.WritableStream;
  private readonly files: Writable[] = [];
  private fileTransport: transport | undefined;
  private closing: Promise<void> | undefined;
  private readonly console: transport;

  constructor({ level, terminal, stream }: RunLogOptions) {
    this.stream = stream;
    this.console = lineTransport(stream, level, terminal ? readableLines() : jsonLines({ stacks: false }));
    this.logger = createLogger({ levels: LEVELS, level: 'debug', transports: [this.console] });
    stream.on('error', this.streamFailed);
  }

  event(level: LogLevel, event: string, fields?: Readonly<Record<string, unknown>>): void {
    if (this.closing !== undefined) return;
    const logged: LoggedEvent = { level, message: event, at: new Date().toISOString(), fields };
    this.logger.log(logged);
  }

  toFile(path: string): void {
    if (this.closing !== undefined) return;
    const file = openLogFile(path);
    const lines = lineTransport(file, 'debug', jsonLines({ stacks: true }));
    file.once('error', (error) => {
      this.logger.remove(lines);
      this.event('error', 'log.file-failed', { file: path, error });
    });
    if (this.fileTransport !== undefined) this.logger.remove(this.fileTransport);
    this.logger.add(lines);
    this.fileTransport = lines;
    this.files.push(file);
  }

  close(): Promise<void> {
    this.closing ??= this.finish();
    return this.closing;
  }

  private async finish(): Promise<void> {
    const delivered = new Promise<void>((resolve) => this.logger.once('finish', resolve));
    this.logger.end();
    await delivered;
    // a file that failed has been reported and has nothing left to wait for
    await Promise.allSettled(this.files.map((file) => finished(file.end())));
    await new Promise<void>((resolve) => this.stream.write('', () => resolve()));
    this.stream.off('error', this.streamFailed);
  }

  private readonly streamFailed = (): void => {
    this.console.silent = true;
  };
}

function lineTransport(stream: NodeJS.WritableStream, level: LogLevel, format: Logform.Format): transport {
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- winston's types make its transports interfaces
  return new transports.Stream({ stream, level, format, eol: '\n' });
}
