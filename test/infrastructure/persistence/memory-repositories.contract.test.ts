import { Container } from 'inversify';

import { MemoryStore } from '../../../src/infrastructure/memory/memory-store.js';
import type { Page, ScanOptions } from '../../../src/migrations/contract/record-reader.js';
import { KPI_TABLES } from '../../../src/migrations/kpi/kpi.tables.js';
import { bindRepositories } from '../../../src/runner/composition/repositories.js';
import { repositoriesOf } from '../../support/repositories.js';
import { describeRepositoryContract } from '../../support/repository-contract.js';

class CountingStore extends MemoryStore {
  pages = 0;

  override async *scan(table: string, options?: ScanOptions): AsyncGenerator<Page> {
    for await (const page of super.scan(table, options)) {
      this.pages += 1;
      yield page;
    }
  }
}

describeRepositoryContract('K-34: in memory', () => {
  const memory = new CountingStore(KPI_TABLES, { pageSize: 3 });
  const container = new Container();
  bindRepositories(container, { memory });
  return Promise.resolve({
    ...repositoriesOf(container),
    pageSize: 3,
    scannedPages: () => memory.pages,
    put: (table, item) => {
      memory.load(table, [item]);
      return Promise.resolve();
    },
    row: async (table, id) => (await memory.get(table, [{ id: { S: id } }]))[0],
    clear: () => {
      for (const { name } of KPI_TABLES)
        for (const row of memory.rows(name)) memory.erase(name, { id: row['id']! });
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  });
});
