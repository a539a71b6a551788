import type { DynamoDBClient, UpdateItemCommandInput } from '@aws-sdk/client-dynamodb';

import type { RateLimits } from '../../runner/ports/rates.js';
import { transactIf } from '../dynamodb/conditional-transaction.js';
import { DynamoRequests } from '../dynamodb/dynamo-requests.js';
import type { RetryPolicy } from '../dynamodb/retry-budget.js';
import { JournalFormatItem } from '../journal/journal-format-item.js';
import { leaseBeatKey, leaseKey } from '../journal/journal-layout.js';
import type { JournalItem } from '../journal/journal-table.js';
import { JournalTable, keyItem } from '../journal/journal-table.js';
import { fromBeatItem, fromLeaseItem, rateAttributes, toBeatItem, toLeaseItem } from './lease-item.mapper.js';
import type { Expectation, LeaseBeat, LeaseRecord, LeaseStore, StoredLease } from './lease-store.js';
import { UpdateItemCommand } from '../dynamodb/sdk.js';

/** Leases as two items of the journal's table (ADR 0006, ADR 0012). */
export class DynamoLeaseStore implements LeaseStore {
  readonly #requests: DynamoRequests;
  readonly #table: JournalTable;
  readonly #format: JournalFormatItem;
  readonly #name: string;

  constructor(client: DynamoDBClient, table: string, retries?: RetryPolicy) {
    this.#requests = new DynamoRequests(client, retries);
    this.#table = new JournalTable(client, table, retries);
    this.#format = new JournalFormatItem(this.#table);
    this.#name = table;
  }

  async read(plan: string): Promise<StoredLease> {
    await this.#format.beforeReading();
    const { pk, sk } = leaseKey(plan);
    const found = new Map<string | undefined, JournalItem>();
    for await (const item of this.#table.query({ pk, prefix: sk })) found.set(item['sk']?.S, item);
    const [lease, beat] = [found.get(sk), found.get(leaseBeatKey(plan).sk)];
    return {
      ...(lease !== undefined && { record: fromLeaseItem(plan, lease) }),
      ...(beat !== undefined && { beat: fromBeatItem(plan, beat) }),
    };
  }

  async move(record: LeaseRecord, beat: LeaseBeat, expected: Expectation): Promise<boolean> {
    await this.#format.beforeWriting();
    const actions = [
      { Put: this.#put(toLeaseItem(record), tokenCondition(expected.token)) },
      { Put: this.#put(toBeatItem(record.plan, beat), beatCondition(expected.beat)) },
    ];
    return transactIf(this.#requests, actions, this.#name);
  }

  beat(plan: string, token: number, expiresAt: string, signal: AbortSignal): Promise<LeaseBeat | undefined> {
    const command = this.#update(token, {
      Key: keyItem(leaseBeatKey(plan)),
      UpdateExpression: 'SET #expiresAt = :expiresAt ADD #beat :one',
      ExpressionAttributeNames: { '#expiresAt': 'expiresAt', '#beat': 'beat' },
      ExpressionAttributeValues: { ':expiresAt': { S: expiresAt }, ':one': { N: '1' } },
    });
    return beatOf(plan, () => this.#client.send(command, { abortSignal: signal }));
  }

  async requestStop(plan: string, token: number): Promise<LeaseBeat | undefined> {
    const command = this.#update(token, {
      Key: keyItem(leaseBeatKey(plan)),
      UpdateExpression: 'SET #stop = :true',
      ExpressionAttributeNames: { '#stop': 'stop' },
      ExpressionAttributeValues: { ':true': { BOOL: true } },
    });
    return this.#requests.send(this.#attempt('UpdateItem'), () =>
      beatOf(plan, () => this.#client.send(command)),
    );
  }

  async requestRate(plan: string, token: number, limits: RateLimits): Promise<LeaseBeat | undefined> {
    const attributes = Object.entries(rateAttributes(limits));
    const command = this.#update(token, {
      Key: keyItem(leaseBeatKey(plan)),
      UpdateExpression: `SET ${attributes.map(([name]) => `#${name} = :${name}`).join(', ')}`,
      ExpressionAttributeNames: Object.fromEntries(attributes.map(([name]) => [`#${name}`, name])),
      ExpressionAttributeValues: Object.fromEntries(attributes.map(([name, value]) => [`:${name}`, value])),
    });
    return this.#requests.send(this.#attempt('UpdateItem'), () =>
      beatOf(plan, () => this.#client.send(command)),
    );
  }

  async release(plan: string, token: number, signal?: AbortSignal): Promise<boolean> {
    const command = this.#update(token, {
      Key: keyItem(leaseKey(plan)),
      UpdateExpression: 'SET #released = :true',
      ExpressionAttributeNames: { '#released': 'released' },
      ExpressionAttributeValues: { ':true': { BOOL: true } },
    });
    const send = async (): Promise<boolean> => {
      const options = signal === undefined ? {} : { abortSignal: signal };
      return (await unlessRefused(() => this.#client.send(command, options))) !== undefined;
    };
    return this.#requests.send(this.#attempt('UpdateItem'), send, { signal });
  }

  get #client(): DynamoDBClient {
    return this.#requests.client;
  }

  #attempt(action: string): { action: string; table: string } {
    return { action, table: this.#name };
  }

  #put(item: JournalItem, condition: object): { TableName: string; Item: JournalItem } {
    return { TableName: this.#name, Item: item, ...condition };
  }

  /** An update of an item whose token is this one, with the whole item as the answer. */
  #update(
    token: number,
    change: Required<
      Pick<
        UpdateItemCommandInput,
        'Key' | 'UpdateExpression' | 'ExpressionAttributeNames' | 'ExpressionAttributeValues'
      >
    >,
  ): UpdateItemCommand {
    return new UpdateItemCommand({
      ...change,
      TableName: this.#name,
      ConditionExpression: '#token = :token',
      ExpressionAttributeNames: { ...change.ExpressionAttributeNames, '#token': 'token' },
      ExpressionAttributeValues: { ...change.ExpressionAttributeValues, ':token': { N: String(token) } },
      ReturnValues: 'ALL_NEW',
    });
  }
}

async function beatOf(plan: string, send: () => Promise<Updated>): Promise<LeaseBeat | undefined> {
  const attributes = await unlessRefused(send);
  return attributes && fromBeatItem(plan, attributes);
}

interface Updated {
  readonly Attributes?: JournalItem | undefined;
}

/** The item after an update; undefined where its condition failed. */
async function unlessRefused(send: () => Promise<Updated>): Promise<JournalItem | undefined> {
  try {
    return (await send()).Attributes ?? {};
  } catch (error) {
    if (error instanceof Error && error.name === 'ConditionalCheckFailedException') return undefined;
    throw error;
  }
}

function tokenCondition(token: number | undefined): object {
  if (token === undefined) return { ConditionExpression: 'attribute_not_exists(pk)' };
  return {
    ConditionExpression: '#token = :token',
    ExpressionAttributeNames: { '#token': 'token' },
    ExpressionAttributeValues: { ':token': { N: String(token) } },
  };
}

function beatCondition(beat: LeaseBeat | undefined): object {
  if (beat === undefined) return {};
  return {
    ConditionExpression: '#token = :token AND #beat = :beat',
    ExpressionAttributeNames: { '#token': 'token', '#beat': 'beat' },
    ExpressionAttributeValues: { ':token': { N: String(beat.token) }, ':beat': { N: String(beat.beat) } },
  };
}
