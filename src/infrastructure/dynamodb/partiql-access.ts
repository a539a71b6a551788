import type { TableAccess } from './table-access.js';
import type { PartiqlToken } from './partiql-tokens.js';
import { PartiqlSyntaxError, partiqlTokens } from './partiql-tokens.js';

/** Keywords and functions of DynamoDB's PartiQL that can stand in a WHERE clause; any other word is an attribute. */
const CLAUSE_WORDS = new Set([
  'and',
  'not',
  'between',
  'in',
  'is',
  'missing',
  'null',
  'like',
  'true',
  'false',
  'exists',
  'begins_with',
  'contains',
  'attribute_type',
  'attribute_exists',
  'attribute_not_exists',
  'size',
  'value',
]);

/**
 * What a PartiQL statement does to which tables. An INSERT is insert-if-absent by itself; an UPDATE or DELETE is
 * conditional only if its WHERE clause has, beside the key, at least one other attribute, and no OR, which could make
 * the rest void. `keysOf` gives a table's key attributes. Throws `PartiqlSyntaxError` for what it does not know.
 */
export function partiqlAccess(
  statement: string,
  keysOf: (table: string) => readonly string[] | undefined,
): TableAccess[] {
  const cursor = new TokenCursor(partiqlTokens(statement));
  const verb = cursor.word();
  switch (verb) {
    case 'select':
      return selectAccess(cursor);
    case 'exists':
      return existsAccess(cursor);
    case 'insert':
      return [insertAccess(cursor)];
    case 'update':
      return [changeAccess(cursor, keysOf)];
    case 'delete':
      cursor.expectWord('from');
      return [changeAccess(cursor, keysOf)];
    default:
      throw new PartiqlSyntaxError('an unknown verb');
  }
}

/** Every FROM names a table; the rest of a SELECT can't write. */
function selectAccess(cursor: TokenCursor): TableAccess[] {
  const found: TableAccess[] = [];
  const rest = cursor.rest();
  rest.forEach((token, index) => {
    if (isWord(token, 'from')) found.push({ table: tableName(rest[index + 1]), kind: 'read' });
    if (isWord(token, 'join') || isSymbol(token, ';')) throw new PartiqlSyntaxError('more than one table');
  });
  if (found.length === 0) throw new PartiqlSyntaxError('no table');
  return found;
}

/** `EXISTS(SELECT …)`, the condition check of a transaction. */
function existsAccess(cursor: TokenCursor): TableAccess[] {
  cursor.expectSymbol('(');
  cursor.expectWord('select');
  return selectAccess(cursor);
}

/** `INSERT INTO table VALUE { … }` and nothing behind it: PartiQL elsewhere has an ON CONFLICT DO REPLACE. */
function insertAccess(cursor: TokenCursor): TableAccess {
  cursor.expectWord('into');
  const table = cursor.table();
  cursor.expectWord('value');
  cursor.expectSymbol('{');
  let depth = 1;
  while (depth > 0) {
    const token = cursor.take();
    if (isSymbol(token, '{')) depth += 1;
    if (isSymbol(token, '}')) depth -= 1;
  }
  cursor.expectEnd();
  return { table, kind: 'insert' };
}

function changeAccess(
  cursor: TokenCursor,
  keysOf: (table: string) => readonly string[] | undefined,
): TableAccess {
  const table = cursor.table();
  const tokens = cursor.rest();
  if (tokens.some((token) => isSymbol(token, ';'))) throw new PartiqlSyntaxError('more than one statement');
  const where = tokens.findIndex((token) => isWord(token, 'where'));
  if (where < 0) return { table, kind: 'overwrite' };
  const returning = tokens.findIndex((token, index) => index > where && isWord(token, 'returning'));
  const clause = tokens.slice(where + 1, returning < 0 ? undefined : returning);
  const keys = keysOf(table) ?? [];
  const isConditional =
    !clause.some((token) => isWord(token, 'or')) &&
    clause.some((token) => isAttribute(token) && !keys.includes(token.value));
  return { table, kind: isConditional ? 'change' : 'overwrite' };
}

function isAttribute(token: PartiqlToken): boolean {
  return token.kind === 'name' || (token.kind === 'word' && !CLAUSE_WORDS.has(token.value.toLowerCase()));
}

function isWord(token: PartiqlToken | undefined, word: string): boolean {
  return token?.kind === 'word' && token.value.toLowerCase() === word;
}

function isSymbol(token: PartiqlToken | undefined, symbol: string): boolean {
  return token?.kind === 'symbol' && token.value === symbol;
}

function tableName(token: PartiqlToken | undefined): string {
  if (token?.kind !== 'name' && token?.kind !== 'word') throw new PartiqlSyntaxError('no table name');
  return token.value;
}

class TokenCursor {
  private position = 0;

  constructor(private readonly tokens: readonly PartiqlToken[]) {}

  take(): PartiqlToken {
    const token = this.tokens[this.position];
    if (token === undefined) throw new PartiqlSyntaxError('an end where more was due');
    this.position += 1;
    return token;
  }

  word(): string {
    const token = this.take();
    if (token.kind !== 'word') throw new PartiqlSyntaxError('a keyword missing');
    return token.value.toLowerCase();
  }

  expectWord(word: string): void {
    if (this.word() !== word) throw new PartiqlSyntaxError(`no ${word.toUpperCase()} where it belongs`);
  }

  expectSymbol(symbol: string): void {
    if (!isSymbol(this.take(), symbol)) throw new PartiqlSyntaxError(`no ${symbol} where it belongs`);
  }

  /** A table, not one of its indexes. */
  table(): string {
    const name = tableName(this.take());
    const following = this.tokens[this.position];
    if (isSymbol(following, '.') || isSymbol(following, '-'))
      throw new PartiqlSyntaxError('a table name in parts');
    return name;
  }

  rest(): readonly PartiqlToken[] {
    return this.tokens.slice(this.position);
  }

  /** One closing semicolon is no second statement. */
  expectEnd(): void {
    const [first, second] = this.rest();
    if (first === undefined || (isSymbol(first, ';') && second === undefined)) return;
    throw new PartiqlSyntaxError('something behind its end');
  }
}
