/** The plan `kpi`, as far as the bench has to know it: literal table names, written down here a second time. */
export const SUFFIX = '-bench';
export const ENVIRONMENT = 'bench';

const named = (literal: string): string => `${literal}${SUFFIX}`;

export const LEGACY = {
  links: 'purposepath-goal-kpi-links',
  milestones: 'purposepath-kpi-milestones',
  actuals: 'purposepath-kpi-actuals',
  readings: 'purposepath-kpi-readings',
} as const;

export type Kind = keyof typeof LEGACY;
export const KINDS = Object.keys(LEGACY) as Kind[];

export const TABLES = {
  ...{ links: named(LEGACY.links), milestones: named(LEGACY.milestones) },
  ...{ actuals: named(LEGACY.actuals), readings: named(LEGACY.readings) },
  kpis: named('purposepath-kpis'),
  people: named('purposepath-people'),
  newLinks: named('purposepath-kpi-links'),
  data: named('purposepath-kpi-data'),
  journal: named('waybill-journal'),
} as const;

/** What a run writes to, made afresh before each measurement; the placeholders in the people table as well. */
export const WRITTEN = [TABLES.newLinks, TABLES.data, TABLES.journal];

export function targetOf(kind: Kind): string {
  return kind === 'links' ? TABLES.newLinks : TABLES.data;
}
