import { DirectoryError } from '../../domain/core-table/user-directory.js';

const QUOTE = '"';

/**
 * The records of a CSV text (RFC 4180): fields are separated by commas, records by line ends of any kind; a field in
 * double quotes may hold both, and its own quotes doubled. Empty lines are none. Throws `DirectoryError`.
 */
export function* csvRecords(title: string, text: string): Generator<readonly string[]> {
  let fields: string[] = [];
  let position = text.startsWith('\ufeff') ? 1 : 0;
  while (position < text.length) {
    const field = fieldAt(title, text, position);
    fields.push(field.text);
    const separator = text[field.end];
    position = field.end + (text.startsWith('\r\n', field.end) ? 2 : 1);
    if (separator === ',' && position < text.length) continue;
    if (separator === ',') fields.push('');
    if (fields.length > 1 || fields[0] !== '') yield fields;
    fields = [];
  }
}

/** A field, and where the separator behind it stands. */
function fieldAt(
  title: string,
  text: string,
  start: number,
): { readonly text: string; readonly end: number } {
  if (text[start] === QUOTE) return quotedAt(title, text, start);
  let end = start;
  while (end < text.length && !isSeparator(text[end])) end += 1;
  const plain = text.slice(start, end);
  if (plain.includes(QUOTE))
    throw new DirectoryError(title, 'a quote within a field that has none around it');
  return { text: plain, end };
}

function quotedAt(
  title: string,
  text: string,
  start: number,
): { readonly text: string; readonly end: number } {
  let end = start + 1;
  for (;;) {
    end = text.indexOf(QUOTE, end);
    if (end < 0) throw new DirectoryError(title, 'a quoted field that does not end');
    if (text[end + 1] !== QUOTE) break;
    end += 2;
  }
  const next = end + 1;
  if (next < text.length && !isSeparator(text[next]))
    throw new DirectoryError(title, 'text behind the quotes of a field');
  return { text: text.slice(start + 1, end).replaceAll(QUOTE + QUOTE, QUOTE), end: next };
}

function isSeparator(character: string | undefined): boolean {
  return character === ',' || character === '\n' || character === '\r';
}
