import { optionsOf } from '../../infrastructure/config/plan-options.js';
import { regionOf } from '../../infrastructure/directory/user-pool.js';
import { optionValues } from '../../migrations/contract/plan-options.js';
import { CORE_TABLE_OPTIONS } from '../../migrations/core-table/core-table.options.js';
import { CORE_TABLE_OUTLINE } from '../../migrations/core-table/core-table.outline.js';
import { allow, partition, type PolicyStatement } from '../iam/policy-document.js';
import type { OptionsEnvironment } from './plan-options.js';

/** What a plan needs beside its tables, where the environment has it configured. */
export function planPermissions(environment: OptionsEnvironment, plan: string): readonly PolicyStatement[] {
  if (plan !== CORE_TABLE_OUTLINE.name) return [];
  const { directory } = optionValues(CORE_TABLE_OPTIONS, optionsOf(environment, plan));
  if (directory?.kind !== 'cognito') return [];
  const region = regionOf(directory);
  const pool = `arn:${partition(region)}:cognito-idp:${region}:*:userpool/${directory.userPoolId}`;
  return [allow('DirectoryOfUsers', ['cognito-idp:AdminGetUser'], [pool])];
}
