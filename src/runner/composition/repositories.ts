import 'reflect-metadata';
import type { Container } from 'inversify';
import {
  CORE_TABLE_REPOSITORY,
  type CoreTableRepository,
} from '../../domain/core-table/core-table.repository.js';
import { KPI_DATA_REPOSITORY, type KpiDataRepository } from '../../domain/kpi/kpi-data.repository.js';
import { KPI_LINK_REPOSITORY, type KpiLinkRepository } from '../../domain/kpi/kpi-link.repository.js';
import { KPI_REPOSITORY, type KpiRepository } from '../../domain/kpi/kpi.repository.js';
import { PERSON_REPOSITORY, type PersonRepository } from '../../domain/person/person.repository.js';
import type { MemoryStore } from '../../infrastructure/memory/memory-store.js';
import type { CoreTableRows } from '../../infrastructure/persistence/core-table/core-table-rows.js';
import { MappedCoreTableRepository } from '../../infrastructure/persistence/core-table/core-table.repository.js';
import { DynamoCoreTableRows } from '../../infrastructure/persistence/core-table/dynamo-core-table-rows.js';
import { MemoryCoreTableRows } from '../../infrastructure/persistence/core-table/memory-core-table-rows.js';
import { KpiDataMapper } from '../../infrastructure/persistence/kpi/kpi-data.mapper.js';
import { KpiLinkMapper } from '../../infrastructure/persistence/kpi/kpi-link.mapper.js';
import { KpiMapper } from '../../infrastructure/persistence/kpi/kpi.mapper.js';
import { PersonMapper } from '../../infrastructure/persistence/kpi/person.mapper.js';
import { MappedKpiDataRepository } from '../../infrastructure/persistence/repositories/kpi-data.repository.js';
import { MappedKpiLinkRepository } from '../../infrastructure/persistence/repositories/kpi-link.repository.js';
import { MappedKpiRepository } from '../../infrastructure/persistence/repositories/kpi.repository.js';
import { MappedPersonRepository } from '../../infrastructure/persistence/repositories/person.repository.js';
import { dynamoRowStores } from '../../infrastructure/persistence/rows/dynamo-row-store.js';
import type { DynamoTableOptions } from '../../infrastructure/persistence/rows/dynamo-table.js';
import { memoryRowStores } from '../../infrastructure/persistence/rows/memory-row-store.js';
import { CORE_TABLE } from '../../migrations/core-table/core-table.tables.js';
import { KPI_TABLES } from '../../migrations/kpi/kpi.tables.js';

/** Where the rows are: in DynamoDB, or in a store in memory that has the tables of the plans whose repositories are used. */
export type RepositoryStore = DynamoTableOptions | { readonly memory: MemoryStore };

/**
 * Binds the repositories of the new model, each as a singleton under the token of its port (D-03). For the application
 * that lives on after the migration; the migration itself reads and writes tables, through the same mappers.
 */
export function bindRepositories(container: Container, store: RepositoryStore): void {
  const rows =
    'memory' in store ? memoryRowStores(KPI_TABLES, store.memory) : dynamoRowStores(KPI_TABLES, store);
  const [link, data, kpi, person] = [
    new KpiLinkMapper(),
    new KpiDataMapper(),
    new KpiMapper(),
    new PersonMapper(),
  ];
  container
    .bind<KpiLinkRepository>(KPI_LINK_REPOSITORY)
    .toConstantValue(new MappedKpiLinkRepository(rows(link.table), link));
  container
    .bind<KpiDataRepository>(KPI_DATA_REPOSITORY)
    .toConstantValue(new MappedKpiDataRepository(rows(data.table), data));
  container
    .bind<KpiRepository>(KPI_REPOSITORY)
    .toConstantValue(new MappedKpiRepository(rows(kpi.table), kpi));
  container
    .bind<PersonRepository>(PERSON_REPOSITORY)
    .toConstantValue(new MappedPersonRepository(rows(person.table), person));
  container
    .bind<CoreTableRepository>(CORE_TABLE_REPOSITORY)
    .toConstantValue(new MappedCoreTableRepository(coreTableRows(store)));
}

function coreTableRows(store: RepositoryStore): CoreTableRows {
  return 'memory' in store
    ? new MemoryCoreTableRows(store.memory)
    : new DynamoCoreTableRows(CORE_TABLE, store);
}
