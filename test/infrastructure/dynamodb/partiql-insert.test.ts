import type { StoredItem } from '../../../src/domain/storage/stored-value.js';
import { PartiqlInserts } from '../../../src/infrastructure/dynamodb/partiql-insert.js';
import { partiqlTokens } from '../../../src/infrastructure/dynamodb/partiql-tokens.js';

describe('PartiQL inserts', () => {
  it('name the attributes and pass values only as parameters', () => {
    const item: StoredItem = { id: { S: "x'; DELETE" }, n: { N: '1' } };
    expect(new PartiqlInserts().statement('kpis', item)).toEqual({
      Statement: `INSERT INTO "kpis" VALUE {'id': ?, 'n': ?}`,
      Parameters: [{ S: "x'; DELETE" }, { N: '1' }],
    });
  });

  it('escape quotes in names', () => {
    const statement = new PartiqlInserts().statement('a"b', { "o'clock": { S: '1' }, '"': { S: '2' } });
    expect(statement?.Statement).toBe(`INSERT INTO "a""b" VALUE {'o''clock': ?, '"': ?}`);
  });

  it('reuse a text only for the very same names', () => {
    const inserts = new PartiqlInserts();
    const rows: StoredItem[] = [
      { 'a\nb': { S: '1' } },
      { a: { S: '1' }, b: { S: '2' } },
      { 'a\nb': { S: '3' } },
    ];
    expect(rows.map((row) => inserts.statement('t', row)?.Statement)).toEqual([
      `INSERT INTO "t" VALUE {'a\nb': ?}`,
      `INSERT INTO "t" VALUE {'a': ?, 'b': ?}`,
      `INSERT INTO "t" VALUE {'a\nb': ?}`,
    ]);
    const first = inserts.statement('t', { x: { S: '1' } });
    expect(inserts.statement('t', { x: { S: '2' } })).toEqual({ ...first, Parameters: [{ S: '2' }] });
  });

  it('are not made where the text would pass 8192 characters', () => {
    const room = 8192 - `INSERT INTO "t" VALUE {'': ?}`.length;
    const statement = (length: number): unknown =>
      new PartiqlInserts().statement('t', { ['n'.repeat(length)]: { S: '1' } });
    expect(statement(room)).toMatchObject({ Statement: expect.stringMatching(/^.{8192}$/) });
    expect(statement(room + 1)).toBeUndefined();
  });
});

describe('PartiQL tokens', () => {
  it('tell words, quoted names, texts, numbers and symbols apart', () => {
    expect(partiqlTokens(`Update "my ""t""" SET a1 = 'it''s' WHERE x>=1.5e3`)).toEqual([
      { kind: 'word', value: 'Update' },
      { kind: 'name', value: 'my "t"' },
      { kind: 'word', value: 'SET' },
      { kind: 'word', value: 'a1' },
      { kind: 'symbol', value: '=' },
      { kind: 'text', value: "it's" },
      { kind: 'word', value: 'WHERE' },
      { kind: 'word', value: 'x' },
      { kind: 'symbol', value: '>' },
      { kind: 'symbol', value: '=' },
      { kind: 'number', value: '1.5e3' },
    ]);
  });

  it('skip comments, but not what looks like one inside quotes', () => {
    expect(partiqlTokens(`a -- "b'\n/* 'c */ '--d' "/*e*/"`).map(({ value }) => value)).toEqual([
      'a',
      '--d',
      '/*e*/',
    ]);
  });

  it.each([`"open`, `'open''`, `/* open`, '`ion`'])('refuse %s', (statement) => {
    expect(() => partiqlTokens(statement)).toThrow('PartiQL statement with');
  });
});
