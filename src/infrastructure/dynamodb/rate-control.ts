import type {
  BatchGetItemCommandInput,
  DynamoDBClient,
  ScanCommandOutput,
  ServiceInputTypes,
  ServiceOutputTypes,
} from '@aws-sdk/client-dynamodb';

import type { StoredItem } from '../../domain/storage/stored-value.js';
import type { TableDefinition } from '../../migrations/contract/table.js';
import type { Resource } from '../rate/rate-governor.js';
import { RateGovernor } from '../rate/rate-governor.js';
import type { RequestCost } from '../rate/request-cost.js';
import { readUnits, termsOf, type RequestTerms } from '../rate/request-cost.js';
import { reportedCost, throttledBy, throttledStatements } from './capacity-report.js';
import { estimateOf } from './cost-estimate.js';
import { itemBytes } from './item-size.js';
import { ReadCosts } from './read-costs.js';

/** Commands whose answers tell what they cost. */
const METERED = new Set([
  'ScanCommand',
  'BatchGetItemCommand',
  'PutItemCommand',
  'UpdateItemCommand',
  'DeleteItemCommand',
  'BatchExecuteStatementCommand',
]);

const TERMS = 'waybillRequestTerms';

/** What follows a middleware: one attempt of a request. */
type Attempt = (args: {
  readonly input: ServiceInputTypes;
  readonly request: unknown;
}) => Promise<{ readonly output: ServiceOutputTypes; readonly response: unknown }>;

/**
 * Paces a client's requests for rows, every attempt of them: below the SDK's retries, before signing, so that a
 * signature is fresh when it is sent. What an attempt may cost is drawn before it goes; the difference to what the
 * server reports is settled when the answer comes.
 */
export class RateControl {
  readonly #reads = new ReadCosts();
  /** by physical name, in stored names */
  readonly #definitions: ReadonlyMap<string, TableDefinition>;

  constructor(
    readonly governor: RateGovernor = new RateGovernor(),
    definitions: readonly TableDefinition[] = [],
    private readonly now: () => number = () => performance.now(),
  ) {
    this.#definitions = new Map(definitions.map((table) => [table.name, table]));
  }

  install(client: DynamoDBClient): void {
    client.middlewareStack.add(
      (next, context) => (args) => {
        if (!METERED.has(String(context['commandName']))) return next(args);
        (context as Record<string, unknown>)[TERMS] = termsOf(args.input);
        return next({ ...args, input: { ...args.input, ReturnConsumedCapacity: 'INDEXES' } });
      },
      { name: 'waybillCapacityReport', step: 'initialize', priority: 'low' },
    );
    client.middlewareStack.addRelativeTo(
      (next: Attempt, context: Readonly<Record<string, unknown>>): Attempt =>
        (args) =>
          this.#attempt(next, args, context),
      { name: 'waybillRateControl', relation: 'before', toMiddleware: 'httpSigningMiddleware' },
    );
  }

  async #attempt(
    next: Attempt,
    args: Parameters<Attempt>[0],
    context: Readonly<Record<string, unknown>>,
  ): ReturnType<Attempt> {
    const terms = context[TERMS] as RequestTerms | undefined;
    const command = String(context['commandName']);
    const cost = terms?.cost ?? estimateOf(command, args.input, this.#definitions, this.#reads);
    if (terms === undefined || cost === undefined) return next(args);
    await this.#turn(cost, terms);
    try {
      const result = await next(args);
      this.#settle(command, args.input, cost, result.output);
      return result;
    } catch (error) {
      this.governor.throttled(throttledBy(cost, error));
      throw error;
    }
  }

  /** Rows of a scan's page, so that a page does not show in a second. */
  pageRows(table: string, most: number): number {
    // a row's cost is unknown at first: 4 KB are more than most rows have
    return this.#bounded({ kind: 'read', table }, this.#reads.of('scan', table) ?? 1, most);
  }

  /** Keys of a `BatchGetItem`, likewise. */
  keysPerRequest(table: string, most: number): number {
    return this.#bounded({ kind: 'read', table }, this.#reads.of('get', table) ?? 1, most);
  }

  /** Write units of one request on a table, likewise; infinite where nothing limits them. */
  largestWrite(table: string): number {
    const indexes = this.#definitions.get(table)?.indexes ?? [];
    const resources: Resource[] = indexes.map(({ name }) => ({ kind: 'write', table, index: name }));
    return this.governor.largestDraw([{ kind: 'write', table }, ...resources]);
  }

  #bounded(resource: Resource, unitsEach: number, most: number): number {
    const units = this.governor.largestDraw([resource]);
    return Math.max(1, Math.min(most, Math.floor(units / unitsEach)));
  }

  async #turn(cost: RequestCost, { signal, onHeld }: RequestTerms): Promise<void> {
    const before = this.now();
    await this.governor.acquire(cost, signal);
    onHeld?.(this.now() - before);
  }

  #settle(command: string, input: object, estimate: RequestCost, output: unknown): void {
    this.governor.throttled(throttledStatements(estimate, output));
    let actual = reportedCost(estimate, output);
    if (command === 'ScanCommand') {
      const { Items: items = [], ScannedCount: rows = items.length } = output as ScanCommandOutput;
      const { table, units } = actual.tables[0] as RequestCost['tables'][number];
      // where nothing was reported, by what came
      const isReported = actual.tables[0] !== estimate.tables[0];
      const cost = isReported ? units : readUnits(bytesOf(items));
      actual = { kind: 'read', tables: [{ table, units: cost }] };
      this.#reads.learn('scan', table, cost, rows);
    }
    if (command === 'BatchGetItemCommand') this.#learnGets(input as BatchGetItemCommandInput, actual);
    this.governor.settle(estimate, actual);
  }

  #learnGets({ RequestItems: wanted = {} }: BatchGetItemCommandInput, actual: RequestCost): void {
    for (const { table, units } of actual.tables) {
      const keys = Object.hasOwn(wanted, table) ? (wanted[table]?.Keys ?? []) : [];
      this.#reads.learn('get', table, units, keys.length);
    }
  }
}

function bytesOf(items: readonly object[]): number {
  let bytes = 0;
  for (const item of items) bytes += itemBytes(item as StoredItem);
  return bytes;
}
