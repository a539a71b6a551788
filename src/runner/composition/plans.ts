import { Container, type Newable } from 'inversify';
import { KpiDataMapper } from '../../infrastructure/persistence/kpi/kpi-data.mapper.js';
import { KpiLinkMapper } from '../../infrastructure/persistence/kpi/kpi-link.mapper.js';
import { PersonMapper } from '../../infrastructure/persistence/kpi/person.mapper.js';
import type { DemoData } from '../../migrations/contract/demo-data.js';
import type { MigrationPlan } from '../../migrations/contract/migration-plan.js';
import type { IMigrationStep } from '../../migrations/contract/migration-step.js';
import { KpiDemoData } from '../../migrations/kpi/demo/kpi-demo-data.js';
import { KPI_STEPS, kpiPlan } from '../../migrations/kpi/kpi.plan.js';
import { KPI_DATA_MAPPER, KPI_LINK_MAPPER, PERSON_MAPPER } from '../../migrations/kpi/kpi.tokens.js';

/** A plan and its demo data. A sixth plan is one more entry in `plans`. */
export interface BoundPlan {
  readonly plan: MigrationPlan;
  readonly demo: DemoData;
}

/** Every plan that there is, its steps made by the container, in the order of the plan's own list. */
export function plans(): readonly BoundPlan[] {
  const container = new Container({ defaultScope: 'Singleton' });
  container.bind(KPI_LINK_MAPPER).to(KpiLinkMapper);
  container.bind(KPI_DATA_MAPPER).to(KpiDataMapper);
  container.bind(PERSON_MAPPER).to(PersonMapper);
  return [{ plan: kpiPlan(steps(container, KPI_STEPS)), demo: new KpiDemoData() }];
}

/** Binds and resolves each step of a list: the container makes them, the list orders them (ADR 0003). */
function steps(container: Container, classes: readonly Newable<IMigrationStep>[]): IMigrationStep[] {
  return classes.map((step) => {
    container.bind(step).toSelf();
    return container.get(step);
  });
}
