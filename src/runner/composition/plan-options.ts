import type { Container } from 'inversify';
import { Cohort } from '../../domain/core-table/cohort.js';
import { DEFAULT_ROLES, type RolePolicy } from '../../domain/core-table/permissions.js';
import { optionsOf } from '../../infrastructure/config/plan-options.js';
import { AskedCoreTableRows } from '../../infrastructure/persistence/core-table/asked-core-table-rows.js';
import { MappedCoreTableRepository } from '../../infrastructure/persistence/core-table/core-table.repository.js';
import { optionValues } from '../../migrations/contract/plan-options.js';
import type { CoreTableOn } from '../../migrations/core-table/workflow-access.js';
import { CORE_TABLE_OPTIONS, type CoreTableOptions } from '../../migrations/core-table/core-table.options.js';
import {
  COHORT,
  CORE_TABLE_ON,
  ROLE_POLICY,
  USER_DIRECTORY,
} from '../../migrations/core-table/core-table.tokens.js';
import { PERSONNEL_OPTIONS } from '../../migrations/personnel/personnel.options.js';
import { PERSONNEL_SETTINGS } from '../../migrations/personnel/personnel.tokens.js';
import type { Environment } from '../ports/environment.js';
import { userDirectory } from './user-directory.js';

/** What of an environment plans are made with. */
export type OptionsEnvironment = Partial<Pick<Environment, 'plans'>>;

/** Binds what an environment sets for plans. Its options have passed the check. */
export function bindPlanOptions(container: Container, environment: OptionsEnvironment): void {
  const core = optionValues(CORE_TABLE_OPTIONS, optionsOf(environment, 'core-table'));
  container.bind(ROLE_POLICY).toConstantValue(rolePolicy(core));
  container.bind(COHORT).toConstantValue(new Cohort(core.cohort));
  container
    .bind<CoreTableOn>(CORE_TABLE_ON)
    .toConstantValue((tables) => new MappedCoreTableRepository(new AskedCoreTableRows(tables)));
  if (core.directory !== undefined)
    container.bind(USER_DIRECTORY).toConstantValue(userDirectory(core.directory));
  const personnel = optionValues(PERSONNEL_OPTIONS, optionsOf(environment, 'personnel'));
  container.bind(PERSONNEL_SETTINGS).toConstantValue(personnel);
}

function rolePolicy({ roles, strictRoles }: CoreTableOptions): RolePolicy {
  return {
    permissions: roles === undefined ? DEFAULT_ROLES.permissions : new Map(Object.entries(roles)),
    strict: strictRoles ?? DEFAULT_ROLES.strict,
  };
}
