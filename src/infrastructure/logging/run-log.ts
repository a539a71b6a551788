import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { Logform, Logger, transport } from 'winston';
import type { LogLevel, RunLog } from '../../runner/ports/run-log.js';
import { openLogFile } from './log-file.js';
import { jsonLines, readableLines } from './log-lines.js';
import type { LoggedEvent } from './log-lines.js';
import { winston } from './winston.js';

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

/** Winston's part of a log; made when there is something to write. */
interface Made {
  readonly logger: Logger;
  readonly console: transport;
}

class WinstonRunLog implements ClosableRunLog {
  private readonly files: Writable[] = [];
  private made: Made | undefined;
  private fileTransport: transport | undefined;
  private closing: Promise<void> | undefined;
  private hasStreamFailed = false;

  constructor(private readonly options: RunLogOptions) {
    options.stream.on('error', this.streamFailed);
  }

  event(level: LogLevel, event: string, fields?: Readonly<Record<string, unknown>>): void {
    if (this.closing !== undefined || !this.isWritten(level)) return;
    const logged: LoggedEvent = { level, message: event, at: new Date().toISOString(), fields };
    this.make().logger.log(logged);
  }

  toFile(path: string): void {
    if (this.closing !== undefined) return;
    const file = openLogFile(path);
    const { logger } = this.make();
    const lines = lineTransport(file, 'debug', jsonLines({ stacks: true }));
    file.once('error', (error) => {
      logger.remove(lines);
      this.event('error', 'log.file-failed', { file: path, error });
    });
    if (this.fileTransport !== undefined) logger.remove(this.fileTransport);
    logger.add(lines);
    this.fileTransport = lines;
    this.files.push(file);
  }

  close(): Promise<void> {
    this.closing ??= this.finish();
    return this.closing;
  }

  /** Whether an event has anywhere to go; a file takes them all. */
  private isWritten(level: LogLevel): boolean {
    return this.made !== undefined || LEVELS[level] <= LEVELS[this.options.level];
  }

  private make(): Made {
    if (this.made !== undefined) return this.made;
    const { stream, level, terminal } = this.options;
    const console = lineTransport(stream, level, terminal ? readableLines() : jsonLines({ stacks: false }));
    console.silent = this.hasStreamFailed;
    // each transport has a format of its own; winston's default makes JSON of every event, too, for nobody
    const format = winston().format((info) => info)();
    const logger = winston().createLogger({ levels: LEVELS, level: 'debug', format, transports: [console] });
    this.made = { logger, console };
    return this.made;
  }

  private async finish(): Promise<void> {
    const { made } = this;
    if (made !== undefined) {
      const delivered = new Promise<void>((resolve) => made.logger.once('finish', resolve));
      made.logger.end();
      await delivered;
    }
    // a file that failed has been reported and has nothing left to wait for
    await Promise.allSettled(this.files.map((file) => finished(file.end())));
    const { stream } = this.options;
    await new Promise<void>((resolve) => stream.write('', () => resolve()));
    stream.off('error', this.streamFailed);
  }

  private readonly streamFailed = (): void => {
    this.hasStreamFailed = true;
    if (this.made !== undefined) this.made.console.silent = true;
  };
}

function lineTransport(stream: NodeJS.WritableStream, level: LogLevel, format: Logform.Format): transport {
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- winston's types make its transports interfaces
  return new (winston().transports.Stream)({ stream, level, format, eol: '\n' });
}
