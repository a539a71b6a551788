import { createDynamoClient } from '../../../src/infrastructure/dynamodb/client.js';
import { DynamoReader } from '../../../src/infrastructure/dynamodb/dynamodb-reader.js';
import { DynamoSink } from '../../../src/infrastructure/dynamodb/dynamodb-sink.js';
import type { TestTables } from '../../support/dynamodb/test-tables.js';
import { createTestTables } from '../../support/dynamodb/test-tables.js';
import { CARGO } from '../../support/store-contract.js';

describe('a write whose acknowledgement is lost', () => {
  let tables: TestTables;
  let client: ReturnType<typeof createDynamoClient>;
  /** requests that the server has done and whose answer never arrived */
  let lost: string[] = [];
  let losing = false;

  beforeAll(async () => {
    tables = await createTestTables([CARGO]);
    client = createDynamoClient({ endpoint: tables.endpoint, maxSockets: 4, requestTimeout: 20_000 });
    client.middlewareStack.add(
      (next, context) => async (args) => {
        const result = await next(args);
        if (!losing) return result;
        losing = false;
        lost.push(String(context['commandName']));
        throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET', name: 'TimeoutError' });
      },
      { step: 'finalizeRequest', priority: 'low', name: 'lostAnswer' },
    );
  });
  beforeEach(() => {
    lost = [];
    losing = true;
  });
  afterAll(async () => {
    client.destroy();
    await tables.close();
  });

  it('invariant 6: is found as a row that exists, with our own stamp for the engine to see', async () => {
    const sink = new DynamoSink({ client, mapping: tables.mapping, tables: [CARGO], concurrency: 1 });
    const item = { id: { S: 'lost' }, _migration: { M: { run: { S: 'this-run' } } } };
    expect(await sink.insert([{ table: CARGO.name, item }])).toEqual([{ kind: 'exists' }]);
    expect(lost).toEqual(['BatchExecuteStatementCommand']);
    const reader = new DynamoReader({ client, mapping: tables.mapping, tables: [CARGO] });
    expect(await reader.get(CARGO.name, [{ id: { S: 'lost' } }])).toEqual([item]);
  });

  it('invariant 6: counts as replaced when the row is exactly the one wanted', async () => {
    const sink = new DynamoSink({ client, mapping: tables.mapping, tables: [CARGO], concurrency: 1 });
    const image = { id: { S: 'replaced' }, n: { N: '1' } };
    losing = false;
    await sink.insert([{ table: CARGO.name, item: image }]);
    losing = true;
    const wanted = { id: { S: 'replaced' }, n: { N: '2' }, _migration: { M: { run: { S: 'this-run' } } } };
    expect(await sink.replace({ table: CARGO.name, item: wanted }, image)).toEqual({ kind: 'replaced' });
    expect(lost).toEqual(['UpdateItemCommand']);
  });

  it('invariant 6: is told as a row that is not there any more where a delete was repeated', async () => {
    const sink = new DynamoSink({ client, mapping: tables.mapping, tables: [CARGO], concurrency: 1 });
    const image = { id: { S: 'removed' }, n: { N: '1' } };
    losing = false;
    await sink.insert([{ table: CARGO.name, item: image }]);
    losing = true;
    expect(await sink.remove(CARGO.name, image)).toEqual({ kind: 'changed' });
    expect(lost).toEqual(['DeleteItemCommand']);
    const reader = new DynamoReader({ client, mapping: tables.mapping, tables: [CARGO] });
    expect(await reader.get(CARGO.name, [{ id: { S: 'removed' } }])).toEqual([undefined]);
  });
});
