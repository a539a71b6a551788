import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDiscrepancies } from '../infrastructure/cutover/dynamo-discrepancies.js';
import { DynamoTwoModels } from '../infrastructure/cutover/dynamo-two-models.js';
import { DynamoAccess } from '../infrastructure/dynamodb/dynamo-access.js';
import { DynamoReader } from '../infrastructure/dynamodb/dynamodb-reader.js';
import { TableMapping } from '../infrastructure/dynamodb/table-mapping.js';
import { EmployeeMapper } from '../infrastructure/persistence/personnel/employee.mapper.js';
import { EmployeesStep } from '../migrations/personnel/employees.step.js';
import { personnelDualWrites } from '../migrations/personnel/personnel.dual-writes.js';
import type { PersonnelOptions } from '../migrations/personnel/personnel.options.js';
import { PERSONNEL_TABLES } from '../migrations/personnel/personnel.tables.js';
import { DualWriter, type DualWriterOptions } from './dual-writes/dual-writer.js';
import type { DiscrepancyList } from './dual-writes/discrepancies.js';

export interface DualWriterSetting extends Omit<DualWriterOptions, 'rules' | 'models'> {
  /** the application's own client */
  readonly client: DynamoDBClient;
  /** of the account or Region where the legacy table is, if another one; the policy is `truth-first` then */
  readonly legacyClient?: DynamoDBClient;
  /** behind the literal names of tables, e.g. `-staging`, as in the environment file */
  readonly suffix: string;
  /** physical names and attribute aliases by literal table name, as in the environment file */
  readonly tables?: Readonly<Record<string, string>>;
  readonly attributes?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** physical name, e.g. `waybill-journal-staging` */
  readonly journalTable: string;
}

/** Dual writes of plan `personnel`. `options`: of the plan, as in the environment file. */
export function openPersonnelDualWriter(
  { client, legacyClient, suffix, tables = {}, attributes = {}, journalTable, ...others }: DualWriterSetting,
  options: PersonnelOptions = {},
): DualWriter {
  const mapping = new TableMapping({ suffix, tables, attributes }, PERSONNEL_TABLES);
  const access = (one: DynamoDBClient): DynamoAccess =>
    new DynamoAccess({
      ...{ client: one, mapping },
      reader: new DynamoReader({ client: one, mapping, tables: PERSONNEL_TABLES }),
    });
  const [ofLegacy, ofCurrent] = [access(legacyClient ?? client), access(client)];
  const rules = personnelDualWrites(new EmployeesStep(new EmployeeMapper(), options), {
    get: (table, keys) => ofCurrent.get(table, keys),
    query: (table, key, index) => (index === undefined ? ofLegacy : ofCurrent).query(table, key, index),
  });
  const models = new DynamoTwoModels({
    ...{ plan: rules.plan, client, mapping, legacy: rules.legacy, current: rules.current, journalTable },
    ...(legacyClient !== undefined && { legacyClient }),
  });
  return new DualWriter({ ...others, rules, models });
}

/** What dual writes have left open in an environment, for those who work it off. */
export function openDiscrepancies(client: DynamoDBClient, journalTable: string): DiscrepancyList {
  return new DynamoDiscrepancies(client, journalTable);
}
