import { writtenRows } from '../../bench/meter/written-rows.js';

const A = { S: 'a' };
const B = { S: 'b' };

describe('writtenRows', () => {
  test('a batch of puts and deletes is one row each, whatever the table', () => {
    const body = {
      RequestItems: {
        one: [{ PutRequest: { Item: { id: A } } }, { DeleteRequest: { Key: { id: B } } }],
        two: [{ PutRequest: { Item: { id: B } } }],
      },
    };
    expect(writtenRows('BatchWriteItem', body)).toEqual([
      { table: 'one', item: { id: A }, factor: 1 },
      { table: 'one', item: { id: B }, factor: 1 },
      { table: 'two', item: { id: B }, factor: 1 },
    ]);
  });

  test('an INSERT names its attributes in the order of its parameters, quotes doubled', () => {
    const statement = (names: string) => `INSERT INTO "my ""table""" VALUE {${names}}`;
    const body = { Statements: [{ Statement: statement("'id': ?, 'it''s' : ?"), Parameters: [A, B] }] };
    expect(writtenRows('BatchExecuteStatement', body)).toEqual([
      { table: 'my "table"', item: { id: A, "it's": B }, factor: 1 },
    ]);
  });

  test('an INSERT that it can not read is refused rather than left out', () => {
    const body = { Statement: `INSERT INTO "t" VALUE {'id': ?, 'x': 1}`, Parameters: [A, B] };
    expect(() => writtenRows('ExecuteStatement', body)).toThrow('1 names and 2 parameters');
  });

  test('a transaction is counted twice', () => {
    const body = { TransactItems: [{ Put: { TableName: 't', Item: { id: A } } }] };
    expect(writtenRows('TransactWriteItems', body)).toEqual([{ table: 't', item: { id: A }, factor: 2 }]);
    const statements = {
      TransactStatements: [{ Statement: `INSERT INTO "t" VALUE {'id': ?}`, Parameters: [A] }],
    };
    expect(writtenRows('ExecuteTransaction', statements)).toEqual([
      { table: 't', item: { id: A }, factor: 2 },
    ]);
  });

  test('of an update, what the request tells is counted', () => {
    const body = { TableName: 't', Key: { id: A }, ExpressionAttributeValues: { ':v': B } };
    expect(writtenRows('UpdateItem', body)).toEqual([{ table: 't', item: { id: A, ':v': B }, factor: 1 }]);
  });

  test('what reads writes nothing', () => {
    expect(writtenRows('Scan', { TableName: 't' })).toEqual([]);
    expect(writtenRows('ExecuteStatement', { Statement: 'SELECT * FROM "t"' })).toEqual([]);
  });
});
