import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { RefusedError } from '../../runner/ports/errors.js';
import { serverOn } from './server-process.js';
import type { Announcement } from './supervisor.js';

interface MembershipOptions {
  readonly socket: string;
  readonly database: string;
  /** path of the server's log, for error messages */
  readonly log: string;
  readonly startSupervisor: () => void;
}

const ENTER_MS = 20_000;
const RETRY_MS = 15;
/** A supervisor takes some 100 ms to come up; one that takes longer than this is thought dead. */
const SUPERVISOR_MS = 3000;
const LEAVE_MS = 30_000;
const MAX_RETURNS = 5;

/** This process as a user of the embedded server: an open connection to its supervisor. */
export class Membership {
  private connection: Socket | undefined;
  private left = false;
  private returns = 0;
  private returning: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: MembershipOptions) {}

  /** Resolves with the endpoint as soon as the server serves. Throws `RefusedError` (`EMBEDDED_FAILED`). */
  async enter(): Promise<string> {
    const deadline = Date.now() + ENTER_MS;
    let startedAt = 0;
    while (Date.now() < deadline) {
      const connection = await this.connect();
      if (connection !== undefined) {
        const endpoint = await this.greeting(connection, deadline);
        if (endpoint !== undefined) return this.stay(connection, endpoint);
        connection.destroy();
      } else if (Date.now() - startedAt > SUPERVISOR_MS) {
        startedAt = Date.now();
        this.options.startSupervisor();
      }
      await delay(RETRY_MS);
    }
    throw this.failure('it did not answer');
  }

  async leave(): Promise<void> {
    this.left = true;
    await this.returning;
    const connection = this.connection;
    if (connection === undefined || connection.destroyed) return;
    const closed = once(connection, 'close', { signal: AbortSignal.timeout(LEAVE_MS) });
    connection.ref();
    connection.end();
    // a supervisor that hangs keeps the server, not us
    await closed.catch(() => connection.destroy());
  }

  private connect(): Promise<Socket | undefined> {
    return new Promise((resolve) => {
      const connection = connect(this.options.socket, () => resolve(connection));
      connection.on('error', () => resolve(undefined));
    });
  }

  /** The endpoint that the supervisor tells; undefined if it ends first, so that there is none any more. */
  private async greeting(connection: Socket, deadline: number): Promise<string | undefined> {
    const line = await firstLine(connection, deadline);
    if (line === undefined) return undefined;
    const told = announcementOf(line);
    if (told === undefined) return undefined;
    if ('error' in told) throw this.failure(told.error);
    // anybody may hold a name in the abstract namespace: only a server on our database file is ours
    const server = serverOn(this.options.database);
    if (told.endpoint === `http://127.0.0.1:${server?.port ?? 0}`) return told.endpoint;
    return undefined;
  }

  private stay(connection: Socket, endpoint: string): string {
    this.connection = connection;
    connection.resume();
    // a command that ends without `leave` must not be kept from ending
    connection.unref();
    connection.once('close', () => this.supervisorGone());
    return endpoint;
  }

  /**
   * The supervisor was killed. The server goes on without it and would be stopped by the next command that comes
   * and goes, so this process enters again; the new supervisor takes the server over.
   */
  private supervisorGone(): void {
    if (this.left || this.returns >= MAX_RETURNS) return;
    this.returns++;
    // if that fails, requests to the server fail and say so
    this.returning = this.enter().catch(() => undefined);
  }

  private failure(reason: string): RefusedError {
    return new RefusedError(
      'EMBEDDED_FAILED',
      `The embedded DynamoDB could not be used: ${reason}.`,
      `Look into ${this.options.log}, or point AWS_ENDPOINT_URL_DYNAMODB at another DynamoDB-compatible server.`,
    );
  }
}

function announcementOf(line: string): Announcement | undefined {
  try {
    return JSON.parse(line) as Announcement;
  } catch {
    return undefined;
  }
}

function firstLine(connection: Socket, deadline: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    let text = '';
    const timer = setTimeout(() => resolve(undefined), deadline - Date.now());
    const finish = (line?: string): void => {
      clearTimeout(timer);
      connection.off('data', onData);
      resolve(line);
    };
    const onData = (chunk: Buffer): void => {
      text += chunk.toString('utf8');
      const end = text.indexOf('\n');
      if (end >= 0) finish(text.slice(0, end));
    };
    connection.on('data', onData);
    connection.once('close', () => finish());
  });
}
