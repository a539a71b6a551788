import type { TableDefinition } from 'waybill/plan';

/** Literal names; an environment appends its suffix. */
export const TABLES = {
  slips: 'parcel-slips',
  customers: 'customers',
  depots: 'depots',
  consignments: 'consignments',
} as const;

export const PARCELS_TABLES: readonly TableDefinition[] = [
  { name: TABLES.slips, role: 'source', partitionKey: 'id', indexes: [] },
  { name: TABLES.customers, role: 'lookup', partitionKey: 'id', indexes: [] },
  { name: TABLES.depots, role: 'lookup', partitionKey: 'id', indexes: [], insertable: true },
  {
    name: TABLES.consignments,
    role: 'target',
    partitionKey: 'id',
    indexes: [{ name: 'depotId-index', partitionKey: 'depotId', sortKey: 'id' }],
  },
];
