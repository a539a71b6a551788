import { MemoryStore } from '../../../src/infrastructure/memory/memory-store.js';
import { CARGO, describeStoreContract, STOPS } from '../../support/store-contract.js';

describeStoreContract('the store in memory', () => {
  const store = new MemoryStore([CARGO, STOPS], { pageSize: 10 });
  return Promise.resolve({
    reader: store,
    sink: store,
    admin: store,
    pageSize: 10,
    put: (table, item) => {
      store.load(table, [item]);
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  });
});
