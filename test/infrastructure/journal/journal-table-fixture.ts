import { randomBytes } from 'node:crypto';
import type { AttributeValue, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteTableCommand, paginateScan } from '@aws-sdk/client-dynamodb';
import { DynamoTableAdmin } from '../../../src/infrastructure/dynamodb/dynamodb-table-admin.js';
import { TableMapping } from '../../../src/infrastructure/dynamodb/table-mapping.js';
import { JOURNAL_TABLE } from '../../../src/infrastructure/journal/journal-layout.js';

/** Creates an empty journal table with a name of its own, the way `tables create` does. */
export async function createJournalTable(client: DynamoDBClient): Promise<string> {
  const suffix = `-test-${randomBytes(6).toString('hex')}`;
  const mapping = new TableMapping({ suffix, tables: {}, attributes: {} }, [JOURNAL_TABLE]);
  const admin = new DynamoTableAdmin({ client, mapping, deletionProtection: false, interval: 20 });
  await admin.create(JOURNAL_TABLE);
  return admin.physicalName(JOURNAL_TABLE.name);
}

export async function dropTables(client: DynamoDBClient, names: readonly string[]): Promise<void> {
  for (const name of names) await client.send(new DeleteTableCommand({ TableName: name }));
}

/** The item of a plan's lease, as far as the journal goes by it. */
export function leaseItem(plan: string, token: number): Record<string, AttributeValue> {
  return {
    pk: { S: `PLAN#${plan}` },
    sk: { S: 'LEASE' },
    format: { N: '2' },
    token: { N: String(token) },
  };
}

/** Every item of a table. */
export async function itemsOf(
  client: DynamoDBClient,
  table: string,
): Promise<Record<string, AttributeValue>[]> {
  const items: Record<string, AttributeValue>[] = [];
  const pages = paginateScan({ client }, { TableName: table, ConsistentRead: true });
  for await (const page of pages) items.push(...(page.Items ?? []));
  return items;
}

/** Every request that a client sends, by the API's name, with its input. */
export interface SentRequest {
  readonly action: string;
  readonly input: Record<string, unknown>;
}

/** Stands between a client and its server; `proceed` sends the request, with another input where one is given. */
export type Interception = (
  request: SentRequest,
  proceed: (input?: Record<string, unknown>) => Promise<object>,
) => Promise<object>;

/** Lets `intercept` answer the requests of a client; returns the way to end that. */
export function interceptRequests(client: DynamoDBClient, intercept: Interception): () => void {
  const name = `intercept-${randomBytes(4).toString('hex')}`;
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const action = String(context['commandName']).replace(/Command$/, '');
      const input = args.input as unknown as Record<string, unknown>;
      const proceed = async (other = input): Promise<object> =>
        (await next({ ...args, input: other })).output;
      const output = await intercept({ action, input }, proceed);
      return { response: {}, output: output as never };
    },
    { step: 'initialize', name },
  );
  return () => void client.middlewareStack.remove(name);
}
