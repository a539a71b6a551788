import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import * as sdk from '@aws-sdk/client-dynamodb';

import { createDynamoClient } from '../../../src/infrastructure/dynamodb/client.js';
import { TableMapping } from '../../../src/infrastructure/dynamodb/table-mapping.js';
import type { GuardPolicy, WritePermission } from '../../../src/infrastructure/dynamodb/write-guard.js';
import {
  assertPermitted,
  guardedTables,
  installWriteGuard,
} from '../../../src/infrastructure/dynamodb/write-guard.js';
import type { TableDefinition } from '../../../src/migrations/contract/table.js';
import { WriteForbiddenError } from '../../../src/runner/ports/errors.js';

const PERMISSIONS: readonly WritePermission[] = ['none', 'insert', 'change', 'any'];
/** one table per permission, named after it */
const POLICY: GuardPolicy = {
  tables: new Map(PERMISSIONS.map((writes) => [writes, { writes, keys: ['id'] }])),
  readOnly: false,
  tableAdmin: true,
};

function isPermitted(command: string, input: unknown, policy: GuardPolicy = POLICY): boolean {
  try {
    assertPermitted(command, input, policy);
    return true;
  } catch (error) {
    if (error instanceof WriteForbiddenError) return false;
    throw error;
  }
}

const key = { id: { S: '1' } };
const condition = { ConditionExpression: '#a = :a', ExpressionAttributeNames: { '#a': 'a' } };
const absence = { ConditionExpression: 'attribute_not_exists(#k)', ExpressionAttributeNames: { '#k': 'id' } };
const insert = (table: string): string => `INSERT INTO "${table}" VALUE {'id': ?}`;

/** What each command is classified as: its input for a table, and the weakest permission that allows it. */
const CASES: readonly [
  name: string,
  command: string,
  input: (table: string) => object,
  weakest: WritePermission,
][] = [
  ['GetItem', 'GetItemCommand', (table) => ({ TableName: table, Key: key }), 'none'],
  ['Query', 'QueryCommand', (table) => ({ TableName: table }), 'none'],
  ['Scan', 'ScanCommand', (table) => ({ TableName: table }), 'none'],
  [
    'BatchGetItem',
    'BatchGetItemCommand',
    (table) => ({ RequestItems: { [table]: { Keys: [key] } } }),
    'none',
  ],
  [
    'TransactGetItems',
    'TransactGetItemsCommand',
    (table) => ({ TransactItems: [{ Get: { TableName: table, Key: key } }] }),
    'none',
  ],
  ['PutItem without a condition', 'PutItemCommand', (table) => ({ TableName: table, Item: key }), 'any'],
  [
    'PutItem with a blank condition',
    'PutItemCommand',
    (table) => ({ TableName: table, ConditionExpression: ' ' }),
    'any',
  ],
  ['PutItem with the old Expected', 'PutItemCommand', (table) => ({ TableName: table, Expected: {} }), 'any'],
  ['PutItem if absent', 'PutItemCommand', (table) => ({ TableName: table, Item: key, ...absence }), 'insert'],
  [
    'PutItem if absent, plain name',
    'PutItemCommand',
    (table) => ({ TableName: table, ConditionExpression: ' attribute_not_exists ( id ) ' }),
    'insert',
  ],
  [
    'PutItem with another condition',
    'PutItemCommand',
    (table) => ({ TableName: table, ...condition }),
    'change',
  ],
  [
    'PutItem if another attribute is absent',
    'PutItemCommand',
    (table) => ({ TableName: table, ConditionExpression: 'attribute_not_exists(other)' }),
    'change',
  ],
  [
    'PutItem if absent or something else',
    'PutItemCommand',
    (table) => ({
      TableName: table,
      ConditionExpression: 'attribute_not_exists(id) OR attribute_exists(id)',
    }),
    'change',
  ],
  ['UpdateItem without a condition', 'UpdateItemCommand', (table) => ({ TableName: table, Key: key }), 'any'],
  [
    'UpdateItem with one',
    'UpdateItemCommand',
    (table) => ({ TableName: table, Key: key, ...condition }),
    'change',
  ],
  ['DeleteItem without a condition', 'DeleteItemCommand', (table) => ({ TableName: table, Key: key }), 'any'],
  [
    'DeleteItem with one',
    'DeleteItemCommand',
    (table) => ({ TableName: table, Key: key, ...condition }),
    'change',
  ],
  [
    'BatchWriteItem',
    'BatchWriteItemCommand',
    (table) => ({
      RequestItems: { any: [{ PutRequest: { Item: key } }], [table]: [{ DeleteRequest: { Key: key } }] },
    }),
    'any',
  ],
  [
    'TransactWriteItems with a put',
    'TransactWriteItemsCommand',
    (table) => ({ TransactItems: [{ Put: { TableName: table, Item: key } }] }),
    'any',
  ],
  [
    'TransactWriteItems with an insert',
    'TransactWriteItemsCommand',
    (table) => ({ TransactItems: [{ Put: { TableName: table, Item: key, ...absence } }] }),
    'insert',
  ],
  [
    'TransactWriteItems with a conditional update behind a harmless one',
    'TransactWriteItemsCommand',
    (table) => ({
      TransactItems: [
        { ConditionCheck: { TableName: 'none', ...condition } },
        { Update: { TableName: table, ...condition } },
      ],
    }),
    'change',
  ],
  [
    'TransactWriteItems with an unconditional delete',
    'TransactWriteItemsCommand',
    (table) => ({ TransactItems: [{ Delete: { TableName: table, Key: key } }] }),
    'any',
  ],
  [
    'TransactWriteItems with a condition check only',
    'TransactWriteItemsCommand',
    (table) => ({ TransactItems: [{ ConditionCheck: { TableName: table, ...condition } }] }),
    'none',
  ],
  [
    'ExecuteStatement with a SELECT',
    'ExecuteStatementCommand',
    (table) => ({ Statement: `SELECT * FROM "${table}"."an-index" WHERE id = 'INSERT INTO'` }),
    'none',
  ],
  [
    'ExecuteStatement with an INSERT',
    'ExecuteStatementCommand',
    (table) => ({ Statement: insert(table) }),
    'insert',
  ],
  [
    'an INSERT in odd spelling',
    'ExecuteStatementCommand',
    (table) => ({ Statement: `/*'*/inSert --x\nInto ${table} vALUe {'a': {'"none"': ?}} ;` }),
    'insert',
  ],
  [
    'an UPDATE with a condition',
    'ExecuteStatementCommand',
    (table) => ({ Statement: `UPDATE "${table}" SET a = ? WHERE id = ? AND "a" = ? RETURNING ALL OLD *` }),
    'change',
  ],
  [
    'an UPDATE with the key only',
    'ExecuteStatementCommand',
    (table) => ({
      Statement: `update "${table}" set a = 'where x and y' where "id" = 'a = 1' and id is not missing`,
    }),
    'any',
  ],
  [
    'an UPDATE whose condition an OR can void',
    'ExecuteStatementCommand',
    (table) => ({ Statement: `UPDATE "${table}" SET a = ? WHERE id = ? AND (a = ? or a <> ?)` }),
    'any',
  ],
  [
    'a DELETE with a condition',
    'ExecuteStatementCommand',
    (table) => ({ Statement: `DELETE FROM "${table}" WHERE id = ? AND a = ?` }),
    'change',
  ],
  [
    'a DELETE with the key only',
    'ExecuteStatementCommand',
    (table) => ({ Statement: `DELETE FROM "${table}" WHERE id = ? -- AND a = ?` }),
    'any',
  ],
  [
    'BatchExecuteStatement whose last statement counts',
    'BatchExecuteStatementCommand',
    (table) => ({ Statements: [{ Statement: insert('any') }, { Statement: insert(table) }] }),
    'insert',
  ],
  [
    'ExecuteTransaction with a condition check',
    'ExecuteTransactionCommand',
    (table) => ({
      TransactStatements: [
        { Statement: `EXISTS(SELECT * FROM "${table}" WHERE id = ? AND a = ?)` },
        { Statement: insert('any') },
      ],
    }),
    'none',
  ],
];

describe('invariant 3: the write guard', () => {
  it.each(CASES)('permits %s only from its permission on', (_, command, input, weakest) => {
    const permitted = PERMISSIONS.filter((table) => isPermitted(command, input(table)));
    expect(permitted).toEqual(PERMISSIONS.slice(PERMISSIONS.indexOf(weakest)));
  });

  it.each(CASES)('lets %s through in a dry run only if it reads', (name, command, input, weakest) => {
    const policy = { ...POLICY, readOnly: true };
    // these two also write to another table, where everything else is permitted
    const alsoWrites = name.startsWith('ExecuteTransaction');
    expect(isPermitted(command, input('any'), policy)).toBe(weakest === 'none' && !alsoWrites);
  });

  it.each(CASES)('refuses %s on a table that the plan does not name', (_, command, input) => {
    expect(isPermitted(command, input('unknown'))).toBe(false);
    expect(isPermitted(command, input('arn:aws:dynamodb:eu-west-1:1:table/any'))).toBe(false);
  });

  const statements: readonly [string, string][] = [
    ['a second statement', `${insert('any')}; ${insert('any')}`],
    ['a second statement behind an UPDATE', `UPDATE "any" SET a=1 WHERE id=1; DELETE FROM "any" WHERE id=1`],
    ['ON CONFLICT', `${insert('any')} ON CONFLICT DO REPLACE EXCLUDED`],
    ['INSERT of a selection', 'INSERT INTO "any" SELECT * FROM "any"'],
    ['a brace that is not closed', `INSERT INTO "any" VALUE {'a': {'b': ?}`],
    ['a quote that is not closed', `INSERT INTO "any" VALUE {'a: ?}`],
    ['an unknown verb', 'REPLACE INTO "any" VALUE {}'],
    ['a table name in parts', 'UPDATE "any"."index" SET a=1 WHERE id=1 AND a=2'],
    ['a join', 'SELECT * FROM "any" JOIN "none" ON a=b'],
    ['a SELECT without a table', 'SELECT 1'],
    ['a table in a text', `DELETE FROM 'any' WHERE id=1`],
    ['nothing', ''],
    ['a comment only', '-- INSERT INTO "any" VALUE {}'],
  ];
  it.each(statements)('refuses a statement with %s wherever it is', (_, statement) => {
    expect(isPermitted('ExecuteStatementCommand', { Statement: statement })).toBe(false);
    expect(isPermitted('BatchExecuteStatementCommand', { Statements: [{ Statement: statement }] })).toBe(
      false,
    );
    expect(isPermitted('ExecuteTransactionCommand', { TransactStatements: [{ Statement: statement }] })).toBe(
      false,
    );
  });

  it.each<[string, string, object]>([
    ['no table', 'PutItemCommand', { Item: key, ...absence }],
    ['no statements', 'BatchExecuteStatementCommand', {}],
    ['no items', 'TransactWriteItemsCommand', { TransactItems: [] }],
    ['an unknown action', 'TransactWriteItemsCommand', { TransactItems: [{ Upsert: { TableName: 'any' } }] }],
    [
      'two actions in one',
      'TransactWriteItemsCommand',
      { TransactItems: [{ ConditionCheck: { TableName: 'any' }, Put: { TableName: 'any' } }] },
    ],
  ])('refuses a command with %s', (_, command, input) => {
    expect(isPermitted(command, input)).toBe(false);
  });

  it('lets tables be described and created only by table administration, and created in no dry run', () => {
    const outcomes = ['DescribeTableCommand', 'DescribeContinuousBackupsCommand', 'CreateTableCommand'].map(
      (command) =>
        [
          POLICY,
          { ...POLICY, tableAdmin: false },
          { ...POLICY, readOnly: true },
          { ...POLICY, tables: new Map() },
        ].map((policy) => isPermitted(command, { TableName: 'none' }, policy)),
    );
    expect(outcomes).toEqual([
      [true, false, true, false],
      [true, false, true, false],
      [true, false, false, false],
    ]);
  });

  it('gives the plan’s tables the permissions of their roles, keys in stored names', () => {
    const table = (name: string, extra: Partial<TableDefinition>): TableDefinition => ({
      name,
      role: 'source',
      partitionKey: 'id',
      indexes: [],
      ...extra,
    });
    const environment = { suffix: '-dev', tables: {}, attributes: { links: { id: 'pk' } } };
    const definitions = [
      table('old', { role: 'source', insertable: true }),
      table('kpis', { role: 'lookup' }),
      table('people', { role: 'lookup', insertable: true }),
      table('links', { role: 'target', sortKey: 'day' }),
    ];
    expect(guardedTables(definitions, new TableMapping(environment))).toEqual(
      new Map([
        ['old-dev', { writes: 'none', keys: ['id'] }],
        ['kpis-dev', { writes: 'none', keys: ['id'] }],
        ['people-dev', { writes: 'insert', keys: ['id'] }],
        ['links-dev', { writes: 'change', keys: ['pk', 'day'] }],
      ]),
    );
    const merged = new TableMapping({ ...environment, tables: { links: 'old-dev' } });
    expect(() => guardedTables(definitions, merged)).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID' }),
    );
  });
});

describe('invariant 3: a guarded client', () => {
  let requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(String(request.headers['x-amz-target']));
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' }).end('{}');
  });
  const clients: DynamoDBClient[] = [];
  const clientWith = (policy: GuardPolicy): DynamoDBClient => {
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const client = createDynamoClient({
      endpoint,
      region: 'eu-west-1',
      maxSockets: 4,
      requestTimeout: 5_000,
    });
    installWriteGuard(client, policy);
    clients.push(client);
    return client;
  };
  beforeAll(() => new Promise<void>((done) => server.listen(0, '127.0.0.1', () => done())));
  afterAll(async () => {
    clients.forEach((client) => client.destroy());
    await new Promise((done) => server.close(done));
  });
  beforeEach(() => {
    requests = [];
  });

  const COMMANDS = Object.keys(sdk).filter((name) => name.endsWith('Command') && name !== '$Command');
  const KNOWN = [...new Set(CASES.map(([, command]) => command))];
  const TABLE_COMMANDS = [
    'CreateTableCommand',
    'DescribeContinuousBackupsCommand',
    'DescribeTableCommand',
    'DescribeTimeToLiveCommand',
  ];
  const UNKNOWN = COMMANDS.filter((name) => !KNOWN.includes(name) && !TABLE_COMMANDS.includes(name));
  const send = (client: DynamoDBClient, name: string, input: object): Promise<unknown> => {
    const Command = (sdk as unknown as Record<string, new (input: object) => never>)[name] as new (
      input: object,
    ) => never;
    return client.send(new Command(input));
  };

  it('meets every command that the SDK has', () => {
    expect(COMMANDS.length).toBeGreaterThan(60);
    expect(KNOWN.filter((name) => !COMMANDS.includes(name))).toEqual([]);
    expect(UNKNOWN).toContain('UpdateTableCommand');
    expect(UNKNOWN).toContain('StartBulkPutItemsCommand');
  });

  it.each(UNKNOWN)('refuses %s whatever the policy permits, and sends nothing', async (name) => {
    const input = {
      TableName: 'any',
      TableArn: 'any',
      ResourceArn: 'any',
      BackupName: 'b',
      GlobalTableName: 'any',
    };
    await expect(send(clientWith(POLICY), name, input)).rejects.toBeInstanceOf(WriteForbiddenError);
    expect(requests).toEqual([]);
  });

  it.each(CASES)(
    'sends %s where it is permitted and nothing where it is not',
    async (_, command, input, weakest) => {
      const client = clientWith(POLICY);
      await send(client, command, input('any'));
      expect(requests).toEqual([`DynamoDB_20120810.${command.replace(/Command$/, '')}`]);
      if (weakest === 'none') return;
      const below = PERMISSIONS[PERMISSIONS.indexOf(weakest) - 1] as WritePermission;
      await expect(send(client, command, input(below))).rejects.toBeInstanceOf(WriteForbiddenError);
      expect(requests).toHaveLength(1);
    },
  );

  it('refuses a request whose operation is not the one that the SDK names', async () => {
    const client = clientWith(POLICY);
    client.middlewareStack.add(
      (next) => (args) => {
        (args.request as { headers: Record<string, string> }).headers['x-amz-target'] =
          'DynamoDB_20120810.DeleteTable';
        return next(args);
      },
      { step: 'build', priority: 'high', name: 'forgery' },
    );
    await expect(send(client, 'ScanCommand', { TableName: 'any' })).rejects.toBeInstanceOf(
      WriteForbiddenError,
    );
    expect(requests).toEqual([]);
  });
});
