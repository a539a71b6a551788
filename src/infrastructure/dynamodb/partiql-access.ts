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
 * conditional only if its WHERE clause has, beside the key, at least one other attribute, and nothing that could make
 * that void. `keysOf` gives a table's key attributes. Throws `PartiqlSyntaxError` for what it does not know.
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
      return [changeAccess(cursor, 'change', keysOf)];
    case 'delete':
      cursor.expectWord('from');
      return [changeAccess(cursor, 'remove', keysOf)];
    default:
      throw new PartiqlSyntaxError('an unknown verb');
  }
}

/** Words that begin or continue another statement. Where one stands inside a statement, it is more than it seems. */
const WRITING_WORDS = ['insert', 'update', 'upsert', 'replace', 'delete', 'remove', 'set', 'into'];
const READING_WORDS = ['select', 'from'];

/** Every FROM names a table; the rest of a SELECT can't write. */
function selectAccess(cursor: TokenCursor): TableAccess[] {
  const found: TableAccess[] = [];
  const rest = cursor.rest();
  refuseWords(rest, WRITING_WORDS);
  rest.forEach((token, index) => {
    if (isWord(token, 'from')) found.push({ table: selectedTable(rest, index + 1), kind: 'read' });
    if (isSymbol(token, ';')) throw new PartiqlSyntaxError('more than one statement');
  });
  if (found.length === 0) throw new PartiqlSyntaxError('no table');
  return found;
}

/** `table` or `table.index`, and nothing behind it that could bring in another one. */
function selectedTable(tokens: readonly PartiqlToken[], start: number): string {
  const name = tableName(tokens[start]);
  const hasIndex = isSymbol(tokens[start + 1], '.');
  if (hasIndex) tableName(tokens[start + 2]);
  const following = tokens[start + (hasIndex ? 3 : 1)];
  const isEnd = following === undefined || isSymbol(following, ')');
  if (isEnd || isWord(following, 'where') || isWord(following, 'order')) return name;
  throw new PartiqlSyntaxError('more than one table');
}

/** `EXISTS(SELECT …)` and nothing behind it: the condition check of a transaction. */
function existsAccess(cursor: TokenCursor): TableAccess[] {
  cursor.expectSymbol('(');
  cursor.expectWord('select');
  const found = selectAccess(cursor);
  let depth = 1;
  while (depth > 0) depth += depthOf(cursor.take(), '(', ')');
  cursor.expectEnd();
  return found;
}

/** `INSERT INTO table VALUE { … }` and nothing behind it: PartiQL elsewhere has an ON CONFLICT DO REPLACE. */
function insertAccess(cursor: TokenCursor): TableAccess {
  cursor.expectWord('into');
  const table = cursor.table();
  cursor.expectWord('value');
  cursor.expectSymbol('{');
  refuseWords(cursor.rest(), [...READING_WORDS, ...WRITING_WORDS]);
  let depth = 1;
  while (depth > 0) depth += depthOf(cursor.take(), '{', '}');
  cursor.expectEnd();
  return { table, kind: 'insert' };
}

/** An UPDATE or, where `kind` is `remove`, a DELETE, from its table on. */
function changeAccess(
  cursor: TokenCursor,
  kind: 'change' | 'remove',
  keysOf: (table: string) => readonly string[] | undefined,
): TableAccess {
  const table = cursor.table();
  const tokens = cursor.rest();
  if (tokens.some((token) => isSymbol(token, ';'))) throw new PartiqlSyntaxError('more than one statement');
  const where = tokens.findIndex((token) => isWord(token, 'where'));
  const clause = where < 0 ? [] : tokens.slice(where + 1);
  // REMOVE and SET are words of an UPDATE, but not of its condition
  const foreign = WRITING_WORDS.filter((word) => kind === 'remove' || !['set', 'remove'].includes(word));
  refuseWords(tokens, [...READING_WORDS, ...foreign]);
  refuseWords(clause, [...WRITING_WORDS, 'where']);
  const returning = clause.findIndex((token) => isWord(token, 'returning'));
  const condition = returning < 0 ? clause : clause.slice(0, returning);
  return { table, kind: isConditional(condition, keysOf(table) ?? []) ? kind : 'overwrite' };
}

/** Beside the key at least one other attribute, and nothing that could void it: no OR, no NOT of a bracket. */
function isConditional(clause: readonly PartiqlToken[], keys: readonly string[]): boolean {
  const canBeVoided = clause.some(
    (token, index) => isWord(token, 'or') || (isWord(token, 'not') && isSymbol(clause[index + 1], '(')),
  );
  if (canBeVoided) return false;
  return clause.some((token, index) => {
    const isInnerOrCall = isSymbol(clause[index - 1], '.') || isSymbol(clause[index + 1], '(');
    return isAttribute(token) && !isInnerOrCall && !keys.includes(token.value);
  });
}

function isAttribute(token: PartiqlToken): boolean {
  return token.kind === 'name' || (token.kind === 'word' && !CLAUSE_WORDS.has(token.value.toLowerCase()));
}

function refuseWords(tokens: readonly PartiqlToken[], words: readonly string[]): void {
  const found = words.find((word) => tokens.some((token) => isWord(token, word)));
  if (found !== undefined) throw new PartiqlSyntaxError(`${found.toUpperCase()} where it is not expected`);
}

/** What a token adds to the number of open brackets. */
function depthOf(token: PartiqlToken, open: string, close: string): number {
  return isSymbol(token, open) ? 1 : isSymbol(token, close) ? -1 : 0;
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
