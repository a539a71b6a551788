import {
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  type DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import type { Row } from '../meter/write-units.js';
import { stringOf } from './rows.js';
import { KINDS, TABLES, targetOf, type Kind } from './tables.js';

/**
 * How the scripts went that this project replaces, written from their description: a table is read in pages of 25,
 * one page after the other; each record is moved by itself and awaited; in the end rows are counted and 100 links
 * looked at. `queries`: whether KPI, person and links are asked for per record, as described; without, only the puts
 * are left, and the links of a KPI are known beforehand.
 */
export interface OriginalOptions {
  readonly queries: boolean;
  /** records of each kind to move; the time per record is scaled to all of them */
  readonly records: Readonly<Record<Kind, number>>;
  readonly totals: Readonly<Record<Kind, number>>;
  /** the links of each KPI, for the way without queries */
  readonly linksOf: ReadonlyMap<string, readonly Row[]>;
}

export interface OriginalTime {
  /** for all records: what was measured, scaled per record and kind, and the validation as it is */
  readonly seconds: number;
  readonly measuredSeconds: number;
  readonly measuredRecords: number;
}

const PAGE = 25;
const SAMPLE = 100;

export async function originalWay(client: DynamoDBClient, options: OriginalOptions): Promise<OriginalTime> {
  let scaled = 0;
  let measured = 0;
  let records = 0;
  for (const kind of KINDS) {
    const wanted = options.records[kind];
    const from = performance.now();
    await moveKind(client, kind, wanted, options);
    const seconds = (performance.now() - from) / 1000;
    measured += seconds;
    records += wanted;
    if (wanted > 0) scaled += (seconds / wanted) * options.totals[kind];
  }
  const from = performance.now();
  await validate(client);
  const validation = (performance.now() - from) / 1000;
  return {
    seconds: scaled + validation,
    measuredSeconds: measured + validation,
    measuredRecords: records,
  };
}

async function moveKind(
  client: DynamoDBClient,
  kind: Kind,
  wanted: number,
  options: OriginalOptions,
): Promise<void> {
  let left = wanted;
  let from: Row | undefined;
  do {
    const start = from === undefined ? {} : { ExclusiveStartKey: from };
    const page = await client.send(new ScanCommand({ TableName: TABLES[kind], Limit: PAGE, ...start }));
    for (const record of (page.Items ?? []).slice(0, left)) {
      for (const row of await rowsFor(client, kind, record, options))
        await client.send(new PutItemCommand({ TableName: targetOf(kind), Item: row }));
    }
    left -= page.Items?.length ?? 0;
    from = page.LastEvaluatedKey;
  } while (from !== undefined && left > 0);
}

async function rowsFor(
  client: DynamoDBClient,
  kind: Kind,
  record: Row,
  { queries, linksOf }: OriginalOptions,
): Promise<Row[]> {
  if (kind === 'links')
    return [{ ...record, personId: { S: queries ? await personOf(client, record) : 'none' } }];
  const kpi = stringOf(record['kpiId']);
  const links = queries
    ? await query(client, { table: TABLES.newLinks, index: 'kpiId-index', attribute: 'kpiId', value: kpi })
    : (linksOf.get(kpi) ?? []);
  return links.map((link) => dataRow(kind, record, stringOf(link['id'])));
}

/** Asks for the KPI, then for the person of its owner. */
async function personOf(client: DynamoDBClient, link: Row): Promise<string> {
  const Key = { id: { S: stringOf(link['kpiId']) } };
  const { Item } = await client.send(new GetItemCommand({ TableName: TABLES.kpis, Key }));
  const user = stringOf(Item?.['ownerId'] ?? link['createdBy']);
  const [person] = await query(client, {
    table: TABLES.people,
    index: 'linkedUserId-index',
    attribute: 'linkedUserId',
    value: user,
  });
  return stringOf(person?.['id']) || user;
}

interface IndexQuery {
  readonly table: string;
  readonly index: string;
  readonly attribute: string;
  readonly value: string;
}

async function query(client: DynamoDBClient, { table, index, attribute, value }: IndexQuery): Promise<Row[]> {
  const { Items = [] } = await client.send(
    new QueryCommand({
      TableName: table,
      IndexName: index,
      KeyConditionExpression: '#a = :v',
      ExpressionAttributeNames: { '#a': attribute },
      ExpressionAttributeValues: { ':v': { S: value } },
    }),
  );
  return Items;
}

/** About the row that the new model has of a record: same size, same index keys; each link its own id. */
function dataRow(kind: Kind, record: Row, link: string): Row {
  const { targetValue, actualValue, value, milestoneDate, measurementDate, readingDate, ...rest } = record;
  return {
    ...rest,
    id: { S: `${stringOf(record['id'])}:${link}` },
    kpiLinkId: { S: link },
    dataCategory: { S: kind === 'milestones' ? 'Target' : 'Actual' },
    postValue: targetValue ?? actualValue ?? value ?? { N: '0' },
    postDate: milestoneDate ?? measurementDate ?? readingDate ?? { S: '2026-01-01' },
    isManualOverride: record['isManualOverride'] ?? { BOOL: false },
    dataSource: record['dataSource'] ?? { S: 'Manual' },
    triggersReplan: record['triggersReplan'] ?? { BOOL: false },
  };
}

async function validate(client: DynamoDBClient): Promise<void> {
  for (const kind of KINDS) await count(client, TABLES[kind]);
  await count(client, TABLES.newLinks);
  await count(client, TABLES.data);
  const sample = await client.send(new ScanCommand({ TableName: TABLES.links, Limit: SAMPLE }));
  for (const { id, kpiId } of sample.Items ?? []) {
    if (id === undefined) continue;
    const { Item } = await client.send(new GetItemCommand({ TableName: TABLES.newLinks, Key: { id } }));
    // a share of the links only is moved, so that one that is missing is none of its faults
    if (Item !== undefined && stringOf(Item['kpiId']) !== stringOf(kpiId))
      throw new Error('the original way moved a link to another KPI');
  }
}

async function count(client: DynamoDBClient, table: string): Promise<number> {
  let rows = 0;
  let from: Row | undefined;
  do {
    const start = from === undefined ? {} : { ExclusiveStartKey: from };
    const page = await client.send(new ScanCommand({ TableName: table, Select: 'COUNT', ...start }));
    rows += page.Count ?? 0;
    from = page.LastEvaluatedKey;
  } while (from !== undefined);
  return rows;
}
