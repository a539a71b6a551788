/** The characters of .NET's `char.IsWhiteSpace`: unlike JavaScript's `\s` with U+0085 and without U+FEFF. */
const SPACE = '[\\t-\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]';
const OUTER = new RegExp(`^${SPACE}+|${SPACE}+$`, 'g');
const ANYWHERE = new RegExp(`${SPACE}+`, 'g');

/** Code points 0x21..0x7e are no white space: the usual first and last characters. */
function isPlain(code: number): boolean {
  return code > 0x20 && code < 0x7f;
}

/** The text without surrounding white space, as .NET's `string.Trim()` gives it. */
export function trimmed(text: string): string {
  if (isPlain(text.charCodeAt(0)) && isPlain(text.charCodeAt(text.length - 1))) return text;
  return text.replace(OUTER, '');
}

/** The text without any white space. */
export function withoutWhiteSpace(text: string): string {
  return text.replace(ANYWHERE, '');
}

/** Nothing but white space, or nothing at all. */
export function isBlank(text: string): boolean {
  return !isPlain(text.charCodeAt(0)) && trimmed(text) === '';
}
