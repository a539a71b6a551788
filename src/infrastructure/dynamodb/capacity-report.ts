import type { ConsumedCapacity } from '@aws-sdk/client-dynamodb';

import type { Resource } from '../rate/rate-governor.js';
import type { RequestCost } from '../rate/request-cost.js';
import { factsOf } from './error-facts.js';
import { isThrottled, isThrottlingCode } from './transience.js';

type TableCost = RequestCost['tables'][number];

/**
 * What a request cost as the server reports it; where it reports nothing, the estimate. DynamoDB lists tables and
 * indexes beside the sum, batches of statements once for each statement; some servers give the sum only.
 */
export function reportedCost(estimate: RequestCost, output: unknown): RequestCost {
  const { ConsumedCapacity: found } = output as {
    readonly ConsumedCapacity?: ConsumedCapacity | readonly ConsumedCapacity[];
  };
  const reports = (Array.isArray(found) ? found : [found]).filter((one) => one != null) as ConsumedCapacity[];
  const byTable = grouped(reports);
  return {
    kind: estimate.kind,
    tables: estimate.tables.map((table) => {
      const own = byTable.get(table.table) ?? (estimate.tables.length === 1 ? reports : []);
      return own.some(({ CapacityUnits: units }) => units !== undefined) ? summed(table, own) : table;
    }),
  };
}

/** By the table's name; an ARN ends with it. */
function grouped(reports: readonly ConsumedCapacity[]): Map<string, ConsumedCapacity[]> {
  const groups = new Map<string, ConsumedCapacity[]>();
  for (const report of reports) {
    const name = (report.TableName ?? '').split('/').at(-1) ?? '';
    groups.set(name, [...(groups.get(name) ?? []), report]);
  }
  return groups;
}

function summed(estimate: TableCost, reports: readonly ConsumedCapacity[]): TableCost {
  const indexes = new Map<string, number>();
  let [total, parts] = [0, false];
  for (const report of reports) {
    total += report.CapacityUnits ?? 0;
    parts ||= report.Table !== undefined;
    for (const listed of [report.GlobalSecondaryIndexes, report.LocalSecondaryIndexes]) {
      for (const [index, { CapacityUnits: units = 0 }] of Object.entries(listed ?? {})) {
        indexes.set(index, (indexes.get(index) ?? 0) + units);
      }
    }
  }
  const own = parts || indexes.size > 0 ? indexes : (estimate.indexes ?? indexes);
  let ofIndexes = 0;
  for (const units of own.values()) ofIndexes += units;
  // what is in the sum and in no part was the table's
  return { table: estimate.table, units: Math.max(0, total - ofIndexes), indexes: own };
}

/**
 * The tables and indexes that throttled a request: those that the answer names, else all that it was for. Empty where
 * it was not throttled.
 */
export function throttledBy(cost: RequestCost, error: unknown): Resource[] {
  if (!isThrottled(factsOf(error))) return [];
  const named = reasonsOf(error).flatMap((reason) => resourceOf(reason) ?? []);
  return named.length > 0 ? named : cost.tables.map(({ table }) => ({ kind: cost.kind, table }));
}

/** The same of a batch that was answered: single statements may be throttled under HTTP 200. */
export function throttledStatements(cost: RequestCost, output: unknown): Resource[] {
  const { Responses: responses } = output as { readonly Responses?: unknown };
  if (!Array.isArray(responses)) return [];
  const answers = responses as readonly ({
    readonly TableName?: string;
    readonly Error?: { Code?: string };
  } | null)[];
  const throttled = answers.filter((answer) => isThrottlingCode(answer?.Error?.Code ?? ''));
  if (throttled.length === 0) return [];
  const names = new Set(throttled.map((answer) => answer?.TableName));
  const known = cost.tables.filter(({ table }) => names.has(table));
  const named = throttled.flatMap((answer) =>
    reasonsOf(answer?.Error).flatMap((one) => resourceOf(one) ?? []),
  );
  if (named.length > 0) return named;
  return (known.length > 0 ? known : cost.tables).map(({ table }) => ({ kind: cost.kind, table }));
}

interface Reason {
  readonly reason?: string;
  readonly resource?: string;
}

function reasonsOf(error: unknown): readonly Reason[] {
  const { ThrottlingReasons: upper, throttlingReasons: lower } = (error ?? {}) as {
    readonly ThrottlingReasons?: unknown;
    readonly throttlingReasons?: unknown;
  };
  const reasons = upper ?? lower;
  return Array.isArray(reasons) ? (reasons as Reason[]) : [];
}

/** `IndexWriteKeyRangeThroughputExceeded` of `arn:aws:dynamodb:eu-west-1:1:table/T/index/I`. */
function resourceOf({ reason = '', resource = '' }: Reason): Resource | undefined {
  const [, of, use] = /^(Table|Index)(Read|Write)/.exec(reason) ?? [];
  const [, table, index] = /:table\/([^/]+)(?:\/index\/([^/]+))?/.exec(resource) ?? [];
  if (use === undefined || table === undefined) return undefined;
  const kind = use === 'Read' ? 'read' : 'write';
  return of === 'Index' && index !== undefined ? { kind, table, index } : { kind, table };
}
