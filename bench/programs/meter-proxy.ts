import { Agent, createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeUnits, type TableShape } from '../meter/write-units.js';
import { writtenRows } from '../meter/written-rows.js';
import { answer, ready, task } from './parent.js';

/** One entry of the meter's log: what a request took from a table or an index. */
export interface Metered {
  /** ms since the epoch at which the request was passed to the server */
  readonly at: number;
  readonly bucket: string;
  readonly rows: number;
  readonly units: number;
}

/**
 * An HTTP proxy that reads every request and notes the write units that it takes, by its own arithmetic. It counts what
 * the server answered with success, and of that every row, also one whose condition failed: those cost as much.
 */
const { target, latency, tables } = task() as {
  readonly target: string;
  readonly latency: number;
  readonly tables: readonly TableShape[];
};
const { hostname, port } = new URL(target);
const agent = new Agent({ keepAlive: true });
const shapes = new Map(tables.map((table) => [table.name, table]));
const log: Metered[] = [];
let broken: string | undefined;

const server = createServer((incoming, outgoing) => {
  pass(incoming, outgoing).catch(() => outgoing.destroy());
});
server.listen(0, '127.0.0.1', () =>
  ready(`http://127.0.0.1:${String((server.address() as AddressInfo).port)}`),
);
answer(() => {
  if (broken !== undefined) throw new Error(`the meter could not read a request: ${broken}`);
  return log;
});

async function pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  await sleep(latency);
  const at = Date.now();
  const { method, url, headers } = incoming;
  const upstream = request({ hostname, port, method, path: url, headers, agent }, (response) => {
    if (response.statusCode === 200) note(at, String(headers['x-amz-target'] ?? ''), body);
    outgoing.writeHead(response.statusCode ?? 502, response.headers);
    response.pipe(outgoing);
  });
  upstream.on('error', () => outgoing.destroy());
  upstream.end(body);
}

function note(at: number, operation: string, body: Buffer): void {
  try {
    const taken = new Map<string, { rows: number; units: number }>();
    for (const row of writtenRows(operation.split('.')[1] ?? '', JSON.parse(body.toString()))) {
      const shape = shapes.get(row.table) ?? { name: row.table, indexes: [] };
      for (const [bucket, units] of writeUnits(row.item, shape, row.factor)) {
        const before = taken.get(bucket) ?? { rows: 0, units: 0 };
        taken.set(bucket, { rows: before.rows + 1, units: before.units + units });
      }
    }
    for (const [bucket, { rows, units }] of taken) log.push({ at, bucket, rows, units });
  } catch (error) {
    broken ??= String(error);
  }
}
