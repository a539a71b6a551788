import { loadEnvironment } from '../../infrastructure/config/environments.js';
import { TableMapping } from '../../infrastructure/dynamodb/table-mapping.js';
import { guardedTables } from '../../infrastructure/dynamodb/write-guard.js';
import { DynamoJournal } from '../../infrastructure/journal/dynamo-journal.js';
import { JOURNAL_TABLE } from '../../infrastructure/journal/journal-layout.js';
import { provenEvidence } from '../ladder/recorded-evidence.js';
import type { Environment } from '../ports/environment.js';
import type { ServiceParts } from '../services/service-parts.js';
import { GuardedClients } from './guarded-clients.js';

/**
 * The journal of the environment that this one follows, where the same account and endpoint have it: its evidence then
 * needs no file. Opened only when a gate asks.
 */
export function predecessorParts(
  { after }: Environment,
  endpoint: string | undefined,
): Pick<ServiceParts, 'evidenceBefore' | 'journalBefore'> {
  if (after === undefined) return {};
  const before = loadEnvironment(after);
  const mapping = new TableMapping(before, [JOURNAL_TABLE]);
  const physicalName = mapping.physicalName(JOURNAL_TABLE.name);
  return {
    journalBefore: { physicalName, ...(before.region === undefined ? {} : { region: before.region }) },
    evidenceBefore: async (plan) => {
      const clients = new GuardedClients(before, endpoint);
      try {
        const tables = guardedTables([JOURNAL_TABLE], mapping, () => 'none');
        const policy = { tables, readOnly: true, tableAdmin: false };
        const journal = new DynamoJournal(clients.client(policy, { concurrency: 4 }), physicalName);
        return await provenEvidence(plan, before.name, journal);
      } finally {
        clients.close();
      }
    },
  };
}
