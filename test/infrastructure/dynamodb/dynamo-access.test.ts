import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { StoredItem } from '../../../src/domain/storage/stored-value.js';
import { toAttributes } from '../../../src/infrastructure/dynamodb/attribute-values.js';
import { DynamoAccess } from '../../../src/infrastructure/dynamodb/dynamo-access.js';
import { DynamoReader } from '../../../src/infrastructure/dynamodb/dynamodb-reader.js';
import { NEW_TABLE } from '../../../src/migrations/personnel/personnel.tables.js';
import { EMPLOYEE_ACCESS } from '../../../src/migrations/personnel/employee-access.js';
import { createTestTables, type TestTables } from '../../support/dynamodb/test-tables.js';

let tables: TestTables;
let access: DynamoAccess;

function employee(id: number, more: StoredItem = {}): StoredItem {
  return {
    PK: { S: `EMPLOYEE#${id}` },
    SK: { S: 'PROFILE' },
    full_name: { S: 'Ada Byron' },
    employee_number: { S: `EMP${id}` },
    role: { S: 'user' },
    status: { S: id % 2 === 0 ? 'active' : 'inactive' },
    notes: { S: 'x'.repeat(2_000) },
    ...more,
  };
}

const ROWS = Array.from({ length: 1_100 }, (_, id) => employee(id, id < 3 ? { team_id: { S: 't' } } : {}));

beforeAll(async () => {
  tables = await createTestTables([NEW_TABLE], {
    attributes: { [NEW_TABLE.name]: { role: 'size', notes: 'role' } },
  });
  const { client, mapping } = tables;
  access = new DynamoAccess({
    client,
    mapping,
    reader: new DynamoReader({ client, mapping, tables: [NEW_TABLE] }),
  });
  for (let at = 0; at < ROWS.length; at += 50) {
    await Promise.all(
      ROWS.slice(at, at + 50).map((row) =>
        client.send(
          new PutItemCommand({
            TableName: mapping.physicalName(NEW_TABLE.name),
            Item: toAttributes(mapping.toStored(NEW_TABLE.name, row)),
          }),
        ),
      ),
    );
  }
}, 60_000);
afterAll(() => tables.close());

async function all(rows: AsyncIterable<StoredItem>): Promise<StoredItem[]> {
  const found: StoredItem[] = [];
  for await (const row of rows) found.push(row);
  return found;
}

describe('asking a table and its indexes', () => {
  it('P-32, P-X24: gives every page of an index, names and values as in the document, reserved words too', async () => {
    const key = { role: { S: 'user' }, status: { S: 'active' } };
    const found = await all(access.query(NEW_TABLE.name, key, 'GSI4-RoleStatusIndex'));
    expect(found).toHaveLength(550);
    expect(found.find(({ PK }) => PK !== undefined && 'S' in PK && PK.S === 'EMPLOYEE#4')).toEqual(ROWS[4]);
  });

  it('asks the table itself by one key or both, and gives nothing for a key that no row can have', async () => {
    expect(await all(access.query(NEW_TABLE.name, { PK: { S: 'EMPLOYEE#5' } }))).toEqual([ROWS[5]]);
    expect(await all(access.query(NEW_TABLE.name, { PK: { S: 'EMPLOYEE#5' }, SK: { S: 'X' } }))).toEqual([]);
    expect(await all(access.query(NEW_TABLE.name, { team_id: { S: '' } }, 'GSI3-TeamIndex'))).toEqual([]);
  });

  it('P-08: serves all access patterns of employees', async () => {
    const rows = ROWS.slice(0, 20);
    for (const pattern of EMPLOYEE_ACCESS) {
      const own = rows.filter((row) => pattern.applies(row));
      expect([pattern.name, await pattern.tried(own, access)]).toEqual([
        pattern.name,
        { tried: pattern.name.includes('team') ? 3 : 20, faults: [] },
      ]);
      const gone = [employee(9_999, { team_id: { S: 't' } })];
      expect((await pattern.tried(gone, access)).faults.map(({ kind }) => kind)).toEqual(['missing']);
    }
  });
});
