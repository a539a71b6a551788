import { createServer, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** Units that one request asked for, by its body alone, when it came in. */
export interface MeteredRequest {
  /** ms, monotonic */
  readonly at: number;
  readonly operation: string;
  /** the first table named */
  readonly table: string;
  /** ⌈KB⌉ of each row that it would write; 0 for reads */
  readonly written: number;
}

export interface MeteringProxy {
  readonly endpoint: string;
  readonly requests: readonly MeteredRequest[];
  /** the most write units that came in within any 1,000 ms, on any one table */
  worstSecond(): number;
  /** write units between two moments, on all tables */
  written(from: number, to: number): number;
  stop(): Promise<void>;
}

interface Body {
  readonly TableName?: string;
  readonly Item?: object;
  readonly Statements?: readonly { readonly Statement: string; readonly Parameters?: readonly object[] }[];
}

/** A proxy before a DynamoDB server that counts what is written, from the requests and nothing else. */
export async function startMeteringProxy(target: string, delay = 0): Promise<MeteringProxy> {
  const { hostname, port } = new URL(target);
  const requests: MeteredRequest[] = [];
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const at = performance.now();
      const body = Buffer.concat(chunks);
      const header = String(incoming.headers['x-amz-target']);
      requests.push(measured(at, header.slice(header.indexOf('.') + 1), JSON.parse(body.toString()) as Body));
      void sleep(delay).then(() => {
        const { method = 'POST', headers, url: path = '/' } = incoming;
        const forwarded = send({ host: hostname, port, method, headers, path }, (answer) => {
          response.writeHead(answer.statusCode ?? 500, answer.headers);
          answer.pipe(response);
        });
        forwarded.on('error', () => response.destroy());
        forwarded.end(body);
      });
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    worstSecond: () => Math.max(0, ...tables(requests).map((own) => worst(own))),
    written: (from, to) =>
      requests.filter(({ at }) => at >= from && at < to).reduce((sum, { written }) => sum + written, 0),
    stop: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

function measured(at: number, operation: string, body: Body): MeteredRequest {
  const statement = body.Statements?.[0]?.Statement ?? '';
  const table = body.TableName ?? /"([^"]+)"/.exec(statement)?.[1] ?? '';
  const rows: number[] = [];
  for (const { Statement: text, Parameters: values = [] } of body.Statements ?? []) {
    const names = [...text.matchAll(/'((?:[^']|'')*)': \?/g)].map(([, name = '']) => name.length);
    rows.push(sum(names) + sum(values.map(bytesOf)));
  }
  if (operation === 'PutItem') rows.push(bytesOf({ M: body.Item ?? {} }) - 3);
  return { at, operation, table, written: sum(rows.map((bytes) => Math.max(1, Math.ceil(bytes / 1024)))) };
}

/** Texts, and maps of them, are all that the tests write. */
function bytesOf(value: object): number {
  const [type, content] = Object.entries(value)[0] as [string, string | object];
  if (type === 'S') return Buffer.byteLength(content as string);
  if (type !== 'M') throw new Error(`a value of type ${type}, which is not measured`);
  const members = Object.entries(content);
  return 3 + sum(members.map(([name, member]) => 1 + name.length + bytesOf(member as object)));
}

function tables(requests: readonly MeteredRequest[]): MeteredRequest[][] {
  const names = new Set(requests.map(({ table }) => table));
  return [...names].map((name) => requests.filter(({ table }) => table === name));
}

function worst(requests: readonly MeteredRequest[]): number {
  let [most, current, first] = [0, 0, 0];
  for (const { at, written } of requests) {
    current += written;
    while (at - (requests[first]?.at ?? at) >= 1_000) current -= requests[first++]?.written ?? 0;
    most = Math.max(most, current);
  }
  return most;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0);
}
