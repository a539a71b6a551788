/* istanbul ignore file -- runs as text in a process of its own, where coverage counters do not exist */
import { spawn } from 'node:child_process';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort, isServing, portOf, serverOn, stopServer } from './server-process.js';
import type { ServerProcess } from './server-process.js';

export interface SupervisorSettings {
  /** name in the abstract namespace of Unix sockets (unix(7)), so it begins with NUL */
  readonly socket: string;
  readonly binary: string;
  /** absolute path of the database file */
  readonly database: string;
  /** where the address is written, for people and as a hint which port was in use */
  readonly addressFile: string;
}

/** What the supervisor tells each member, as one JSON line. */
export type Announcement = { readonly endpoint: string } | { readonly error: string };

/**
 * Owns the server of one folder: starts it for the first member, stops it after the last one, and ends itself.
 * A member is an open connection, which the kernel closes however the member ends. Part of the supervisor's
 * program (supervisor-program.ts), so it uses no constant of this module.
 */
export class EmbeddedSupervisor {
  private readonly members = new Set<Socket>();
  /** members that said goodbye and wait to hear that it took effect */
  private readonly departed = new Set<Socket>();
  private announcement: Announcement | undefined;
  private terminated = false;
  private restarts = 0;
  private wake: () => void = () => undefined;

  constructor(private readonly settings: SupervisorSettings) {}

  async run(): Promise<void> {
    const listener = createServer({ allowHalfOpen: true }, (member) => this.admit(member));
    if (!(await this.owns(listener))) return;
    // the server inherits it: its database is for the owner only
    process.umask(0o077);
    process.on('SIGINT', () => undefined);
    process.on('SIGTERM', () => {
      this.terminated = true;
      this.wake();
    });
    await this.change(10_000);
    while (this.members.size > 0 && !this.terminated) await this.serve();
    // No await since the last look at the members. A connection that only the kernel has accepted so far is reset,
    // and its command starts a new supervisor.
    process.exit(0);
  }

  /** Binding the name is atomic, and the kernel frees it with the process: of many supervisors one stays. */
  private owns(listener: Server): Promise<boolean> {
    return new Promise((resolve, reject) => {
      listener.once('error', (error: NodeJS.ErrnoException) => {
        if (error.code === 'EADDRINUSE') resolve(false);
        else reject(error);
      });
      listener.listen(this.settings.socket, () => resolve(true));
    });
  }

  private admit(member: Socket): void {
    this.members.add(member);
    member.on('error', () => undefined);
    member.on('end', () => this.farewell(member));
    member.on('close', () => {
      this.farewell(member);
      this.departed.delete(member);
    });
    member.resume();
    if (this.announcement !== undefined) this.tell(member, this.announcement);
    this.wake();
  }

  private farewell(member: Socket): void {
    if (!this.members.delete(member)) return;
    this.departed.add(member);
    this.wake();
  }

  private async serve(): Promise<void> {
    let server: ServerProcess;
    try {
      server = await this.start();
    } catch (error) {
      await this.giveUp(error instanceof Error ? error.message : String(error));
      return;
    }
    this.announce({ endpoint: `http://127.0.0.1:${server.port}` });
    while (this.members.size > 0 && !this.terminated && this.runs(server)) {
      this.release();
      await this.change(500);
    }
    this.announcement = undefined;
    if (this.runs(server)) {
      await stopServer(server, this.settings.database);
      rmSync(this.settings.addressFile, { force: true });
    } else this.restarts++;
    this.release();
  }

  private runs(server: ServerProcess): boolean {
    return portOf(server.pid, this.settings.database) !== undefined;
  }

  /** Takes over a server that outlived its supervisor; two servers on one file must never be. */
  private async start(): Promise<ServerProcess> {
    const found = serverOn(this.settings.database);
    if (found !== undefined) {
      if (await isServing(found)) return found;
      await stopServer(found, this.settings.database);
    }
    if (this.restarts > 3) throw new Error('the server ended by itself again and again');
    for (let attempt = 0; attempt < 5; attempt++) {
      // after a crash, members still have the old address
      const port = (attempt === 0 ? this.formerPort() : undefined) ?? (await freePort());
      const server = await this.startOn(port);
      if (server !== undefined) return server;
    }
    throw new Error('the server did not start');
  }

  private async startOn(port: number): Promise<ServerProcess | undefined> {
    const { binary, database, addressFile } = this.settings;
    const args = ['serve', '--host', '127.0.0.1', '--port', String(port), '--db-path', database];
    const child = spawn(binary, args, { stdio: ['ignore', 'inherit', 'inherit'] });
    const life = { ended: false };
    const onEnd = (): void => {
      life.ended = true;
      this.wake();
    };
    child.on('error', onEnd).on('exit', onEnd);
    for (let waited = 0; waited < 10_000 && !life.ended && child.pid !== undefined; waited += 10) {
      const server = { pid: child.pid, port };
      if (await isServing(server)) {
        const address = {
          endpoint: `http://127.0.0.1:${port}`,
          port,
          pid: child.pid,
          supervisor: process.pid,
          database,
        };
        writeFileSync(`${addressFile}.new`, `${JSON.stringify(address, null, 2)}\n`);
        renameSync(`${addressFile}.new`, addressFile);
        return server;
      }
      await delay(10);
    }
    child.kill('SIGKILL');
    return undefined;
  }

  private formerPort(): number | undefined {
    try {
      const { port } = JSON.parse(readFileSync(this.settings.addressFile, 'utf8')) as { port?: unknown };
      return typeof port === 'number' && port > 0 && port < 65_536 ? port : undefined;
    } catch {
      return undefined;
    }
  }

  private announce(announcement: Announcement): void {
    this.announcement = announcement;
    for (const member of this.members) this.tell(member, announcement);
  }

  private tell(member: Socket, announcement: Announcement): void {
    member.write(`${JSON.stringify(announcement)}\n`);
  }

  private async giveUp(error: string): Promise<void> {
    this.announce({ error });
    const all = [...this.members, ...this.departed];
    this.members.clear();
    await Promise.all(all.map((member) => new Promise<void>((resolve) => member.end(resolve))));
    process.exit(1);
  }

  private release(): void {
    for (const member of this.departed) member.end();
    this.departed.clear();
  }

  /** Resolves at the next event, or after so many milliseconds. */
  private change(atMost: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, atMost);
      this.wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
