import { DeleteItemCommand, DynamoDBClient, BatchExecuteStatementCommand } from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';

import type { StoredItem } from '../../../src/domain/storage/stored-value.js';
import { conditionalDelete } from '../../../src/infrastructure/dynamodb/conditional-delete.js';
import { DynamoSink } from '../../../src/infrastructure/dynamodb/dynamodb-sink.js';
import { TableMapping } from '../../../src/infrastructure/dynamodb/table-mapping.js';
import { CARGO } from '../../support/store-contract.js';

const wide = (count: number): StoredItem =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`a${index}`, { S: 'x' }]));

describe('the conditional delete', () => {
  it('invariant 9: is conditional on the key and on each attribute of the image', () => {
    const image: StoredItem = {
      id: { S: '1' },
      number: { S: '2' },
      size: { N: '1' },
      _migration: { M: { run: { S: 'one' } } },
    };
    expect(conditionalDelete('t', ['id', 'number'], image)).toEqual({
      TableName: 't',
      Key: { id: { S: '1' }, number: { S: '2' } },
      ConditionExpression: 'attribute_exists(#0) AND #1=:0 AND #2=:1',
      ExpressionAttributeNames: { '#0': 'id', '#1': 'size', '#2': '_migration' },
      ExpressionAttributeValues: { ':0': { N: '1' }, ':1': { M: { run: { S: 'one' } } } },
      ReturnValues: 'ALL_OLD',
    });
  });

  it('invariant 9: is not made where it could guard a part of the row only', () => {
    const widest = conditionalDelete('t', ['id'], { id: { S: '1' }, ...wide(149) });
    expect(widest?.ConditionExpression?.length).toBeLessThanOrEqual(4096);
    expect(Object.keys(widest?.ExpressionAttributeValues ?? {})).toHaveLength(149);
    expect(conditionalDelete('t', ['id'], { id: { S: '1' }, ...wide(150) })).toBeUndefined();
  });
});

describe('a row that gains an attribute while it is removed', () => {
  const client = new DynamoDBClient({
    region: 'eu-west-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  });
  const mock = mockClient(client);
  const mapping = new TableMapping({
    suffix: '-dev',
    tables: {},
    attributes: { [CARGO.name]: { note: 'remark' } },
  });
  const sink = new DynamoSink({ client, mapping, tables: [CARGO], concurrency: 1 });
  const image: StoredItem = { id: { S: 'a' }, note: { S: 'ours' } };
  const stored = { id: { S: 'a' }, remark: { S: 'ours' } };

  beforeEach(() => mock.reset());

  it('is put back whole, if its key is still free', async () => {
    mock.on(DeleteItemCommand).resolves({ Attributes: { ...stored, added: { S: 'theirs' } } });
    mock.on(BatchExecuteStatementCommand).resolves({ Responses: [{}] });
    expect(await sink.remove(CARGO.name, image)).toEqual({ kind: 'changed' });
    const [call] = mock.commandCalls(BatchExecuteStatementCommand);
    const [statement] = call?.args[0].input.Statements ?? [];
    expect(statement?.Statement).toMatch(/^INSERT INTO "waybill-cargo-dev"/);
    expect(statement?.Parameters).toEqual([{ S: 'a' }, { S: 'ours' }, { S: 'theirs' }]);
  });

  it('leaves the row alone that somebody has written in its place', async () => {
    mock.on(DeleteItemCommand).resolves({ Attributes: { ...stored, added: { S: 'theirs' } } });
    mock.on(BatchExecuteStatementCommand).resolves({ Responses: [{ Error: { Code: 'DuplicateItem' } }] });
    expect(await sink.remove(CARGO.name, image)).toEqual({ kind: 'changed' });
  });

  it('is a loud failure where the store does not take it back', async () => {
    mock.on(DeleteItemCommand).resolves({ Attributes: { ...stored, added: { S: 'theirs' } } });
    mock
      .on(BatchExecuteStatementCommand)
      .resolves({ Responses: [{ Error: { Code: 'ItemCollectionSizeLimitExceeded', Message: 'full' } }] });
    await expect(sink.remove(CARGO.name, image)).rejects.toMatchObject({
      code: 'STORE_FAILED',
      next: 'The row is gone: restore it from a backup.',
    });
  });

  it('writes nothing where the row was the image', async () => {
    mock.on(DeleteItemCommand).resolves({ Attributes: stored });
    expect(await sink.remove(CARGO.name, image)).toEqual({ kind: 'removed' });
    expect(mock.calls()).toHaveLength(1);
  });
});
