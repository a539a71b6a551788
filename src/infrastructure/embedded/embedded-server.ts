import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, closeSync, mkdirSync, openSync, readdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { embeddedBinary } from './embedded-binary.js';
import { Membership } from './membership.js';
import { supervisorProgram } from './supervisor-program.js';
import type { SupervisorSettings } from './supervisor.js';

export interface EmbeddedServer {
  /** `http://127.0.0.1:<port>` */
  readonly endpoint: string;
  /**
   * Says that this process needs the server no more. Resolves when that took effect: for the last one out, when
   * the server has closed its database and is gone.
   */
  leave(): Promise<void>;
}

/**
 * The embedded DynamoDB of this folder (`.waybill`), started if it does not run. Its database, log and address are in
 * `<folder>/embedded`; the database stays when the server stops.
 *
 * Who is in: a detached supervisor process holds a Unix socket in the abstract namespace whose name is made from the
 * folder, and every process that uses the server holds a connection to it. Both facts are the kernel's own: a name
 * has one owner, and name and connections vanish with their process, however it ends, so nothing can be stale, no pid
 * can be mistaken for another one, and commands that start at the same instant end up with the same supervisor.
 * Which server is ours is read from the process table (command line with the database's path, owner of the
 * listening port), never from a file. Supervisor and server are a session of their own: Ctrl-C and a closed
 * terminal do not reach them.
 *
 * Nobody but the owner may look into `embedded` and its files: they may hold anybody's data.
 *
 * One machine (and one container) per folder. Throws `RefusedError`: `EMBEDDED_UNAVAILABLE` where the server does
 * not run, `EMBEDDED_FAILED` where it does not start.
 */
export async function joinEmbeddedServer(options: { readonly folder: string }): Promise<EmbeddedServer> {
  const binary = embeddedBinary();
  const made = join(options.folder, 'embedded');
  mkdirSync(made, { recursive: true, mode: 0o700 });
  const home = realpathSync(made);
  closeToOthers(home);
  const settings: SupervisorSettings = {
    socket: `\0waybill-${createHash('sha256').update(home).digest('hex').slice(0, 32)}`,
    binary,
    database: join(home, 'dynamodb.db'),
    addressFile: join(home, 'address.json'),
  };
  const log = join(home, 'server.log');
  const membership = new Membership({
    ...settings,
    log,
    startSupervisor: () => startSupervisor(settings, log),
  });
  const endpoint = await membership.enter();
  return { endpoint, leave: () => membership.leave() };
}

/** Also what an earlier version, or a server that was started otherwise, left open. */
function closeToOthers(home: string): void {
  chmodSync(home, 0o700);
  for (const entry of readdirSync(home, { withFileTypes: true })) {
    if (entry.isFile()) closeFile(join(home, entry.name));
  }
}

function closeFile(path: string): void {
  try {
    chmodSync(path, 0o600);
  } catch (error) {
    // journals of the database come and go while a server runs
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}

/** What a Node installation may need; above all no credentials and no `NODE_OPTIONS` of ours. */
const INHERITED = ['PATH', 'HOME', 'LD_LIBRARY_PATH', 'TMPDIR'];

function startSupervisor(settings: SupervisorSettings, log: string): void {
  const output = openSync(log, 'a', 0o600);
  // what follows the dash is for those who read the process table
  const child = spawn(
    process.execPath,
    ['--input-type=module', '-', 'waybill-embedded-server', settings.database],
    {
      cwd: '/',
      detached: true,
      env: Object.fromEntries(INHERITED.map((name) => [name, process.env[name]])),
      stdio: ['pipe', output, output],
    },
  );
  closeSync(output);
  // a supervisor that does not come up is noticed by whoever waits for its socket
  child.on('error', () => undefined);
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(supervisorProgram(settings));
  child.unref();
}
