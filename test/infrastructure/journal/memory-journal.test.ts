import { MemoryJournal } from '../../../src/infrastructure/journal/memory-journal.js';
import type { Journal } from '../../../src/runner/ports/journal.js';
import { journalContract } from '../../support/journal-contract.js';
import { fenceOf, stepState } from '../../support/journal-samples.js';

let opened: MemoryJournal;

function open(): Promise<Journal> {
  opened = new MemoryJournal();
  return Promise.resolve(opened);
}

journalContract('MemoryJournal', open, {
  severalRuns: true,
  takeOver: (plan, token) => {
    opened.advanceToken(plan, token);
    return Promise.resolve();
  },
});

describe('MemoryJournal', () => {
  it('never goes back to a lower token', async () => {
    const journal = new MemoryJournal();
    journal.advanceToken('kpi', 5);
    journal.advanceToken('kpi', 4);
    await expect(journal.fencedBy(fenceOf(4)).saveState(stepState())).rejects.toMatchObject({
      code: 'LEASE_LOST',
    });
    await journal.fencedBy(fenceOf(5)).saveState(stepState());
  });
});
