import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { configuredEndpoint } from '../../../src/infrastructure/dynamodb/endpoint.js';

export interface TestServer {
  readonly endpoint: string;
  stop(): Promise<void>;
}

const BINARY = resolve('node_modules/@dynoxide/linux-x64/dynoxide');
const READY_WITHIN_MS = 10_000;

/**
 * The DynamoDB server that AWS_ENDPOINT_URL_DYNAMODB names, or else an embedded one in memory, which the caller stops.
 * The embedded one also ends when this process does, however that comes: it waits on a pipe from here.
 */
export async function startServer(): Promise<TestServer> {
  const configured = configuredEndpoint();
  if (configured !== undefined) return { endpoint: configured, stop: () => Promise.resolve() };
  const port = await freePort();
  const script = '"$0" serve --port "$1" >/dev/null 2>&1 & server=$!; read -r _; kill $server; wait $server';
  const child = spawn('sh', ['-c', script, BINARY, String(port)], { stdio: ['pipe', 'ignore', 'ignore'] });
  const ended = new Promise<void>((done) => child.once('exit', () => done()));
  const stop = async (): Promise<void> => {
    child.stdin.end();
    await ended;
  };
  const endpoint = `http://127.0.0.1:${port}`;
  if (!(await isUp(endpoint))) {
    await stop();
    throw new Error(`the embedded DynamoDB did not start on port ${port}`);
  }
  return { endpoint, stop };
}

async function isUp(endpoint: string): Promise<boolean> {
  const end = performance.now() + READY_WITHIN_MS;
  while (performance.now() < end) {
    const answers = await fetch(endpoint).then(
      () => true,
      () => false,
    );
    if (answers) return true;
    await sleep(5);
  }
  return false;
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
