/* istanbul ignore file -- the supervisor runs the text of these functions, where coverage counters do not exist */
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

// Every function here is part of the supervisor's program (supervisor-program.ts): it may use other functions of
// that program and the imports above, but no constant of this module.

export interface ServerProcess {
  readonly pid: number;
  readonly port: number;
}

/** The server that runs on this database file, by the command lines in proc(5): never out of date, unlike a pid file. */
export function serverOn(database: string): ServerProcess | undefined {
  for (const entry of readdirSync('/proc')) {
    const port = /^\d+$/.test(entry) ? portOf(Number(entry), database) : undefined;
    if (port !== undefined) return { pid: Number(entry), port };
  }
  return undefined;
}

/** The port of this process if it is a server on this database file. A zombie has no command line. */
export function portOf(pid: number, database: string): number | undefined {
  let args: string[];
  try {
    args = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return undefined;
  }
  const matches = args[1] === 'serve' && args[args.indexOf('--db-path') + 1] === database;
  return matches ? Number(args[args.indexOf('--port') + 1]) : undefined;
}

/** Whether it is this process, and no other program on the same port, that listens there. */
export function listensOn({ pid, port }: ServerProcess): boolean {
  // proc(5), /proc/net/tcp: field 1 is address:port in hex, field 3 is 0A for LISTEN, field 9 the socket's inode
  const local = `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  try {
    const sockets = readFileSync(`/proc/${pid}/net/tcp`, 'utf8')
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => fields[1] === local && fields[3] === '0A')
      .map((fields) => `socket:[${fields[9] ?? ''}]`);
    return readdirSync(`/proc/${pid}/fd`).some((fd) =>
      sockets.includes(readlinkSync(`/proc/${pid}/fd/${fd}`)),
    );
  } catch {
    // gone meanwhile, or a descriptor was closed while we looked: the caller asks again
    return false;
  }
}

/** Whether the server serves: it is the listener on its port and answers a cheap request. */
export async function isServing(server: ServerProcess): Promise<boolean> {
  if (!listensOn(server)) return false;
  try {
    const response = await fetch(`http://127.0.0.1:${server.port}/`, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': 'DynamoDB_20120810.ListTables',
        'x-amz-date': '20260101T000000Z',
        authorization:
          'AWS4-HMAC-SHA256 Credential=local/20260101/local/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
      },
      body: '{"Limit":1}',
      signal: AbortSignal.timeout(2000),
    });
    await response.text();
    return response.ok;
  } catch {
    return false;
  }
}

/** Ends the server and waits until it is gone: politely first, so that it closes its database. */
export async function stopServer({ pid }: ServerProcess, database: string): Promise<void> {
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    if (portOf(pid, database) === undefined) return;
    try {
      process.kill(pid, signal);
    } catch (error) {
      // it ended between the look and the signal; anything else (another user's server) is for the caller
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
    for (let waited = 0; waited < 10_000 && portOf(pid, database) !== undefined; waited += 10)
      await delay(10);
  }
}

/** A port that nobody listens on at this moment; somebody else may take it before we do. */
export async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
