import { MemoryJournal } from '../../../src/infrastructure/journal/memory-journal.js';
import { provenEvidence, recordEvidence } from '../../../src/runner/ladder/recorded-evidence.js';
import type { StepState } from '../../../src/runner/ports/journal.js';
import { past, PLAN, VERSION } from '../acceptance/journal-fixture.js';

async function passed(): Promise<MemoryJournal> {
  const journal = new MemoryJournal();
  for (const { name } of PLAN.steps) await past(journal, { step: name });
  return journal;
}

async function set(journal: MemoryJournal, statuses: Record<string, StepState['status']>): Promise<void> {
  for (const state of await journal.states('kpi'))
    await journal.saveState({ ...state, status: statuses[state.step] ?? state.status });
}

describe('evidence that was recorded when a run was complete', () => {
  it('outlives the rehearsal of a rollback', async () => {
    const journal = await passed();
    await recordEvidence(PLAN, 'staging', journal);
    await set(journal, { links: 'rolled-back', readings: 'rolled-back' });
    expect(await provenEvidence(PLAN, 'staging', journal)).toMatchObject({
      env: 'staging',
      planVersion: VERSION,
      steps: [{ step: 'links' }, { step: 'readings' }],
    });
  });

  it.each([
    ['a step failed its validation since', { links: 'rolled-back', readings: 'failed' }],
    ['a part of it was rolled back only', { readings: 'rolled-back' }],
    ['it is being migrated again', { links: 'running', readings: 'rolled-back' }],
  ] as const)('does not count where %s', async (_, statuses) => {
    const journal = await passed();
    await recordEvidence(PLAN, 'staging', journal);
    await set(journal, statuses);
    await expect(provenEvidence(PLAN, 'staging', journal)).rejects.toMatchObject({
      code: 'EVIDENCE_MISSING',
    });
  });

  it('is not made where a step is still to come, nor taken from another environment', async () => {
    const journal = new MemoryJournal();
    await past(journal, { step: 'links' });
    await recordEvidence(PLAN, 'staging', journal);
    expect(await journal.attestations('kpi', 'staging')).toEqual([]);

    const other = await passed();
    await recordEvidence(PLAN, 'qa', other);
    await set(other, { links: 'rolled-back', readings: 'rolled-back' });
    await expect(provenEvidence(PLAN, 'staging', other)).rejects.toMatchObject({ code: 'EVIDENCE_MISSING' });
  });

  it('is what stands there now as long as it stands', async () => {
    const journal = await passed();
    await recordEvidence(PLAN, 'staging', journal);
    const [links] = await journal.states('kpi');
    if (links === undefined) throw new Error('no state');
    await journal.saveState({ ...links, at: '2026-12-01T00:00:00.000Z' });
    expect((await provenEvidence(PLAN, 'staging', journal)).at).toBe('2026-12-01T00:00:00.000Z');
  });
});
