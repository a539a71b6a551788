import type { PhaseRecord, PhaseStore } from '../../src/cutover/phases/phase-store.js';

export const DUAL_WRITES: PhaseRecord = {
  plan: 'kpi',
  phase: { name: 'dual-write', share: 0 },
  version: 1,
  last: {
    from: { name: 'legacy', share: 0 },
    to: { name: 'dual-write', share: 0 },
    by: 'ann',
    why: 'CHG-4711',
    at: '2026-11-21T09:00:00.000Z',
  },
  settling: { writes: 'legacy', truth: 'legacy', until: '2026-11-21T09:01:00.000Z' },
};

export const BACK_AGAIN: PhaseRecord = {
  plan: 'kpi',
  phase: { name: 'legacy', share: 0 },
  version: 2,
  last: {
    from: { name: 'dual-write', share: 0 },
    to: { name: 'legacy', share: 0 },
    by: 'ben',
    why: 'INC-17',
    at: '2026-11-21T09:00:10.000Z',
  },
  settling: { writes: 'both', truth: 'legacy', until: '2026-11-21T09:01:10.000Z' },
};

/** What every store of phases must do. */
export function phaseStoreContract(name: string, empty: () => Promise<PhaseStore>): void {
  describe(`${name}: a store of phases`, () => {
    let store: PhaseStore;
    beforeEach(async () => {
      store = await empty();
    });

    it('E-13: a plan begins with the legacy model', async () => {
      expect(await store.read('kpi')).toEqual({
        plan: 'kpi',
        phase: { name: 'legacy', share: 0 },
        version: 0,
      });
      expect(await store.history('kpi')).toEqual([]);
    });

    it('E-X18: a change is there for every reader, and the history keeps all of them in order', async () => {
      await store.change(DUAL_WRITES);
      expect(await store.read('kpi')).toEqual(DUAL_WRITES);
      await store.change(BACK_AGAIN);
      expect(await store.read('kpi')).toEqual(BACK_AGAIN);
      expect(await store.history('kpi')).toEqual([DUAL_WRITES.last, BACK_AGAIN.last]);
    });

    it('E-X18: of two changes at the same time one is made, and the other is refused', async () => {
      const others = [DUAL_WRITES, { ...DUAL_WRITES, last: { ...DUAL_WRITES.last!, by: 'ben' } }];
      const ended = await Promise.allSettled(others.map((one) => store.change(one)));
      expect(ended.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
      const refused = ended.find((one) => one.status === 'rejected');
      expect(refused?.reason).toMatchObject({ code: 'PHASE_CHANGED', exit: 3 });
      const won = others[ended.findIndex((one) => one.status === 'fulfilled')]!;
      expect(await store.read('kpi')).toEqual(won);
      expect(await store.history('kpi')).toEqual([won.last]);
    });

    it('E-X18: a change of a version that is gone is refused and leaves nothing', async () => {
      await store.change(DUAL_WRITES);
      await store.change(BACK_AGAIN);
      await expect(store.change(DUAL_WRITES)).rejects.toMatchObject({ code: 'PHASE_CHANGED' });
      await expect(store.change(BACK_AGAIN)).rejects.toMatchObject({ code: 'PHASE_CHANGED' });
      await expect(store.change({ ...BACK_AGAIN, version: 4 })).rejects.toMatchObject({
        code: 'PHASE_CHANGED',
      });
      expect(await store.read('kpi')).toEqual(BACK_AGAIN);
      expect(await store.history('kpi')).toHaveLength(2);
    });

    it('E-13: plans stand apart', async () => {
      await store.change(DUAL_WRITES);
      expect(await store.read('kpi-2')).toMatchObject({ version: 0 });
      expect(await store.history('kp')).toEqual([]);
    });
  });
}
