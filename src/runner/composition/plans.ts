import 'reflect-metadata';
import { Container, type Newable } from 'inversify';
import { MembershipMapper } from '../../infrastructure/persistence/core-table/membership.mapper.js';
import { ServerMapper } from '../../infrastructure/persistence/core-table/server.mapper.js';
import { UserMapper } from '../../infrastructure/persistence/core-table/user.mapper.js';
import { KpiDataMapper } from '../../infrastructure/persistence/kpi/kpi-data.mapper.js';
import { KpiLinkMapper } from '../../infrastructure/persistence/kpi/kpi-link.mapper.js';
import { PersonMapper } from '../../infrastructure/persistence/kpi/person.mapper.js';
import { EmployeeMapper } from '../../infrastructure/persistence/personnel/employee.mapper.js';
import { COMPANY_STEPS, companyPlan } from '../../migrations/company/company.plan.js';
import { CompanyDemoData } from '../../migrations/company/demo/company-demo-data.js';
import type { DemoData } from '../../migrations/contract/demo-data.js';
import type { MigrationPlan } from '../../migrations/contract/migration-plan.js';
import type { IMigrationStep } from '../../migrations/contract/migration-step.js';
import { CORE_TABLE_STEPS, coreTablePlan } from '../../migrations/core-table/core-table.plan.js';
import {
  MEMBERSHIP_MAPPER,
  SERVER_MAPPER,
  USER_MAPPER,
} from '../../migrations/core-table/core-table.tokens.js';
import { CoreTableDemoData } from '../../migrations/core-table/demo/core-table-demo-data.js';
import { KpiDemoData } from '../../migrations/kpi/demo/kpi-demo-data.js';
import { KPI_STEPS, kpiPlan } from '../../migrations/kpi/kpi.plan.js';
import { KPI_DATA_MAPPER, KPI_LINK_MAPPER, PERSON_MAPPER } from '../../migrations/kpi/kpi.tokens.js';
import { PersonnelDemoData } from '../../migrations/personnel/demo/personnel-demo-data.js';
import { PERSONNEL_STEPS, personnelPlan } from '../../migrations/personnel/personnel.plan.js';
import { EMPLOYEE_MAPPER } from '../../migrations/personnel/personnel.tokens.js';
import { bindCompany } from './company-bindings.js';
import { bindPlanOptions, type OptionsEnvironment } from './plan-options.js';

/** A plan and its demo data. A sixth plan is one more entry in `plans`, and in `PLAN_OUTLINES`. */
export interface BoundPlan {
  readonly plan: MigrationPlan;
  readonly demo: DemoData;
}

/**
 * Every plan that there is, with the options that the environment sets for it, its steps made by the container, in the order
 * of the plan's own list.
 */
export function plans(environment: OptionsEnvironment = {}): readonly BoundPlan[] {
  const container = new Container({ defaultScope: 'Singleton' });
  container.bind(KPI_LINK_MAPPER).to(KpiLinkMapper);
  container.bind(KPI_DATA_MAPPER).to(KpiDataMapper);
  container.bind(PERSON_MAPPER).to(PersonMapper);
  container.bind(EMPLOYEE_MAPPER).to(EmployeeMapper);
  container.bind(SERVER_MAPPER).to(ServerMapper);
  container.bind(MEMBERSHIP_MAPPER).to(MembershipMapper);
  container.bind(USER_MAPPER).to(UserMapper);
  bindPlanOptions(container, environment);
  bindCompany(container, environment);
  // plans new: bindings
  return [
    { plan: kpiPlan(steps(container, KPI_STEPS)), demo: new KpiDemoData() },
    { plan: personnelPlan(steps(container, PERSONNEL_STEPS)), demo: new PersonnelDemoData() },
    { plan: coreTablePlan(steps(container, CORE_TABLE_STEPS)), demo: new CoreTableDemoData() },
    { plan: companyPlan(steps(container, COMPANY_STEPS)), demo: new CompanyDemoData() },
    // plans new: plans
  ];
}

/** Binds and resolves each step of a list: the container makes them, the list orders them (ADR 0003). */
function steps(container: Container, classes: readonly Newable<IMigrationStep>[]): IMigrationStep[] {
  return classes.map((step) => {
    container.bind(step).toSelf();
    return container.get(step);
  });
}
