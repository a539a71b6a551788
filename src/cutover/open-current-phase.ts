import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DEFAULT_RETRIES } from '../infrastructure/dynamodb/retry-budget.js';
import { DynamoPhaseStore } from '../infrastructure/journal/dynamo-phase-store.js';
import { HolderClock } from '../infrastructure/lease/holder-clock.js';
import { SYSTEM_CLOCKS } from '../infrastructure/lease/lease-clocks.js';
import { CurrentPhase } from './phases/current-phase.js';

export interface CurrentPhaseSetting {
  /** the application's own client; it needs `dynamodb:GetItem` on the journal's table, and nothing else of it is used */
  readonly client: DynamoDBClient;
  /** physical name, e.g. `waybill-journal-staging` */
  readonly journalTable: string;
  readonly plan: string;
}

/** An application that waits for longer had better refuse its work: the last answer counts for half a minute anyway. */
const PATIENCE_MS = 2_000;

/** The phase of a plan for a process of the application. Make one when the process starts, and keep it. */
export function openCurrentPhase({ client, journalTable, plan }: CurrentPhaseSetting): CurrentPhase {
  const store = new DynamoPhaseStore(client, journalTable, { ...DEFAULT_RETRIES, total: PATIENCE_MS });
  // it goes on where the process is frozen or the machine suspended, as between two invocations of a function
  const clock = new HolderClock(SYSTEM_CLOCKS);
  return new CurrentPhase({ reader: store, plan, clock: () => clock.now(), patience: PATIENCE_MS });
}
