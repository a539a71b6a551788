import fc from 'fast-check';
import type { StoredItem } from '../../../src/domain/storage/stored-value.js';
import {
  sourceName,
  sourceRecordKey,
  type StepSource,
} from '../../../src/migrations/contract/migration-step.js';
import { rowKey, rowKeys } from '../../../src/migrations/contract/row-key.js';

const single = rowKey({ name: 'cargo', partitionKey: 'id' });
const composite = rowKey({ name: 'calls', partitionKey: 'port', sortKey: 'call' });
const call = (port: string, name: string): StoredItem => ({ port: { S: port }, call: { S: name } });

/** Mostly the characters that escaping is about. */
const part = fc.string({ unit: fc.constantFrom('a', '|', '\\', '#', 'é'), minLength: 1, maxLength: 6 });

describe('the key of a table with a partition key', () => {
  it('is the key as stored, whatever it holds: stamps and ids that are stored stay as they are', () => {
    const row = { id: { S: 'a|b\\c' }, other: { S: 'x' } };
    expect(single.names).toEqual(['id']);
    expect(single.of(row)).toEqual({ id: { S: 'a|b\\c' } });
    expect(single.text(row)).toBe('a|b\\c');
    expect(single.parse('a|b\\c')).toEqual({ id: { S: 'a|b\\c' } });
  });

  it('reads a number as its digits, and as nothing what is neither text nor number', () => {
    expect(single.text({ id: { N: '12' } })).toBe('12');
    expect(single.text({ id: { BOOL: true } })).toBe('');
    expect(single.text({})).toBe('');
    expect(single.of({})).toEqual({ id: { NULL: true } });
  });

  it('may have any name', () => {
    const key = rowKey({ name: 'odd', partitionKey: '__proto__' });
    const row = Object.fromEntries([['__proto__', { S: 'a' }]]);
    expect(key.text(row)).toBe('a');
    expect(Object.entries(key.of(row))).toEqual([['__proto__', { S: 'a' }]]);
    expect(Object.entries(key.of({}))).toEqual([['__proto__', { NULL: true }]]);
  });
});

describe('the key of a table with a partition key and a sort key', () => {
  it('is both parts with a bar between, bars and backslashes in them escaped', () => {
    const row = { ...call('a|b', 'c\\d'), tons: { N: '1' } };
    expect(composite.names).toEqual(['port', 'call']);
    expect(composite.of(row)).toEqual(call('a|b', 'c\\d'));
    expect(composite.text(row)).toBe('a\\|b|c\\\\d');
    expect(composite.parse('a\\|b|c\\\\d')).toEqual(call('a|b', 'c\\d'));
  });

  it('has a NULL, under which no row is stored, for what a row does not have', () => {
    expect(composite.of({ port: { S: 'a' } })).toEqual({ port: { S: 'a' }, call: { NULL: true } });
    expect(composite.text({ port: { S: 'a' } })).toBe('a|');
  });

  it('comes back from its text', () => {
    fc.assert(
      fc.property(part, part, (port, name) => {
        expect(composite.parse(composite.text(call(port, name)))).toEqual(call(port, name));
      }),
    );
  });

  it('has a text that no other key has', () => {
    fc.assert(
      fc.property(part, part, part, part, (a, b, c, d) => {
        const isSame = a === c && b === d;
        expect(composite.text(call(a, b)) === composite.text(call(c, d))).toBe(isSame);
      }),
    );
    expect(composite.text(call('a|b', 'c'))).not.toBe(composite.text(call('a', 'b|c')));
    expect(composite.text(call('a\\', 'b'))).not.toBe(composite.text(call('a', '\\b')));
  });

  it.each(['', 'a', 'a|b|c', 'a\\|b', 'a\\', 'a|b\\', 'a\\x|b'])(
    'has empty parts, under which no row is stored, for %j, which is no text of a key',
    (text) => expect(composite.parse(text)).toEqual(call('', '')),
  );
});

it('keys are known by the names of their tables', () => {
  const keys = rowKeys([
    { name: 'cargo', partitionKey: 'id' },
    { name: 'calls', partitionKey: 'port', sortKey: 'call' },
  ]);
  expect(keys('cargo').names).toEqual(['id']);
  expect(keys('calls').names).toEqual(['port', 'call']);
  expect(() => keys('piers')).toThrow(new RangeError('the plan has no table piers'));
});

describe('the name of a source record', () => {
  const step: StepSource = { source: 'log', sourceKey: 'port', sourceSortKey: 'call' };

  it('is its table and its key text', () => {
    expect(sourceName({ source: 'log', sourceKey: 'port' }, call('a|b', 'c'))).toBe('log#a|b');
    expect(sourceName(step, call('a|b', 'c'))).toBe('log#a\\|b|c');
  });

  it('gives the key back under which the record is read', () => {
    expect(sourceRecordKey(step, 'log#a\\|b|c#d')).toEqual(call('a|b', 'c#d'));
    expect(sourceRecordKey({ source: 'log', sourceKey: 'port' }, 'log#a|b')).toEqual({ port: { S: 'a|b' } });
  });

  it('gives no key where it names a record of another table', () => {
    expect(sourceRecordKey(step, 'other-log#a|b')).toBeUndefined();
    expect(sourceRecordKey(step, 'logs#a|b')).toBeUndefined();
  });
});
