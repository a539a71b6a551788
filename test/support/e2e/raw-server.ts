/**
 * DynamoDB's JSON protocol by hand, for emulators (they check no signatures): tests compare what is stored without
 * any code of the SDK or of the engine between. Binary is base64 text.
 */
export type RawValue =
  | { readonly S: string }
  | { readonly N: string }
  | { readonly B: string }
  | { readonly BOOL: boolean }
  | { readonly NULL: true }
  | { readonly M: RawItem }
  | { readonly L: readonly RawValue[] }
  | { readonly SS: readonly string[] }
  | { readonly NS: readonly string[] }
  | { readonly BS: readonly string[] };
export type RawItem = Readonly<Record<string, RawValue>>;

interface Answer {
  readonly Item?: RawItem;
  readonly Items?: readonly RawItem[];
  readonly LastEvaluatedKey?: RawItem;
  readonly TableNames?: readonly string[];
  readonly LastEvaluatedTableName?: string;
  readonly Table?: { readonly TableStatus: string; readonly GlobalSecondaryIndexes?: readonly object[] };
}

const REGION = 'eu-central-1';

export class RawServer {
  constructor(
    readonly endpoint: string,
    /** literal name → physical name */
    readonly physicalName: (table: string) => string,
  ) {}

  async call(action: string, body: object): Promise<Answer> {
    const response = await fetch(this.endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': `DynamoDB_20120810.${action}`,
        'x-amz-date': '20260101T000000Z',
        authorization: `AWS4-HMAC-SHA256 Credential=local/20260101/${REGION}/dynamodb/aws4_request, SignedHeaders=host, Signature=0`,
      },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${action}: ${response.status} ${text.slice(0, 300)}`);
    return JSON.parse(text) as Answer;
  }

  async put(table: string, ...items: readonly RawItem[]): Promise<void> {
    for (const Item of items) await this.call('PutItem', { TableName: this.physicalName(table), Item });
  }

  async remove(table: string, ...ids: readonly string[]): Promise<void> {
    for (const id of ids)
      await this.call('DeleteItem', { TableName: this.physicalName(table), Key: { id: { S: id } } });
  }

  /** One row as it is stored; sets sorted, because a set has no order. */
  async get(table: string, id: string): Promise<RawItem> {
    const key = { Key: { id: { S: id } }, ConsistentRead: true };
    const { Item } = await this.call('GetItem', { TableName: this.physicalName(table), ...key });
    if (Item === undefined) throw new Error(`${table} has no row ${id}`);
    return withSortedSets(Item);
  }

  /** All rows, in the order of their keys. */
  async scan(table: string): Promise<RawItem[]> {
    const rows: RawItem[] = [];
    for (let from: RawItem | undefined; ;) {
      const start = from === undefined ? {} : { ExclusiveStartKey: from };
      const page = await this.call('Scan', {
        TableName: this.physicalName(table),
        ConsistentRead: true,
        ...start,
      });
      rows.push(...(page.Items ?? []).map(withSortedSets));
      from = page.LastEvaluatedKey;
      if (from === undefined) break;
    }
    return rows.sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  }

  async query(table: string, index: string, attribute: string, value: string): Promise<RawItem[]> {
    const { Items = [] } = await this.call('Query', {
      TableName: this.physicalName(table),
      IndexName: index,
      KeyConditionExpression: '#a = :v',
      ExpressionAttributeNames: { '#a': attribute },
      ExpressionAttributeValues: { ':v': { S: value } },
    });
    return Items.map(withSortedSets);
  }

  async tableNames(): Promise<string[]> {
    const names: string[] = [];
    for (let from: string | undefined; ;) {
      const page = await this.call('ListTables', from === undefined ? {} : { ExclusiveStartTableName: from });
      names.push(...(page.TableNames ?? []));
      from = page.LastEvaluatedTableName;
      if (from === undefined) return names;
    }
  }
}

function keyOf(row: RawItem): string {
  return JSON.stringify([row['id'] ?? row['pk'], row['sk'] ?? null]);
}

function withSortedSets(item: RawItem): RawItem {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, sorted(value)]));
}

function sorted(value: RawValue): RawValue {
  if ('SS' in value) return { SS: [...value.SS].sort() };
  if ('NS' in value) return { NS: [...value.NS].sort() };
  if ('BS' in value) return { BS: [...value.BS].sort() };
  if ('M' in value) return { M: withSortedSets(value.M) };
  if ('L' in value) return { L: value.L.map(sorted) };
  return value;
}
