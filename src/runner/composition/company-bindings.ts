import type { Container } from 'inversify';
import { optionsOf } from '../../infrastructure/config/plan-options.js';
import { FileOverrides } from '../../infrastructure/directory/company-overrides.js';
import { CompanyMapper } from '../../infrastructure/persistence/company/company.mapper.js';
import { ContractorMapper } from '../../infrastructure/persistence/company/contractor.mapper.js';
import { ExpenseMapper } from '../../infrastructure/persistence/company/expense.mapper.js';
import { MembershipMapper } from '../../infrastructure/persistence/company/membership.mapper.js';
import { ProjectMapper } from '../../infrastructure/persistence/company/project.mapper.js';
import { WorkMapper } from '../../infrastructure/persistence/company/work.mapper.js';
import { COMPANY_OPTIONS } from '../../migrations/company/company.options.js';
import { COMPANY_MAPPER, MEMBERSHIP_MAPPER, OVERRIDES } from '../../migrations/company/company.tokens.js';
import { ENTITY_PARTS, type EntityParts } from '../../migrations/company/entity-parts.js';
import { DEFAULT_POLICY, type EntityPolicy } from '../../migrations/company/entity-policy.js';
import { NO_OVERRIDES, type Overrides } from '../../migrations/company/resolution/overrides.js';
import { optionValues } from '../../migrations/contract/plan-options.js';
import type { OptionsEnvironment } from './plan-options.js';

/** Binds what plan `company` is made with. */
export function bindCompany(container: Container, environment: OptionsEnvironment): void {
  container.bind(COMPANY_MAPPER).to(CompanyMapper);
  container.bind(MEMBERSHIP_MAPPER).to(MembershipMapper);
  const { overrides, onCollision, statuses } = optionValues(
    COMPANY_OPTIONS,
    optionsOf(environment, 'company'),
  );
  const decided: Overrides = overrides === undefined ? NO_OVERRIDES : new FileOverrides(overrides);
  container.bind(OVERRIDES).toConstantValue(decided);
  const policy: EntityPolicy = {
    onCollision: onCollision ?? DEFAULT_POLICY.onCollision,
    ...(statuses === undefined ? {} : { statuses: new Set(statuses) }),
  };
  const mappers = {
    project: new ProjectMapper(),
    contractor: new ContractorMapper(),
    work: new WorkMapper(),
    expense: new ExpenseMapper(),
  };
  const parts: EntityParts = { overrides: decided, policy, mappers };
  container.bind(ENTITY_PARTS).toConstantValue(parts);
}
