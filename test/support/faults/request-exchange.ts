import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Body, DynamoRequest } from './dynamo-request.js';
import { accessDenied, refusal, type Answer } from './fault-answers.js';
import type { FaultKind } from './fault-kinds.js';
import { partialBatch } from './partial-batches.js';
import type { RecordedRequest } from './recorded-request.js';
import type { SeededRandom } from './seeded-random.js';

export interface StoreAnswer {
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly bytes: Buffer;
}

/** What an exchange is given by its proxy. */
export interface ExchangeParts {
  readonly incoming: IncomingMessage;
  readonly response: ServerResponse;
  readonly request: DynamoRequest;
  readonly recorded: RecordedRequest;
  readonly denyWrites: boolean;
  readonly fault: { readonly kind: FaultKind | undefined; readonly random: SeededRandom } | undefined;
  /** ms at most */
  readonly maxDelay: number;
  readonly pageLimit: number | undefined;
  /** Sends the request to the store, with these bytes as its body. */
  readonly forward: (bytes: Buffer) => Promise<StoreAnswer>;
  /** Called when the store has answered or the request was refused in its place. */
  readonly answered: () => Promise<'drop' | undefined>;
  readonly fired: (kind: FaultKind) => void;
}

const JSON_HEADERS = { 'content-type': 'application/x-amz-json-1.0' };

/** One request and its answer, with the fault that it meets. */
export class RequestExchange {
  constructor(private readonly parts: ExchangeParts) {}

  async answer(): Promise<void> {
    const { denyWrites, request, recorded, fault } = this.parts;
    if (denyWrites && request.writes) {
      recorded.denied = true;
      await this.say(accessDenied(request.operation));
    } else if (fault?.kind === undefined) await this.give(await this.forwarded());
    else await this.meet(fault.kind, fault.random);
  }

  private async meet(kind: FaultKind, random: SeededRandom): Promise<void> {
    const { request, recorded, maxDelay } = this.parts;
    const refused = refusal(kind, request, random);
    if (refused !== undefined) {
      this.fired(kind);
      recorded.dropped = true;
      await this.say(refused);
    } else if (kind === 'reset-before') {
      this.fired(kind);
      recorded.dropped = true;
      this.reset();
    } else if (kind === 'delay') {
      const [delay, onTheWayBack] = [random.below(maxDelay) + 1, random.chance(0.5)];
      this.fired(kind);
      if (!onTheWayBack) await sleep(delay);
      const answer = await this.forwarded();
      if (onTheWayBack) await sleep(delay);
      await this.give(answer);
    } else if (!(await this.inPart(kind, random))) await this.spoil(kind, await this.forwarded());
  }

  /** The store did its work; the client hears of it half or not at all. */
  private async spoil(kind: FaultKind, answer: StoreAnswer): Promise<void> {
    const { incoming, response } = this.parts;
    if ((await this.parts.answered()) === 'drop') {
      this.reset();
      return;
    }
    this.fired(kind);
    if (kind === 'reset-after') {
      this.reset();
      return;
    }
    const length = kind === 'empty-answer' && answer.status === 200 ? 0 : Math.ceil(answer.bytes.length / 2);
    const part = answer.bytes.subarray(0, length);
    this.head(answer, kind === 'truncated-body' ? answer.bytes.length : length);
    if (kind === 'truncated-body') response.write(part, () => incoming.socket.destroy());
    else response.end(part);
  }

  /** False where this kind is no partial batch. */
  private async inPart(kind: FaultKind, random: SeededRandom): Promise<boolean> {
    const { request, recorded, forward } = this.parts;
    const batch = partialBatch(kind, request, random);
    if (batch === undefined) return false;
    const part = batch.forwarded;
    const done = part === undefined ? undefined : await forward(Buffer.from(JSON.stringify(part)));
    if (done !== undefined && done.status !== 200) {
      // refused as a whole: there is no part to speak of
      await this.give(done);
      return true;
    }
    this.fired(kind);
    if (done === undefined) recorded.dropped = true;
    const body = done === undefined ? undefined : (JSON.parse(done.bytes.toString('utf8')) as Body);
    await this.say({ status: 200, body: batch.answer(body) });
    return true;
  }

  private fired(kind: FaultKind): void {
    this.parts.recorded.fault = kind;
    this.parts.fired(kind);
  }

  /** The request as it came, but for the size of pages. */
  private forwarded(): Promise<StoreAnswer> {
    const { pageLimit, request, forward } = this.parts;
    if (pageLimit === undefined || request.operation !== 'Scan') return forward(request.bytes);
    const Limit = Math.min(Number(request.body['Limit'] ?? pageLimit), pageLimit);
    return forward(Buffer.from(JSON.stringify({ ...request.body, Limit })));
  }

  private say({ status, body }: Answer): Promise<void> {
    return this.give({ status, headers: JSON_HEADERS, bytes: Buffer.from(JSON.stringify(body)) });
  }

  private async give(answer: StoreAnswer): Promise<void> {
    if ((await this.parts.answered()) === 'drop') {
      this.reset();
      return;
    }
    this.head(answer, answer.bytes.length);
    this.parts.response.end(answer.bytes);
  }

  private head({ status, headers }: StoreAnswer, length: number): void {
    this.parts.recorded.status = status;
    this.parts.response.writeHead(status, { ...ofContent(headers), 'content-length': length });
  }

  private reset(): void {
    this.parts.incoming.socket.resetAndDestroy();
  }
}

const OF_CONNECTION = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'content-length',
  'x-amz-crc32',
]);

/** Without what concerns the connection or the bytes as they were. */
function ofContent(headers: OutgoingHttpHeaders): OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !OF_CONNECTION.has(name)));
}
