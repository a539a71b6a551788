import { MemoryPhaseStore } from '../../../src/infrastructure/journal/memory-phase-store.js';
import { DUAL_WRITES, phaseStoreContract } from '../../support/phase-store-contract.js';

phaseStoreContract('MemoryPhaseStore', () => Promise.resolve(new MemoryPhaseStore()));

describe('MemoryPhaseStore', () => {
  it('gives copies', async () => {
    const store = new MemoryPhaseStore();
    await store.change(DUAL_WRITES);
    Object.assign(await store.read('kpi'), { version: 7 });
    expect(await store.read('kpi')).toEqual(DUAL_WRITES);
  });
});
