import type { StoredItem } from '../../../src/domain/storage/stored-value.js';
import { conditionalUpdate } from '../../../src/infrastructure/dynamodb/conditional-update.js';

const stamp = (run: string): StoredItem[string] => ({ M: { run: { S: run } } });
const wide = (count: number, value: string): StoredItem =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`a${index}`, { S: value }]));
const conditions = (expression: string | undefined): string[] => expression?.split(' AND ') ?? [];

describe('the conditional update', () => {
  it('invariant 9: conditions on each attribute of the image and writes only what differs', () => {
    const image: StoredItem = {
      id: { S: '1' },
      kept: { S: 'k' },
      changed: { N: '1' },
      dropped: { S: 'd' },
      _migration: stamp('one'),
    };
    const row: StoredItem = {
      id: { S: '1' },
      kept: { S: 'k' },
      changed: { N: '2' },
      added: { BOOL: true },
      _migration: stamp('two'),
    };
    expect(conditionalUpdate('t', ['id'], row, image)).toEqual({
      TableName: 't',
      Key: { id: { S: '1' } },
      UpdateExpression: 'SET #0=:0,#1=:1,#2=:2 REMOVE #3',
      ConditionExpression:
        'attribute_exists(#4) AND #2=:3 AND #0=:4 AND attribute_not_exists(#1) AND #3=:5 AND #5=:6',
      ExpressionAttributeNames: {
        '#0': 'changed',
        '#1': 'added',
        '#2': '_migration',
        '#3': 'dropped',
        '#4': 'id',
        '#5': 'kept',
      },
      ExpressionAttributeValues: {
        ':0': { N: '2' },
        ':1': { BOOL: true },
        ':2': stamp('two'),
        ':3': stamp('one'),
        ':4': { N: '1' },
        ':5': { S: 'd' },
        ':6': { S: 'k' },
      },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
  });

  it('is a mere check where nothing but the key is there', () => {
    const update = conditionalUpdate('t', ['id'], { id: { S: '1' } }, { id: { S: '1' } });
    expect(update).toEqual({
      TableName: 't',
      Key: { id: { S: '1' } },
      ConditionExpression: 'attribute_exists(#0)',
      ExpressionAttributeNames: { '#0': 'id' },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
  });

  it('guards what it writes and the stamp first where not every attribute fits into the expression', () => {
    const image = { id: { S: '1' }, ...wide(400, 'x'), _migration: stamp('one') };
    const update = conditionalUpdate(
      't',
      ['id'],
      { ...image, a399: { S: 'y' }, _migration: stamp('two') },
      image,
    );
    const guarded = conditions(update?.ConditionExpression);
    const nameOf = (condition: string | undefined): string | undefined =>
      update?.ExpressionAttributeNames?.[condition?.split('=')[0] ?? ''];
    expect(guarded[0]).toMatch(/^attribute_exists/);
    expect([nameOf(guarded[1]), nameOf(guarded[2])].sort()).toEqual(['_migration', 'a399']);
    expect(guarded.length).toBeGreaterThan(100);
    expect(guarded.length * 2 + 2).toBeLessThanOrEqual(300);
    expect(update?.ConditionExpression?.length).toBeLessThanOrEqual(4096);
    // DynamoDB refuses placeholders that no expression uses
    const used = `${update?.ConditionExpression} ${update?.UpdateExpression}`.match(/[#:][0-9a-z]+/g);
    expect(new Set(used)).toEqual(
      new Set([
        ...Object.keys(update?.ExpressionAttributeNames ?? {}),
        ...Object.keys(update?.ExpressionAttributeValues ?? {}),
      ]),
    );
  });

  it('invariant 4: is not made where more attributes differ than can be guarded', () => {
    const image = { id: { S: '1' }, ...wide(120, 'x') };
    expect(conditionalUpdate('t', ['id'], { id: { S: '1' }, ...wide(120, 'y') }, image)).toBeUndefined();
    const smaller = { id: { S: '1' }, ...wide(90, 'x') };
    expect(conditionalUpdate('t', ['id'], { id: { S: '1' }, ...wide(90, 'y') }, smaller)).toBeDefined();
  });
});
