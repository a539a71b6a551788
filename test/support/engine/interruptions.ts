import type {
  Cursor,
  Page,
  RecordReader,
  ScanOptions,
} from '../../../src/migrations/contract/record-reader.js';
import { StoreError } from '../../../src/runner/ports/errors.js';
import type { Journal } from '../../../src/runner/ports/journal.js';
import type { MemoryStore } from '../../../src/infrastructure/memory/memory-store.js';
import { endState, type EndState } from '../faults/end-state.js';
import { kpiPlanInMemory, type KpiTrial } from './kpi-trial.js';

/** All that must not depend on how often a run was interrupted. `earlier`: runs that were over before it began. */
export function endOf(trial: KpiTrial, earlier: readonly string[] = []): Promise<EndState> {
  const tables = kpiPlanInMemory().tables.map(({ name }) => [name, trial.store.rows(name)] as const);
  return endState(new Map(tables), trial.journal, earlier);
}

/** Tells the n-th point that matches, counted from 1. */
export function nth(n: number, matches: (point: string) => boolean): (point: string) => boolean {
  let seen = 0;
  return (point) => matches(point) && (seen += 1) === n;
}

/** Tells the first point that matches behind another one. */
export function behind(
  other: (point: string) => boolean,
  matches: (point: string) => boolean,
): (point: string) => boolean {
  let isBehind = false;
  return (point) => {
    if (isBehind) return matches(point);
    isBehind = other(point);
    return false;
  };
}

export const is =
  (name: string) =>
  (point: string): boolean =>
    point === name;

/** A journal that does not answer the n-th call of a method, fenced or not, and does from then on. */
export function failingJournal(journal: Journal, method: keyof Journal, n = 1): Journal {
  let calls = 0;
  const around = (inner: Journal): Journal =>
    new Proxy(inner, {
      get(target, property): unknown {
        const value: unknown = Reflect.get(target, property, target);
        if (typeof value !== 'function') return value;
        const call = (value as (...args: readonly unknown[]) => unknown).bind(target);
        if (property === 'fencedBy') return (...args: readonly unknown[]) => around(call(...args) as Journal);
        if (property !== method) return call;
        return (...args: readonly unknown[]): unknown => {
          calls += 1;
          if (calls !== n) return call(...args);
          const error = new StoreError(
            'STORE_UNREACHABLE',
            'the store does not answer',
            'Check the network.',
          );
          if (method !== 'entries') return Promise.reject(error);
          return { [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(error) }) };
        };
      },
    });
  return around(journal);
}

/** The same rows in pages of at most so many, as a store is free to give them. */
export function shortPages(store: MemoryStore, rows: number): RecordReader {
  return {
    get: (table, keys) => store.get(table, keys),
    positionBehind: (table, row) => store.positionBehind(table, row),
    scan: (table, options) => shortened(store, table, options, rows),
  };
}

async function* shortened(
  store: MemoryStore,
  table: string,
  options: ScanOptions | undefined,
  rows: number,
): AsyncGenerator<Page> {
  for await (const { items, next } of store.scan(table, options)) {
    for (let start = 0; start < Math.max(1, items.length); start += rows) {
      const part = items.slice(start, start + rows);
      const last = part.at(-1);
      const isEnd = start + rows >= items.length;
      const cursor: Cursor | undefined =
        isEnd || last === undefined ? next : store.positionBehind(table, last);
      yield cursor === undefined ? { items: part } : { items: part, next: cursor };
    }
  }
}
