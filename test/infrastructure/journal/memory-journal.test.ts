import { MemoryJournal } from '../../../src/infrastructure/journal/memory-journal.js';
import { journalContract } from '../../support/journal-contract.js';

journalContract('MemoryJournal', () => Promise.resolve(new MemoryJournal()), {
  severalRuns: true,
  states: true,
});
