import { MemoryPhaseStore } from '../../../src/infrastructure/journal/memory-phase-store.js';
import type { Phase } from '../../../src/cutover/phases/phase.js';
import { requireLegacyWritten, requireUnread } from '../../../src/runner/phases/phase-guards.js';
import type { Environment } from '../../../src/runner/ports/environment.js';

const NOW = '2026-11-21T09:00:00.000Z';
const VERIFIED: Phase = { name: 'verified', share: 0 };
const reading = (share: number): Phase => ({ name: 'reading', share });

/** A plan that went from one phase to another so many seconds ago. */
async function parts(from: Phase, to: Phase, secondsAgo = 3600) {
  const store = new MemoryPhaseStore();
  const at = new Date(Date.parse(NOW) - secondsAgo * 1000).toISOString();
  await store.change({ plan: 'kpi', phase: to, version: 1, last: { from, to, by: 'ann', why: 'x', at } });
  return {
    environment: { name: 'production', production: true } as Environment,
    phases: () => Promise.resolve(store),
    now: () => new Date(NOW),
  };
}

describe('what a phase forbids', () => {
  it.each([reading(1), reading(100)])(
    'E-29: rows are not removed in %j: reads go back first',
    async (phase) => {
      await expect(requireUnread(await parts(VERIFIED, phase), 'kpi')).rejects.toMatchObject({
        code: 'PHASE_FORBIDS',
        exit: 3,
        next: 'Take the reads back first: node runner phase back --env production --by NAME --why TEXT --confirm-production',
      });
    },
  );

  it('P-X30: rows of the only model that is right are not removed', async () => {
    const only = await parts(reading(100), { name: 'new-only', share: 100 });
    await expect(requireUnread(only, 'kpi')).rejects.toMatchObject({ code: 'PHASE_FORBIDS' });
  });

  it('E-29: after the way back rows are removed once no process reads them any more', async () => {
    await expect(requireUnread(await parts(reading(10), VERIFIED, 59), 'kpi')).rejects.toMatchObject({
      code: 'PHASE_NOT_SETTLED',
    });
    await requireUnread(await parts(reading(10), VERIFIED, 60), 'kpi');
    await requireUnread(await parts({ name: 'backfilled', share: 0 }, VERIFIED, 1), 'kpi');
  });

  it('P-X30: nothing is migrated from a model that is not written any more', async () => {
    for (const name of ['new-only', 'archived'] as const) {
      const over = await parts(reading(100), { name, share: 100 });
      await expect(requireLegacyWritten(over, 'kpi')).rejects.toMatchObject({
        code: 'PHASE_FORBIDS',
        exit: 3,
      });
    }
    await requireLegacyWritten(await parts(VERIFIED, reading(100)), 'kpi');
  });

  it('where nobody keeps phases, and of a plan that has none, nothing is forbidden', async () => {
    const { environment, now } = await parts(VERIFIED, reading(10));
    await requireUnread({ environment, now }, 'kpi');
    await requireUnread(await parts(VERIFIED, reading(10)), 'company');
  });
});
