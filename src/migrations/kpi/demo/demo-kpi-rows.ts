import type { DemoRow } from '../../contract/demo-data.js';
import { TABLES } from '../kpi.tables.js';
import { flag, item, number, text } from './demo-item.js';
import type { DemoKpi } from './demo-kpi.js';
import { demoActual, demoMilestone, demoReading } from './demo-records.js';
import { demoTimestamp } from './demo-time.js';

/**
 * The KPI's row and its records, links first. A KPI with an owner has one link, as a rule: the owner would be the
 * person of every one. The others have up to five, each of another creator.
 */
export function* rowsOfKpi(index: number, kpi: DemoKpi): Generator<DemoRow> {
  const { random, company, template } = kpi;
  const owner = company.users[index % company.users.length] ?? company.users[0];
  const owned = index % 3 !== 1;
  yield {
    table: TABLES.kpis,
    item: item({
      id: text(kpi.id),
      tenantId: text(company.tenantId),
      name: text(template.name),
      ownerId: owned ? text(owner) : undefined,
      unit: text(template.unit),
      companyName: text(company.name),
    }),
  };
  const links = owned ? (index % 31 === 30 ? 2 : 1) : 1 + (Math.floor(index / 3) % 5);
  for (let position = 0; position < links; position += 1) yield demoLink(kpi, index, position);
  const quarters = random.between(4, 8);
  for (let quarter = 0; quarter < quarters; quarter += 1) yield demoMilestone(kpi, quarter);
  const months = random.between(8, 16);
  for (let month = 0; month < months; month += 1) yield demoActual(kpi, month);
  const weeks = random.once(3) ? 0 : random.between(4, 18);
  for (let week = 0; week < weeks; week += 1) yield demoReading(kpi, week);
}

function demoLink(kpi: DemoKpi, index: number, position: number): DemoRow {
  const { random, company, year } = kpi;
  const creator = company.users[(index + position * 2) % company.users.length] ?? company.users[0];
  const changed = random.once(4);
  return {
    table: TABLES.legacyLinks,
    item: item({
      id: text(random.guid()),
      tenantId: text(company.tenantId),
      kpiId: text(kpi.id),
      goalId: text(random.guid()),
      thresholdPct: random.once(5) ? undefined : number(random.pick(['5', '10', '12.5', '0.1'])),
      linkType: random.once(6) ? undefined : text(position === 0 ? 'Primary' : 'Supporting'),
      weight: random.once(4) ? undefined : number(random.pick(['100', '50', '33.33', '25', '0.1'])),
      displayOrder: random.once(8) ? undefined : number(position + 1),
      isPrimary: random.once(9) ? undefined : flag(position === 0),
      createdBy: text(creator),
      createdAt: text(demoTimestamp(random, year, 1 + position, 5)),
      updatedBy: changed ? text(company.users[0]) : undefined,
      updatedAt: changed ? text(demoTimestamp(random, year, 6 + position, 9)) : undefined,
    }),
  };
}
