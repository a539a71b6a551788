import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { checkTableNames, loadEnvironment } from '../../infrastructure/config/environments.js';
import { DynamoTableAdmin } from '../../infrastructure/dynamodb/dynamodb-table-admin.js';
import { configuredEndpoint, isAws } from '../../infrastructure/dynamodb/endpoint.js';
import { TableMapping } from '../../infrastructure/dynamodb/table-mapping.js';
import { guardedTables } from '../../infrastructure/dynamodb/write-guard.js';
import type { EmbeddedServer } from '../../infrastructure/embedded/embedded-server.js';
import type { ForecastFolder } from '../../infrastructure/forecasts/forecast-folder.js';
import type { FileJournals } from '../../infrastructure/journal/file-journals.js';
import { DynamoJournal } from '../../infrastructure/journal/dynamo-journal.js';
import { JOURNAL_TABLE } from '../../infrastructure/journal/journal-layout.js';
import { DynamoLeases } from '../../infrastructure/lease/dynamo-leases.js';
import { createRunLog } from '../../infrastructure/logging/run-log.js';
import type { Application } from '../application.js';
import type { OpenOptions } from '../cli/composition.js';
import { UsageError } from '../ports/errors.js';
import type { Environment } from '../ports/environment.js';
import type { HistoryParts, ServiceParts } from '../services/service-parts.js';
import { WaybillApplication } from '../waybill-application.js';
import { GuardedClients } from './guarded-clients.js';
import { PLAN_OUTLINES } from './plan-outlines.js';
import { closeToOthers, forecastsFolder, runsFolder, STATE_FOLDER } from './state-folder.js';

/** The plans' tables and the journal's; plans may share look-up tables. */
const TABLES = [...PLAN_OUTLINES.flatMap(({ tables }) => tables), JOURNAL_TABLE];

/**
 * Puts an application for one environment together; starts or joins the embedded server where the environment has one.
 * What only some commands need is loaded when one of them is called: that takes longer than to read the journal.
 */
export async function openApplication(options: OpenOptions): Promise<Application> {
  const { progress, logLevel, terminal, files, folder = STATE_FOLDER } = options;
  const environment = loadEnvironment(options.env);
  checkTableNames(
    environment,
    TABLES.map((table) => table.name),
  );
  if (environment.plans !== undefined) {
    const { checkPlanOptions } = await import('../../infrastructure/config/plan-options.js');
    await checkPlanOptions(environment, PLAN_OUTLINES);
  }
  const log = options.log ?? createRunLog({ level: logLevel, terminal, stream: process.stderr });
  closeToOthers(folder);
  const server = await embeddedServer(environment, folder);
  try {
    const clients = new GuardedClients(environment, server?.endpoint);
    const mapping = new TableMapping(environment, TABLES);
    const history = historyParts(environment, clients, mapping, { log, folder });
    const all = async (): Promise<ServiceParts> => {
      const { allParts } = await import('./all-parts.js');
      return allParts({ clients, mapping, history, log, progress, folder, files });
    };
    return new WaybillApplication({ history, all }, async () => {
      clients.close();
      if (log !== options.log) await log.close();
      await server?.leave();
    });
  } catch (error) {
    await server?.leave();
    throw error;
  }
}

async function embeddedServer(environment: Environment, folder: string): Promise<EmbeddedServer | undefined> {
  if (!environment.embedded) return undefined;
  const endpoint = configuredEndpoint();
  if (endpoint === undefined) {
    const { joinEmbeddedServer } = await import('../../infrastructure/embedded/embedded-server.js');
    return joinEmbeddedServer({ folder });
  }
  if (!isAws(endpoint)) return undefined;
  throw new UsageError(
    'ENDPOINT_NOT_LOCAL',
    `${environment.name} makes its own tables and demo data, and AWS_ENDPOINT_URL_DYNAMODB points to AWS`,
    'Unset the variable, or choose another environment.',
  );
}

function historyParts(
  environment: Environment,
  clients: GuardedClients,
  mapping: TableMapping,
  { log, folder }: { readonly log: ServiceParts['log']; readonly folder: string },
): HistoryParts {
  const everything = guardedTables(unique(TABLES), mapping);
  const admin = new DynamoTableAdmin({
    client: clients.client({ tables: everything, readOnly: false, tableAdmin: true }, { concurrency: 4 }),
    mapping,
    deletionProtection: environment.production,
    ...(environment.embedded ? { interval: 20 } : {}),
  });
  const journal = journalClient(clients, mapping, environment.concurrency);
  const journalName = mapping.physicalName(JOURNAL_TABLE.name);
  return {
    environment,
    plans: PLAN_OUTLINES,
    admin,
    journal: new DynamoJournal(journal, journalName),
    // a client of their own: heartbeats never wait for the sockets of other requests
    leases: new DynamoLeases(journalClient(clients, mapping, 4), journalName, environment.name, { log }),
    journalTable: JOURNAL_TABLE,
    phases: async () => {
      const { DynamoPhaseStore } = await import('../../infrastructure/journal/dynamo-phase-store.js');
      return new DynamoPhaseStore(journal, journalName);
    },
    discrepancies: async () => {
      const { DynamoDiscrepancies } = await import('../../infrastructure/cutover/dynamo-discrepancies.js');
      return new DynamoDiscrepancies(journal, journalName);
    },
    dryRuns: {
      open: async (run) => (await fileJournals(folder)).open(run),
      runs: async (plan, env) => (await fileJournals(folder)).runs(plan, env),
    },
    forecasting: { forecasts: { load: async (plan, env) => (await forecasts(folder)).load(plan, env) } },
    now: () => new Date(),
  };
}

async function fileJournals(folder: string): Promise<FileJournals> {
  const { FileJournals } = await import('../../infrastructure/journal/file-journals.js');
  return new FileJournals(runsFolder(folder));
}

async function forecasts(folder: string): Promise<ForecastFolder> {
  const { ForecastFolder } = await import('../../infrastructure/forecasts/forecast-folder.js');
  return new ForecastFolder(forecastsFolder(folder));
}

function journalClient(clients: GuardedClients, mapping: TableMapping, concurrency: number): DynamoDBClient {
  const tables = guardedTables([JOURNAL_TABLE], mapping, () => 'any');
  return clients.client({ tables, readOnly: false, tableAdmin: false }, { concurrency });
}

function unique<T extends { readonly name: string }>(tables: readonly T[]): T[] {
  return [...new Map(tables.map((table) => [table.name, table])).values()];
}
