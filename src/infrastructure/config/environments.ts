import type { Environment } from '../../runner/ports/environment.js';
import { UsageError } from '../../runner/ports/errors.js';
import { faultsOf, needsBackup, USUAL_PREDECESSOR } from './environment-check.js';
import { environmentNames, environmentsFolder, readEnvironmentFile } from './environment-files.js';

/** Their number finds its own level below this. */
const MOST_REQUESTS = 256;

/** Where others work on the same tables, they keep at least as much as the migration takes. */
const USUAL_SHARE = 0.5;

/** An environment file that passed the check: every key is optional. */
type CheckedContent = Partial<Omit<Environment, 'name'>>;

/**
 * The environment of this name (or alias: `test` is `dev`, A-03) with all defaults filled in.
 *
 * Throws `UsageError`: `ENVIRONMENT_UNKNOWN` with the names that there are, `ENVIRONMENT_INVALID` with every fault
 * of the file, `ENVIRONMENTS_MISSING` without a folder. `folder` omitted: see `environmentsFolder`.
 */
export function loadEnvironment(name: string, folder: string = environmentsFolder()): Environment {
  const file = readEnvironmentFile(name, folder);
  const faults = faultsOf(file.name, file.content, environmentNames(folder));
  if (faults.length > 0) {
    throw new UsageError(
      'ENVIRONMENT_INVALID',
      [`${file.path} is not valid:`, ...faults].join('\n  '),
      'Correct the file; environments/environment.schema.json describes it for editors.',
    );
  }
  const content = file.content as CheckedContent;
  const production = content.production ?? false;
  const after = content.after ?? (production ? USUAL_PREDECESSOR : undefined);
  return {
    name: file.name,
    title: content.title ?? file.name.charAt(0).toUpperCase() + file.name.slice(1),
    suffix: content.suffix ?? `-${file.name}`,
    ...(content.region === undefined ? {} : { region: content.region }),
    embedded: content.embedded ?? false,
    seedable: content.seedable ?? false,
    production,
    backup: content.backup ?? (needsBackup(file.name, production) ? 'required' : 'advised'),
    backupHours: content.backupHours ?? 24,
    ...(after === undefined ? {} : { after }),
    tables: content.tables ?? {},
    attributes: content.attributes ?? {},
    ...(content.plans === undefined ? {} : { plans: content.plans }),
    ...(content.cutover === undefined ? {} : { cutover: content.cutover }),
    segments: content.segments ?? 4,
    ...(content.prices === undefined ? {} : { prices: content.prices }),
    concurrency: content.concurrency ?? MOST_REQUESTS,
    ...rateOf(file.name, content, production),
  };
}

/** Environments that matter leave a share of each table to its application unless the file says otherwise. */
function rateOf(
  name: string,
  { capacityShare, maxWcu, maxRcu, after }: CheckedContent,
  production: boolean,
): Pick<Environment, 'capacityShare' | 'maxWcu' | 'maxRcu'> {
  const isShared = needsBackup(name, production) || after !== undefined;
  const share = capacityShare ?? (isShared ? USUAL_SHARE : undefined);
  return {
    ...(share === undefined ? {} : { capacityShare: share }),
    ...(maxWcu === undefined ? {} : { maxWcu }),
    ...(maxRcu === undefined ? {} : { maxRcu }),
  };
}

/**
 * Refuses an environment whose `tables` or `attributes` name a table that no plan has (it would silently do
 * nothing), or whose names make one physical table of two. `literalNames`: the tables of all plans.
 * Throws `UsageError` (`ENVIRONMENT_INVALID`).
 */
export function checkTableNames(environment: Environment, literalNames: readonly string[]): void {
  const faults = (['tables', 'attributes'] as const).flatMap((key) =>
    Object.keys(environment[key])
      .filter((table) => !literalNames.includes(table))
      .map((table) => `/${key}/${table}: no plan has this table; valid are ${literalNames.join(', ')}`),
  );
  const owners = new Map<string, string>();
  for (const table of new Set(literalNames)) {
    const renamed = Object.hasOwn(environment.tables, table) ? environment.tables[table] : undefined;
    const physical = renamed ?? `${table}${environment.suffix}`;
    const other = owners.get(physical);
    if (other !== undefined)
      faults.push(`/tables: ${other} and ${table} would both be the table ${physical}`);
    owners.set(physical, table);
  }
  if (faults.length === 0) return;
  throw new UsageError(
    'ENVIRONMENT_INVALID',
    [`The environment ${environment.name} does not fit the plans:`, ...faults].join('\n  '),
    `Correct the file of the environment ${environment.name}.`,
  );
}
