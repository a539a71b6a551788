import { actual, id, kpi, link, milestone, onKpi, person, reading } from '../../support/engine/small-rows.js';
import { TABLE, tablesWith, type Tables } from '../../support/kpi/tables.js';
import { RollbackTrial, type Around } from './rollback-trial.js';

/** The application's own rows, one in each target table. */
export const OWN_LINK = {
  id: { S: 'own-link' },
  tenantId: { S: id('7e', 1) },
  kpiId: { S: id('c1', 9) },
  personId: { S: id('be', 1) },
};
export const OWN_DATA = {
  id: { S: 'own-data' },
  kpiLinkId: { S: 'own-link' },
  dataCategory: { S: 'Target' },
};

/**
 * A KPI with two links, so that each record of it becomes two rows, and one whose owner has no person and gets a
 * placeholder. A run creates 3 links, 1 person, and 4, 2 and 6 data rows for milestones, actuals and readings.
 */
export const COMPANY: Tables = tablesWith({
  [TABLE.kpis]: [kpi(1), kpi(2, { ownerId: { S: id('a5', 7) } })],
  [TABLE.people]: [person(1)],
  [TABLE.links]: [link(1), link(2), link(3, onKpi(2))],
  [TABLE.milestones]: [milestone(1), milestone(2)],
  [TABLE.actuals]: [actual(1)],
  [TABLE.readings]: [reading(1), reading(2), reading(3)],
  [TABLE.kpiLinks]: [OWN_LINK],
  [TABLE.kpiData]: [OWN_DATA],
});

/** A trial after one run of every step. */
export async function migrated(around: Around = {}, tables: Tables = COMPANY): Promise<RollbackTrial> {
  const trial = new RollbackTrial(tables, around);
  const { exit } = await trial.run();
  if (exit !== 0) throw new Error(`the run ended with exit ${exit}`);
  return trial;
}
