import type { TableRows } from 'waybill/conformance';
import type { StoredItem } from 'waybill/plan';
import { TABLES } from './parcels.tables.js';

const DEPOTS = ['North', 'Harbour', 'Old Town'];

/**
 * Thirty slips: every tenth was cancelled, every eleventh has a customer whom nobody knows, one a date that is none, one
 * an attribute that the new model does not know. One depot of three is entered.
 */
export const ROWS: TableRows = {
  [TABLES.slips]: Array.from({ length: 30 }, (_, n) => slip(n)),
  [TABLES.customers]: Array.from({ length: 5 }, (_, n) => ({ id: { S: `customer-${n}` } })),
  [TABLES.depots]: [{ id: { S: 'depot-1' }, name: { S: 'North' } }],
};

function slip(n: number): StoredItem {
  return {
    id: { S: `4c000000-0000-4000-8000-${String(n).padStart(12, '0')}` },
    customerId: { S: `customer-${n % 11 === 10 ? 99 : n % 5}` },
    depot: { S: DEPOTS[n % 3] ?? '' },
    weight: { N: `${n}.250` },
    handedIn: { S: n === 7 ? 'on Monday' : '2024-03-01T09:00:00.1234567+01:00' },
    cancelled: { BOOL: n % 10 === 9 },
    ...(n === 4 ? { shelf: { SS: ['A', 'B'] } } : {}),
  };
}

/**
 * A month later: parcels were weighed again, the missing customer was entered and the date mended, two slips came in,
 * one of them for a new depot, and one is gone.
 */
export function monthLater(tables: TableRows): TableRows {
  const slips = tables[TABLES.slips] ?? [];
  const weighed = slips.map((row, n) => (n % 4 === 0 ? { ...row, weight: { N: '77.5' } } : row));
  const mended = weighed.map((row, n) => (n === 7 ? { ...row, handedIn: { S: '2024-03-04' } } : row));
  const added = [30, 31].map((n) => ({ ...slip(n), depot: { S: n === 31 ? 'Airport' : 'North' } }));
  return {
    ...tables,
    [TABLES.slips]: [...mended.slice(1), ...added],
    [TABLES.customers]: [...(tables[TABLES.customers] ?? []), { id: { S: 'customer-99' } }],
  };
}
