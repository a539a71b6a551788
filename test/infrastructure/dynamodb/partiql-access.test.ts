import fc from 'fast-check';

import { partiqlAccess } from '../../../src/infrastructure/dynamodb/partiql-access.js';
import { PartiqlSyntaxError } from '../../../src/infrastructure/dynamodb/partiql-tokens.js';

const keysOf = (): readonly string[] => ['id', 'day'];

/** `<kind> <table>` for each access, or `refused`. */
function verdict(statement: string): string {
  try {
    return partiqlAccess(statement, keysOf)
      .map(({ kind, table }) => `${kind} ${table}`)
      .join(', ');
  } catch (error) {
    if (error instanceof PartiqlSyntaxError) return 'refused';
    throw error;
  }
}

/**
 * A statement in parts: keywords are in capitals and may be written in any case; all the rest stays as it is. Between
 * any two parts there may be spaces and comments.
 */
const STATEMENTS: readonly [parts: string, expected: string][] = [
  ['SELECT * FROM "t"', 'read t'],
  ['SELECT * FROM t', 'read t'],
  ['SELECT a , m . b FROM "t" . "an index" WHERE id = ? AND a = \'FROM "x"\' ORDER BY day DESC', 'read t'],
  [`SELECT COUNT ( a ) FROM "t" WHERE EXISTS ( SELECT * FROM "u" WHERE id = ? )`, 'read t, read u'],
  ['EXISTS ( SELECT * FROM "t" WHERE id = ? AND ( a = ? ) )', 'read t'],
  [`INSERT INTO "t" VALUE { 'id' : ? }`, 'insert t'],
  [`INSERT INTO t VALUE { 'id' : ? , 'm' : { 'DELETE' : [ ? , << 1 , 2 >> ] } } ;`, 'insert t'],
  [`UPDATE "t" SET a = ? WHERE id = ? AND day = ? AND a = ?`, 'change t'],
  [`UPDATE "t" SET a = ? REMOVE b WHERE id = ? AND "b" IS NOT MISSING RETURNING ALL OLD *`, 'change t'],
  [`UPDATE "t" SET a = ? WHERE id = ? AND day = ?`, 'overwrite t'],
  [`UPDATE "t" SET a = ? WHERE id = ? AND a = ? OR a = ?`, 'overwrite t'],
  [`UPDATE "t" SET a = ? WHERE id = ? AND NOT ( a = ? AND b = ? )`, 'overwrite t'],
  [`UPDATE "t" SET a = ? WHERE id = ? AND size ( id ) > 3`, 'overwrite t'],
  [`UPDATE "t" SET a = ? WHERE id = ? RETURNING MODIFIED NEW a`, 'overwrite t'],
  [`UPDATE "t" SET a = ?`, 'overwrite t'],
  [`DELETE FROM "t" WHERE id = ? AND day = ? AND a = ?`, 'remove t'],
  [`DELETE FROM "t" WHERE id = ? AND attribute_type ( a , 'S' ) RETURNING ALL OLD *`, 'remove t'],
  [`DELETE FROM "t" WHERE "id" = 'a' AND "day" = ' AND a = 1'`, 'overwrite t'],
  [`DELETE FROM "t"`, 'overwrite t'],
  [`DELETE FROM "t" ; DELETE FROM "t"`, 'refused'],
  [`DELETE FROM "t" WHERE id = ? AND a = ? AND EXISTS ( SELECT * FROM "u" )`, 'refused'],
  [`DELETE FROM "t" . "an index" WHERE id = ? AND a = ?`, 'refused'],
  [`UPDATE "t" SET a = ( SELECT b FROM "u" ) WHERE id = ? AND a = ?`, 'refused'],
  [`INSERT INTO "t" VALUE { 'id' : ? } ON CONFLICT DO REPLACE EXCLUDED`, 'refused'],
  [`INSERT INTO "t" << { 'id' : ? } >>`, 'refused'],
  [`INSERT INTO "t" SELECT * FROM "u"`, 'refused'],
  [`SELECT * FROM "t" , "u"`, 'refused'],
  [`SELECT * FROM "t" JOIN "u" ON a = b`, 'refused'],
  [`SELECT * FROM "t" AS x`, 'refused'],
  [`SELECT * FROM ( SELECT * FROM "t" )`, 'refused'],
  [`SELECT * FROM "t" WHERE id = ? DELETE FROM "t"`, 'refused'],
  [`EXISTS ( SELECT * FROM "t" ) DELETE FROM "t"`, 'refused'],
  [`REPLACE INTO "t" VALUE { 'id' : ? }`, 'refused'],
  [`UPSERT INTO "t" VALUE { 'id' : ? }`, 'refused'],
  [`CREATE TABLE "t"`, 'refused'],
  [`DROP TABLE "t"`, 'refused'],
  [`FROM "t" WHERE id = ? REMOVE a`, 'refused'],
  [`EXEC "p"`, 'refused'],
];

/** The parts of a statement; texts and names in quotes stay whole. */
function partsOf(statement: string): string[] {
  return statement.match(/'(?:[^']|'')*'|"(?:[^"]|"")*"|\S+/g) ?? [];
}

/** Text for a comment that no parser can end early: no line end, nothing that opens or closes a comment. */
const commentText = fc
  .oneof(
    fc.string({ maxLength: 12 }),
    fc.constantFrom(`DELETE FROM "t"`, `'`, `"`, ';', '-- ', 'WHERE a = 1', '}', '`', 'OR'),
  )
  .map((text) => text.replace(/[\n\r\v\f\u0085\u2028\u2029]/g, ' ').replace(/[*/]/g, '.'));
const gap = fc.oneof(
  fc.constantFrom(' ', '  ', '\t', '\n', '\r\n'),
  commentText.map((text) => `/*${text}*/`),
  commentText.map((text) => `--${text}\n`),
  commentText.map((text) => `--${text}\r\n`),
);
const gaps = fc.array(gap, { minLength: 1, maxLength: 3 }).map((list) => list.join(''));

function randomCase(word: string, upper: readonly boolean[]): string {
  return word.replace(/[A-Z]/g, (letter, index: number) =>
    upper[index % upper.length] === true ? letter : letter.toLowerCase(),
  );
}

describe('invariant 3: what a PartiQL statement does', () => {
  it.each(STATEMENTS)('is told from its text: %s', (statement, expected) => {
    expect(verdict(statement)).toBe(expected);
  });

  it('does not change with the case of keywords, with spaces or with comments', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...STATEMENTS),
        fc.array(gaps, { minLength: 60, maxLength: 60 }),
        fc.array(fc.boolean(), { minLength: 1, maxLength: 9 }),
        ([statement, expected], between, upper) => {
          const parts = partsOf(statement).map((part) =>
            /^[A-Z]+$/.test(part) ? randomCase(part, upper) : part,
          );
          const decorated = parts.map((part, index) => `${between[index] ?? ' '}${part}`).join('');
          expect(verdict(`${decorated}${between.at(-1) ?? ''}`)).toBe(expected);
        },
      ),
      { numRuns: 3_000 },
    );
  });

  it('does not change with what stands in texts', () => {
    const text = fc
      .oneof(
        fc.string({ unit: 'grapheme' }),
        fc.constantFrom(`' OR 1=1 --`, `'; DELETE FROM "t"`, '*/', '/*', `''`, '--'),
      )
      .map((value) => `'${value.replaceAll("'", "''")}'`);
    fc.assert(
      fc.property(text, text, (one, two) => {
        expect(verdict(`INSERT INTO "t" VALUE {${one}: ${two}}`)).toBe('insert t');
        expect(verdict(`UPDATE "t" SET a = ${one} WHERE id = ${two}`)).toBe('overwrite t');
        expect(verdict(`DELETE FROM "t" WHERE id = ${one} AND a = ${two}`)).toBe('remove t');
        expect(verdict(`SELECT ${one} FROM "t" WHERE a = ${two}`)).toBe('read t');
      }),
    );
  });

  it('takes the table’s name as it is quoted, whatever is in it', () => {
    const name = fc.oneof(
      fc.string({ unit: 'grapheme', minLength: 1 }),
      fc.constantFrom('a"b', 'WHERE', `x' OR`, '--', '/*', 'arn:aws:dynamodb:eu-west-1:1:table/t'),
    );
    fc.assert(
      fc.property(name, (table) => {
        const quoted = `"${table.replaceAll('"', '""')}"`;
        expect(partiqlAccess(`DELETE FROM ${quoted} WHERE id=1`, keysOf)).toEqual([
          { table, kind: 'overwrite' },
        ]);
        expect(partiqlAccess(`INSERT INTO ${quoted} VALUE {}`, keysOf)).toEqual([{ table, kind: 'insert' }]);
        expect(partiqlAccess(`SELECT * FROM ${quoted}`, keysOf)).toEqual([{ table, kind: 'read' }]);
      }),
    );
  });

  it('is refused where parsers may disagree on where a comment ends', () => {
    const select = 'SELECT * FROM "t"';
    for (const end of ['\r', '\v', '\f', '\u0085', '\u2028', '\u2029']) {
      expect([JSON.stringify(end), verdict(`-- ${end}${select}`)]).toEqual([JSON.stringify(end), 'refused']);
      expect(verdict(`-- ${end} \n${select}`)).toBe('refused');
    }
    expect(verdict(`/* /* */ ${select} */`)).toBe('refused');
    expect(verdict(`${select} --\r`)).toBe('refused');
    expect(verdict(`${select} --`)).toBe('read t');
  });
});
