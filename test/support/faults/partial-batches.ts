import type { Body, DynamoRequest } from './dynamo-request.js';
import type { FaultKind } from './fault-kinds.js';
import type { SeededRandom } from './seeded-random.js';

/** A batch of which a part is not done: what goes on to the store, and the answer that tells of the rest. */
export interface PartialBatch {
  /** undefined: nothing is left to be done */
  readonly forwarded: Body | undefined;
  /** `done`: the store's answer to what was forwarded; undefined where nothing was */
  readonly answer: (done: Body | undefined) => Body;
}

const STATEMENT_CODES: Readonly<Partial<Record<FaultKind, string>>> = {
  'statement-throttled': 'ThrottlingError',
  'statement-internal-error': 'InternalServerError',
  'statement-conflict': 'TransactionConflict',
};

/** The batch without some of its parts; undefined for kinds that are no partial batch. */
export function partialBatch(
  kind: FaultKind,
  request: DynamoRequest,
  random: SeededRandom,
): PartialBatch | undefined {
  const code = STATEMENT_CODES[kind];
  if (code !== undefined) return withoutStatements(request.body, random, code);
  if (kind === 'unprocessed-items') return withoutItems(request.body, random);
  return kind === 'unprocessed-keys' ? withoutKeys(request.body, random) : undefined;
}

function withoutStatements(body: Body, random: SeededRandom, code: string): PartialBatch {
  const statements = (body['Statements'] ?? []) as { readonly Statement: string }[];
  const left = new Set(random.some(statements.map((_, index) => index)));
  const kept = statements.filter((_, index) => !left.has(index));
  return {
    forwarded: kept.length === 0 ? undefined : { ...body, Statements: kept },
    answer: (done) => {
      const answers = ((done?.['Responses'] ?? []) as Body[]).values();
      const Responses = statements.map((_, index) =>
        left.has(index) ? { Error: { Code: code, Message: 'Try again' } } : answers.next().value,
      );
      return { ...done, Responses };
    },
  };
}

type Requested = Readonly<Record<string, readonly unknown[]>>;

function withoutItems(body: Body, random: SeededRandom): PartialBatch {
  const { kept, left } = parted((body['RequestItems'] ?? {}) as Requested, random);
  return {
    forwarded: isEmpty(kept) ? undefined : { ...body, RequestItems: kept },
    answer: (done) => ({ ...done, UnprocessedItems: left }),
  };
}

function withoutKeys(body: Body, random: SeededRandom): PartialBatch {
  const requests = (body['RequestItems'] ?? {}) as Readonly<
    Record<string, { readonly Keys: readonly unknown[] }>
  >;
  const keys = Object.fromEntries(Object.entries(requests).map(([table, { Keys }]) => [table, Keys]));
  const { kept, left } = parted(keys, random);
  const withKeys = (some: Requested): Body =>
    Object.fromEntries(Object.entries(some).map(([table, Keys]) => [table, { ...requests[table], Keys }]));
  return {
    forwarded: isEmpty(kept) ? undefined : { ...body, RequestItems: withKeys(kept) },
    answer: (done) => ({ Responses: {}, ...done, UnprocessedKeys: withKeys(left) }),
  };
}

/** Some of all elements are left out; a table without any element is not mentioned. */
function parted(
  tables: Requested,
  random: SeededRandom,
): { readonly kept: Requested; readonly left: Requested } {
  const all = Object.entries(tables).flatMap(([table, elements]) =>
    elements.map((element) => ({ table, element })),
  );
  const left = new Set(random.some(all));
  const grouped = (some: typeof all): Requested => {
    const lists = new Map<string, unknown[]>();
    for (const { table, element } of some) lists.set(table, [...(lists.get(table) ?? []), element]);
    return Object.fromEntries(lists);
  };
  return { kept: grouped(all.filter((one) => !left.has(one))), left: grouped([...left]) };
}

function isEmpty(tables: Requested): boolean {
  return Object.keys(tables).length === 0;
}
