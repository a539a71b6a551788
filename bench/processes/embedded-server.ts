import { execFileSync, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Closing } from './closing.js';
import { REPOSITORY } from './repository.js';

const BINARY = join(REPOSITORY, 'node_modules/@dynoxide/linux-x64/dynoxide');
const READY_WITHIN_MS = 10_000;

export interface Server {
  readonly endpoint: string;
  /** as it is called in results, e.g. `dynoxide-1.2.1` */
  readonly name: string;
}

/** An embedded DynamoDB in memory; it ends with `closing`, or with this process: it waits on a pipe from here. */
export async function startEmbeddedServer(closing: Closing): Promise<Server> {
  const port = await freePort();
  const script = '"$0" serve --port "$1" >/dev/null 2>&1 & server=$!; read -r _; kill $server; wait $server';
  // a group of its own: Ctrl-C is ours, and the server must outlast the runner that it stops
  const child = spawn('sh', ['-c', script, BINARY, String(port)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  const ended = new Promise<void>((done) => child.once('exit', () => done()));
  closing.add(() => {
    child.stdin.end();
    return ended;
  });
  const endpoint = `http://127.0.0.1:${port}`;
  const until = performance.now() + READY_WITHIN_MS;
  while (!(await answers(endpoint))) {
    if (performance.now() > until) throw new Error('the embedded DynamoDB did not start');
    await sleep(10);
  }
  return { endpoint, name: embeddedName() };
}

/** As results call it; starts the binary to ask it. */
export function embeddedName(): string {
  return execFileSync(BINARY, ['--version'], { encoding: 'utf8' }).trim().replaceAll(' ', '-');
}

function answers(endpoint: string): Promise<boolean> {
  return fetch(endpoint).then(
    () => true,
    () => false,
  );
}

function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.once('error', fail);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => done(port));
    });
  });
}
