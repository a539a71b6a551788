import { SeededRandom } from './seeded-random.js';

/** What a network and a store can do to any request. */
const OF_ANY_REQUEST = [
  /** HTTP 400 before anything was done; the client is to try again */
  'provisioned-throughput',
  'throttling',
  /** HTTP 500 and 503 before anything was done */
  'internal-error',
  'service-unavailable',
  /** the connection breaks before the store has the request */
  'reset-before',
  /** the store did it, the acknowledgement is lost */
  'reset-after',
  /** held up for a while, on the way there or on the way back */
  'delay',
  /** the answer breaks off before its declared length, and so does the connection */
  'truncated-body',
  /** half an answer that calls itself whole */
  'truncated-json',
  /** HTTP 200 and nothing else */
  'empty-answer',
] as const;

/** What only some operations can meet, as DynamoDB documents it. */
const OF_SOME_OPERATIONS = [
  /** HTTP 200, and a part was not done */
  'unprocessed-items',
  'unprocessed-keys',
  'statement-throttled',
  'statement-internal-error',
  'statement-conflict',
  /** canceled as a whole because of another transaction, or because one item is throttled */
  'transaction-conflict',
  'transaction-throttled',
  /** a single write that meets a transaction */
  'item-conflict',
] as const;

export const FAULT_KINDS = [...OF_ANY_REQUEST, ...OF_SOME_OPERATIONS] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

const OF_OPERATION: Readonly<Record<string, readonly FaultKind[]>> = {
  BatchWriteItem: ['unprocessed-items'],
  BatchGetItem: ['unprocessed-keys'],
  BatchExecuteStatement: ['statement-throttled', 'statement-internal-error', 'statement-conflict'],
  TransactWriteItems: ['transaction-conflict', 'transaction-throttled'],
  PutItem: ['item-conflict'],
  UpdateItem: ['item-conflict'],
  DeleteItem: ['item-conflict'],
};

/** What can befall an operation; `Scan` never meets a partial batch. */
export function kindsOf(operation: string): readonly FaultKind[] {
  return [...OF_ANY_REQUEST, ...(OF_OPERATION[operation] ?? [])];
}

/**
 * Chance that any one request meets a fault, or the chance of each kind by itself. Of the former, half goes to the
 * kinds that only few operations have, where this one has any.
 */
export type FaultRates = number | Readonly<Partial<Record<FaultKind, number>>>;

export interface ScheduleOptions {
  readonly seed: number;
  readonly rates: FaultRates;
  /** every kind with a rate above 0 strikes one of the first requests that it can befall */
  readonly eachAtLeastOnce?: boolean;
}

/**
 * Decides which request meets which fault. A decision is a function of the seed, the operation and how many requests
 * of that operation came before, so it does not depend on how requests of different kinds interleave.
 */
export class FaultSchedule {
  private readonly asked = new Map<string, number>();
  private readonly chances = new Map<FaultKind, number>();
  private readonly struck = new Set<FaultKind>();

  constructor(private readonly options: ScheduleOptions) {}

  /** The fault of the next request of this operation, with the random numbers that shape it. */
  next(operation: string): { readonly kind: FaultKind | undefined; readonly random: SeededRandom } {
    const count = this.asked.get(operation) ?? 0;
    this.asked.set(operation, count + 1);
    const random = new SeededRandom(this.options.seed, operation, count);
    const kinds = kindsOf(operation).filter((kind) => this.rate(kind, operation) > 0);
    const kind = this.drawn(kinds, operation, random) ?? this.overdue(kinds);
    if (kind !== undefined) this.struck.add(kind);
    return { kind, random };
  }

  private drawn(kinds: readonly FaultKind[], operation: string, random: SeededRandom): FaultKind | undefined {
    let drawn = random.next();
    for (const kind of kinds) {
      drawn -= this.rate(kind, operation);
      if (drawn < 0) return kind;
    }
    return undefined;
  }

  private rate(kind: FaultKind, operation: string): number {
    const { rates } = this.options;
    if (typeof rates !== 'number') return rates[kind] ?? 0;
    const own = OF_OPERATION[operation] ?? [];
    const share = own.includes(kind) ? own.length * 2 : OF_ANY_REQUEST.length * (own.length === 0 ? 1 : 2);
    return rates / share;
  }

  private overdue(kinds: readonly FaultKind[]): FaultKind | undefined {
    if (this.options.eachAtLeastOnce !== true) return undefined;
    for (const kind of kinds) this.chances.set(kind, (this.chances.get(kind) ?? 0) + 1);
    return kinds.find((kind) => !this.struck.has(kind) && (this.chances.get(kind) ?? 0) >= this.due(kind));
  }

  /** the chance that a kind takes at the latest: an early one, another with every seed */
  private due(kind: FaultKind): number {
    return 1 + new SeededRandom(this.options.seed, 'due', kind).below(5);
  }
}
