import type { MigrationPlan } from '../../migrations/contract/migration-plan.js';
import type { IndexDefinition, TableDefinition } from '../../migrations/contract/table.js';
import type { PreflightResult } from '../application.js';
import { RefusedError } from '../ports/errors.js';
import type { TableAdmin, TableDescription } from '../ports/table-admin.js';

type Check = PreflightResult['checks'][number];

/** Compares the tables of a plan with what stands in the store and names each difference (K-10, F-04). */
export async function inspectTables(
  admin: TableAdmin,
  tables: readonly TableDefinition[],
  env: string,
): Promise<Check[]> {
  const checks: Check[] = [];
  for (const table of tables)
    checks.push(...tableChecks(table, admin.physicalName(table.name), await admin.describe(table.name), env));
  return checks;
}

export async function preflight(
  admin: TableAdmin,
  plan: MigrationPlan,
  journal: TableDefinition,
  env: string,
): Promise<PreflightResult> {
  const checks = await inspectTables(admin, [...plan.tables, journal], env);
  return { plan: plan.name, env, checks, passed: checks.every((check) => check.passed) };
}

/** Throws where preflight did not pass; the message names every difference. */
export function requirePassed(result: PreflightResult): void {
  if (result.passed) return;
  const failed = result.checks.filter((check) => !check.passed);
  const differences = failed.map(
    ({ name, expected, found }) => `${name}: expected ${expected}, found ${found}`,
  );
  throw new RefusedError(
    'PREFLIGHT_FAILED',
    `${differences.length} preflight ${differences.length === 1 ? 'check' : 'checks'} failed: ${differences.join('; ')}`,
    failed.find((check) => check.next !== undefined)?.next ?? 'Correct the tables, then run preflight again.',
  );
}

function tableChecks(
  table: TableDefinition,
  physical: string,
  found: TableDescription | undefined,
  env: string,
): Check[] {
  if (found === undefined) {
    const check = { name: `table ${physical}`, passed: false, expected: 'ACTIVE', found: 'no such table' };
    return [{ ...check, next: nextForMissing(table, env) }];
  }
  const keys = `${found.partitionKey}${found.sortKey === undefined ? '' : `, ${found.sortKey}`}`;
  const expectedKeys = `${table.partitionKey}${table.sortKey === undefined ? '' : `, ${table.sortKey}`}`;
  return [
    same(`table ${physical}`, 'ACTIVE', found.status),
    same(`key of ${physical}`, expectedKeys, keys),
    ...keyTypeChecks(table, physical, found),
    ...table.indexes.flatMap((index) => indexChecks(index, physical, found)),
  ];
}

function keyTypeChecks(table: TableDefinition, physical: string, found: TableDescription): Check[] {
  const names = new Set(
    [table, ...table.indexes].flatMap((keys) => [keys.partitionKey, keys.sortKey ?? []].flat()),
  );
  return [...names]
    .filter((name) => found.keyTypes.has(name))
    .map((name) => same(`type of ${physical}.${name}`, 'S', found.keyTypes.get(name) ?? 'none'));
}

function indexChecks(index: IndexDefinition, physical: string, table: TableDescription): Check[] {
  const name = `index ${index.name} of ${physical}`;
  const found = table.indexes.find((candidate) => candidate.name === index.name);
  if (found === undefined) return [same(name, describeIndex(index), 'no such index')];
  const shape = same(
    name,
    `${describeIndex(index)} projecting ALL`,
    `${describeIndex(found)} projecting ${found.projection}`,
  );
  return [shape, same(`${name}: status`, 'ACTIVE', found.status)];
}

function describeIndex({ partitionKey, sortKey }: IndexDefinition): string {
  return `(${partitionKey}${sortKey === undefined ? '' : `, ${sortKey}`})`;
}

function same(name: string, expected: string, found: string): Check {
  return { name, passed: expected === found, expected, found };
}

function nextForMissing(table: TableDefinition, env: string): string {
  if (table.role === 'target') return `Create the target tables: node runner tables create --env ${env}`;
  return `${table.name} is a legacy or look-up table: check region, account and table names of environment ${env}.`;
}
