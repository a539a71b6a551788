import type { TableDefinition } from '../contract/table.js';

/** Literal names of the plan's tables (docs/plans/kpi.md). */
export const TABLES = {
  legacyLinks: 'purposepath-goal-kpi-links',
  milestones: 'purposepath-kpi-milestones',
  actuals: 'purposepath-kpi-actuals',
  readings: 'purposepath-kpi-readings',
  kpis: 'purposepath-kpis',
  people: 'purposepath-people',
  links: 'purposepath-kpi-links',
  data: 'purposepath-kpi-data',
} as const;

const source = (name: string): TableDefinition => ({ name, role: 'source', partitionKey: 'id', indexes: [] });

export const KPI_TABLES: readonly TableDefinition[] = [
  source(TABLES.legacyLinks),
  source(TABLES.milestones),
  source(TABLES.actuals),
  source(TABLES.readings),
  { name: TABLES.kpis, role: 'lookup', partitionKey: 'id', indexes: [] },
  {
    name: TABLES.people,
    role: 'lookup',
    partitionKey: 'id',
    insertable: true,
    indexes: [{ name: 'linkedUserId-index', partitionKey: 'linkedUserId' }],
  },
  {
    name: TABLES.links,
    role: 'target',
    partitionKey: 'id',
    indexes: [
      { name: 'kpiId-index', partitionKey: 'kpiId', sortKey: 'id' },
      { name: 'personId-index', partitionKey: 'personId' },
      { name: 'goalId-index', partitionKey: 'goalId' },
      { name: 'tenantId-index', partitionKey: 'tenantId' },
    ],
  },
  {
    name: TABLES.data,
    role: 'target',
    partitionKey: 'id',
    indexes: [
      { name: 'kpiLinkId-index', partitionKey: 'kpiLinkId', sortKey: 'postDate' },
      { name: 'dataCategory-index', partitionKey: 'dataCategory', sortKey: 'id' },
    ],
  },
];
