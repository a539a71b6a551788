import fc from 'fast-check';

import type { StoredItem } from '../../../src/domain/storage/stored-value.js';
import { TableMapping } from '../../../src/infrastructure/dynamodb/table-mapping.js';
import type { TableDefinition } from '../../../src/migrations/contract/table.js';

const READINGS = 'purposepath-kpi-readings';
const mappingOf = (aliases: Record<string, string>): TableMapping =>
  new TableMapping({ suffix: '-dev', tables: {}, attributes: { [READINGS]: aliases } });

describe('table names', () => {
  it('A-03: are the literal name and the suffix, unless overridden', () => {
    const mapping = new TableMapping({ suffix: '-staging', tables: { people: 'HR-People' }, attributes: {} });
    expect(mapping.physicalName('kpis')).toBe('kpis-staging');
    expect(mapping.physicalName('people')).toBe('HR-People');
    expect(new TableMapping({ suffix: '', tables: {}, attributes: {} }).physicalName('kpis')).toBe('kpis');
  });
});

describe('attribute aliases', () => {
  it('A-21: rename attributes both ways', () => {
    const mapping = mappingOf({ value: 'readingValue' });
    const stored: StoredItem = { id: { S: '1' }, readingValue: { N: '5' } };
    expect(mapping.toDocument(READINGS, stored)).toEqual({ id: { S: '1' }, value: { N: '5' } });
    expect(mapping.toStored(READINGS, { id: { S: '1' }, value: { N: '5' } })).toEqual(stored);
    expect(mapping.storedName(READINGS, 'value')).toBe('readingValue');
    expect(mapping.documentName(READINGS, 'readingValue')).toBe('value');
  });

  it('K-X27: keep an attribute that is stored under an aliased name apart and lose nothing', () => {
    const mapping = mappingOf({ value: 'readingValue' });
    const stored: StoredItem = {
      readingValue: { N: '5' },
      value: { S: 'unlisted' },
      'stored:value': { S: 'stored with the mark' },
      'document:readingValue': { S: 'written by us' },
    };
    const document = mapping.toDocument(READINGS, stored);
    expect(document).toEqual({
      value: { N: '5' },
      'stored:value': { S: 'unlisted' },
      'stored:stored:value': { S: 'stored with the mark' },
      readingValue: { S: 'written by us' },
    });
    expect(mapping.toStored(READINGS, document)).toEqual(stored);
  });

  it('can swap two names', () => {
    const mapping = mappingOf({ from: 'to', to: 'from' });
    expect(mapping.toDocument(READINGS, { from: { S: '1' }, to: { S: '2' } })).toEqual({
      to: { S: '1' },
      from: { S: '2' },
    });
  });

  it('are one-to-one for any names and any aliases', () => {
    const name = fc.oneof(
      fc.constantFrom(
        'a',
        'b',
        'c',
        'stored:a',
        'stored:stored:a',
        'document:b',
        'document:document:b',
        '__proto__',
      ),
      fc.string(),
    );
    const plain = fc.constantFrom('a', 'b', 'c', 'd', '__proto__');
    const aliases = fc.uniqueArray(fc.tuple(plain, plain), { selector: ([document]) => document });
    fc.assert(
      fc.property(aliases, fc.uniqueArray(name), (pairs, names) => {
        fc.pre(new Set(pairs.map(([, stored]) => stored)).size === pairs.length);
        const mapping = mappingOf(Object.fromEntries(pairs));
        const item = Object.fromEntries(names.map((key) => [key, { S: key }]));
        const document = mapping.toDocument(READINGS, item);
        expect(Object.keys(document)).toHaveLength(names.length);
        expect(Object.entries(mapping.toStored(READINGS, document))).toEqual(Object.entries(item));
        expect(Object.entries(mapping.toDocument(READINGS, mapping.toStored(READINGS, item)))).toEqual(
          Object.entries(item),
        );
        for (const [documentName, stored] of pairs) {
          expect(mapping.storedName(READINGS, documentName)).toBe(stored);
        }
      }),
      { seed: 20261121, numRuns: 500 },
    );
  });

  it('copy nothing where a table has none', () => {
    const mapping = mappingOf({ value: 'readingValue', same: 'same' });
    const item: StoredItem = { value: { N: '1' } };
    expect(mapping.toDocument('other', item)).toBe(item);
    expect(mapping.toStored('other', item)).toBe(item);
    expect(mappingOf({ same: 'same' }).toStored(READINGS, item)).toBe(item);
  });

  it('rename keys and index keys of a definition', () => {
    const definition: TableDefinition = {
      name: READINGS,
      role: 'target',
      partitionKey: 'id',
      sortKey: 'day',
      indexes: [{ name: 'kpi-index', partitionKey: 'kpiId', sortKey: 'id' }],
    };
    expect(mappingOf({ id: 'pk', kpiId: 'gsi1' }).storedDefinition(definition)).toEqual({
      name: 'purposepath-kpi-readings-dev',
      role: 'target',
      partitionKey: 'pk',
      sortKey: 'day',
      indexes: [{ name: 'kpi-index', partitionKey: 'gsi1', sortKey: 'pk' }],
    });
  });

  it.each<[string, Record<string, string>]>([
    ['two attributes are stored under one name', { a: 'x', b: 'x' }],
    ['an alias uses a reserved mark', { a: 'stored:b' }],
    ['an alias renames a marked name', { 'document:a': 'b' }],
    ['an attribute is stored under the name of a key', { value: 'id' }],
    ['an attribute is stored under the name of an index key', { value: 'kpiId' }],
  ])('are refused as configuration where %s', (_, aliases) => {
    const definition: TableDefinition = {
      name: READINGS,
      role: 'source',
      partitionKey: 'id',
      indexes: [{ name: 'kpi-index', partitionKey: 'kpiId' }],
    };
    const environment = { suffix: '', tables: {}, attributes: { [READINGS]: aliases } };
    expect(() => new TableMapping(environment, [definition])).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', exit: 2 }),
    );
  });
});
