/** A token of a PartiQL statement. `word`: keyword or bare name; `name`: in double quotes; `text`: in single quotes. */
export interface PartiqlToken {
  readonly kind: 'word' | 'name' | 'text' | 'number' | 'symbol';
  /** without quotes, escapes resolved; words as they were typed */
  readonly value: string;
}

/** A statement that can't be told apart into tokens. */
export class PartiqlSyntaxError extends Error {
  constructor(what: string) {
    super(`PartiQL statement with ${what}`);
    this.name = 'PartiqlSyntaxError';
  }
}

const SPACE = /\s/;
const WORD_START = /[\p{L}_$]/u;
const WORD_PART = /[\p{L}\p{N}_$]/u;
const NUMBER_PART = /[0-9.eE]/;

/** Some end a line for one parser and not for another, so behind them a comment may or may not have ended. */
const DOUBTFUL_LINE_END = /[\r\v\f\u0085\u2028\u2029]/;

/**
 * The tokens of a statement: double and single quotes with doubled quotes inside; line and block comments are skipped.
 * Whatever is left open, comments whose end is a matter of taste, and Ion literals in backticks, which we never
 * write, are errors: a guard must not guess.
 */
export function partiqlTokens(statement: string): PartiqlToken[] {
  const tokens: PartiqlToken[] = [];
  let position = 0;
  while (position < statement.length) {
    const [token, end] = next(statement, position);
    if (token !== undefined) tokens.push(token);
    position = end;
  }
  return tokens;
}

type Step = readonly [token: PartiqlToken | undefined, end: number];

function next(text: string, start: number): Step {
  const character = text[start] as string;
  if (SPACE.test(character)) return [undefined, start + 1];
  if (text.startsWith('--', start)) return [undefined, endOfLine(text, start)];
  if (text.startsWith('/*', start)) return [undefined, endOfComment(text, start)];
  if (character === '"') return quoted(text, start, 'name');
  if (character === "'") return quoted(text, start, 'text');
  if (character === '`') throw new PartiqlSyntaxError('an Ion literal');
  if (WORD_START.test(character)) return run(text, start, WORD_PART, 'word');
  if (character >= '0' && character <= '9') return run(text, start, NUMBER_PART, 'number');
  return [{ kind: 'symbol', value: character }, start + 1];
}

function quoted(text: string, start: number, kind: PartiqlToken['kind']): Step {
  const quote = text[start] as string;
  let value = '';
  let position = start + 1;
  for (;;) {
    const end = text.indexOf(quote, position);
    if (end < 0) throw new PartiqlSyntaxError('a quote that is not closed');
    value += text.slice(position, end);
    if (text[end + 1] !== quote) return [{ kind, value }, end + 1];
    value += quote;
    position = end + 2;
  }
}

function run(text: string, start: number, part: RegExp, kind: PartiqlToken['kind']): Step {
  let end = start + 1;
  while (end < text.length && part.test(text[end] as string)) end += 1;
  return [{ kind, value: text.slice(start, end) }, end];
}

function endOfLine(text: string, start: number): number {
  const found = text.indexOf('\n', start);
  const end = found < 0 ? text.length : found;
  const line = text.slice(start, text[end - 1] === '\r' && found >= 0 ? end - 1 : end);
  if (DOUBTFUL_LINE_END.test(line)) throw new PartiqlSyntaxError('a comment whose end is unclear');
  return end;
}

function endOfComment(text: string, start: number): number {
  const end = text.indexOf('*/', start + 2);
  if (end < 0) throw new PartiqlSyntaxError('a comment that is not closed');
  if (text.slice(start + 2, end).includes('/*')) throw new PartiqlSyntaxError('a comment in a comment');
  return end + 2;
}
