import { Agent, createServer, request as sendRequest } from 'node:http';
import type { IncomingMessage, OutgoingHttpHeaders, Server, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { DynamoRequest } from './dynamo-request.js';
import { FAULT_KINDS, FaultSchedule, type FaultKind, type ScheduleOptions } from './fault-kinds.js';
import { pointOf, type Phase, type RecordedRequest } from './recorded-request.js';
import { RequestExchange, type StoreAnswer } from './request-exchange.js';

/** Called twice for each request, and awaited. `drop` ends its connection without an answer. */
export type RequestHook = (
  request: RecordedRequest,
  phase: Phase,
) => Promise<'drop' | undefined> | 'drop' | undefined;

export interface FaultProxyOptions {
  /** undefined: none, until `inject` */
  readonly faults?: ScheduleOptions;
  /** items of a scan's page at most: a store may end a page wherever it likes */
  readonly pageLimit?: number;
  /** ms; undefined: 50 */
  readonly maxDelay?: number;
}

/** HTTP/1.1 on loopback in front of a DynamoDB endpoint: passes everything on, but for the faults that it was asked for. */
export class FaultProxy {
  readonly requests: RecordedRequest[] = [];
  /** what went wrong with the proxy itself, or between it and the store: a fault that nobody asked for */
  readonly errors: unknown[] = [];
  /** how often each kind did happen */
  readonly fired = new Map<FaultKind, number>(FAULT_KINDS.map((kind) => [kind, 0]));
  onRequest: RequestHook | undefined;
  /** Called with the number of each new connection, from 1: its client has most likely sent nothing on it yet. */
  onConnection: ((connection: number) => void) | undefined;
  /** every operation that is not a read is refused as for an identity that may not write */
  denyWrites = false;
  private readonly agent = new Agent({ keepAlive: true });
  private readonly connections = new WeakMap<Socket, number>();
  private readonly positions = new Map<string, number>();
  private connected = 0;
  private step = '';
  private schedule: FaultSchedule | undefined;
  private gate: Promise<void> = Promise.resolve();
  private open: () => void = () => undefined;
  private latest: readonly [RecordedRequest, Phase] | undefined;

  private constructor(
    private readonly target: URL,
    private readonly server: Server,
    private readonly options: FaultProxyOptions,
  ) {
    this.inject(options.faults);
    // an idle connection that is closed just as it is used would be a fault that nobody asked for
    server.keepAliveTimeout = 0;
    server.on('connection', (socket) => {
      this.connections.set(socket, (this.connected += 1));
      this.onConnection?.(this.connected);
    });
    server.on('request', (incoming: IncomingMessage, response: ServerResponse) => {
      response.on('error', () => undefined);
      this.exchange(incoming, response).catch((error: unknown) => {
        // a client that is gone, by a signal for example, ends its exchange and nothing else
        if (!incoming.socket.destroyed) this.errors.push(error);
        incoming.socket.destroy();
      });
    });
  }

  static async start(target: string, options: FaultProxyOptions = {}): Promise<FaultProxy> {
    const server = createServer();
    await new Promise<void>((done, fail) => server.once('error', fail).listen(0, '127.0.0.1', done));
    return new FaultProxy(new URL(target), server, options);
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Faults from now on; undefined: none. */
  inject(faults: ScheduleOptions | undefined): void {
    this.schedule = faults === undefined ? undefined : new FaultSchedule(faults);
  }

  /** Requests that come in are held until `continue`. */
  pause(): void {
    this.continue();
    this.gate = new Promise((open) => (this.open = open));
  }

  continue(): void {
    this.open();
    this.gate = Promise.resolve();
  }

  /** Writes whose head came in after this time of `performance.now()`. */
  writesAfter(time: number): RecordedRequest[] {
    return this.requests.filter(({ writes, startedAt }) => writes && startedAt > time);
  }

  get denials(): number {
    return this.requests.filter(({ denied }) => denied === true).length;
  }

  /** The last thing that happened here, as a point. */
  get point(): string {
    return this.latest === undefined ? 'before the first request' : pointOf(...this.latest);
  }

  async close(): Promise<void> {
    this.continue();
    const closed = new Promise((done) => this.server.close(done));
    this.server.closeAllConnections();
    await closed;
    this.agent.destroy();
  }

  private async exchange(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const startedAt = performance.now();
    const target = String(incoming.headers['x-amz-target'] ?? '');
    const request = new DynamoRequest(target.slice(target.indexOf('.') + 1), await bytesOf(incoming));
    const recorded = this.record(request, this.connections.get(incoming.socket) ?? 0, startedAt);
    await this.gate;
    if ((await this.reached(recorded, 'arrived')) === 'drop') {
      recorded.dropped = true;
      incoming.socket.resetAndDestroy();
      return;
    }
    await new RequestExchange({
      ...{ incoming, response, request, recorded },
      denyWrites: this.denyWrites,
      fault: this.schedule?.next(request.operation),
      maxDelay: this.options.maxDelay ?? 50,
      pageLimit: this.options.pageLimit,
      forward: (bytes) => this.forward(incoming, bytes),
      answered: async () => this.reached(recorded, 'answered'),
      fired: (kind) => this.fired.set(kind, (this.fired.get(kind) ?? 0) + 1),
    }).answer();
  }

  private async reached(recorded: RecordedRequest, phase: Phase): Promise<'drop' | undefined> {
    this.latest = [recorded, phase];
    return this.onRequest?.(recorded, phase);
  }

  private record(request: DynamoRequest, connection: number, startedAt: number): RecordedRequest {
    const { operation, subject, writes, hash } = request;
    const step = (this.step = request.step ?? this.step);
    const place = `${step}/${operation}/${subject}`;
    const position = (this.positions.get(place) ?? 0) + 1;
    this.positions.set(place, position);
    const n = this.requests.length + 1;
    const recorded = { n, connection, operation, subject, step, position, writes, hash, startedAt };
    this.requests.push(recorded);
    return recorded;
  }

  private forward(incoming: IncomingMessage, bytes: Buffer): Promise<StoreAnswer> {
    const headers: OutgoingHttpHeaders = { ...incoming.headers, 'content-length': bytes.length };
    // the connection to the store is the agent's affair
    delete headers['connection'];
    const options = { method: incoming.method, path: incoming.url, headers, agent: this.agent };
    return new Promise((done, fail) => {
      const outgoing = sendRequest(this.target, options, (answer) => {
        const { statusCode: status = 500, headers: told } = answer;
        bytesOf(answer).then((body) => done({ status, headers: told, bytes: body }), fail);
      });
      outgoing.once('error', fail);
      outgoing.end(bytes);
    });
  }
}

async function bytesOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
