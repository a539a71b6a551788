/** What may carry a condition: puts, updates, deletes, alone or in a transaction. */
export interface Conditional {
  readonly TableName?: string | undefined;
  readonly ConditionExpression?: string | undefined;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>> | undefined;
}

/**
 * How far a condition restrains a write, as far as its text tells:
 * - `absent`: it holds only where there is no row with this key;
 * - `conditional`: it depends on an attribute beside the key;
 * - `none`: there is no condition, or it asks for nothing but the key, or an OR could void it.
 */
export type ConditionStrength = 'none' | 'conditional' | 'absent';

const TOKENS = /[#:]?\w+|<>|[<>]=?|[=(),.[\]]/g;
/** Whatever else stands in a condition is nothing that we know, so the condition counts for nothing. */
const KNOWN_CHARACTERS = /^[\w\s#:<>=(),.[\]]*$/;
const NAME = /^(?:#\w+|[A-Za-z_]\w*)$/;
const KEYWORDS = new Set(['and', 'or', 'not', 'in', 'between']);
const ABSENCE = 'attribute_not_exists';

/** `keys` are the table's key attributes by their stored names. */
export function conditionStrength(input: Conditional, keys: readonly string[]): ConditionStrength {
  const text = input.ConditionExpression ?? '';
  const tokens = KNOWN_CHARACTERS.test(text) ? (text.match(TOKENS) ?? []) : [];
  if (canBeVoided(tokens)) return 'none';
  const names = new Map(Object.entries(input.ExpressionAttributeNames ?? {}));
  /** the attribute that a token names; undefined for all that is none, and for the inner parts of a path */
  const attributeAt = (index: number): string | undefined => {
    const token = tokens[index] ?? '';
    const isOther = !NAME.test(token) || KEYWORDS.has(token.toLowerCase());
    if (isOther || tokens[index + 1] === '(' || tokens[index - 1] === '.') return undefined;
    return token.startsWith('#') ? names.get(token) : token;
  };
  const isKey = (name: string | undefined): boolean => name !== undefined && keys.includes(name);
  const asksForAbsence = tokens.some(
    (_, index) => isWholeAbsenceTerm(tokens, index) && isKey(attributeAt(index + 2)),
  );
  if (asksForAbsence) return 'absent';
  const dependsOnMore = tokens.some((_, index) => {
    const name = attributeAt(index);
    return name !== undefined && !isKey(name);
  });
  return dependsOnMore ? 'conditional' : 'none';
}

/** An OR leaves it open which side holds, and so does the NOT of a bracket: it turns an AND into an OR. */
function canBeVoided(tokens: readonly string[]): boolean {
  return tokens.some((token, index) => {
    const word = token.toLowerCase();
    return word === 'or' || (word === 'not' && tokens[index + 1] === '(');
  });
}

/** `attribute_not_exists(x)` as a term of its own: between brackets, ANDs and the ends. */
function isWholeAbsenceTerm(tokens: readonly string[], index: number): boolean {
  if (tokens[index] !== ABSENCE || tokens[index + 1] !== '(' || tokens[index + 3] !== ')') return false;
  const before = tokens[index - 1]?.toLowerCase() ?? 'and';
  const after = tokens[index + 4]?.toLowerCase() ?? 'and';
  return ['and', '('].includes(before) && ['and', ')'].includes(after);
}
