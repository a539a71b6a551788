/**
 * Foreign text (ids, details, table names) on its way into a terminal, Markdown or HTML. Stored data may contain
 * anything, escape sequences included, so nothing foreign is printed without one of these.
 */

/** One line without control, format or line-breaking characters; those appear as `\u{…}`. */
export function terminalSafe(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu, codePoint);
}

/** As {@link terminalSafe}, but keeps line feeds: for texts of ours that quote foreign text. */
export function terminalSafeLines(text: string): string {
  return text.split('\n').map(terminalSafe).join('\n');
}

/**
 * Text that GitHub's Markdown shows as it is, on one line. An underscore inside a word is left alone: it means
 * nothing there, and reason codes stay readable and searchable in the source.
 */
export function markdownSafe(text: string): string {
  return terminalSafe(text.replace(/\s+/g, ' ').trim())
    .replace(/&/g, '&amp;')
    .replace(/[\\`*{}[\]<>#|~]/g, '\\$&')
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\_')
    .replace(/^[-+]/, '\\$&')
    .replace(/^(\d+)([.)])/, '$1\\$2');
}

const HTML_ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text for HTML content and quoted attributes. */
export function htmlSafe(text: string): string {
  return terminalSafe(text).replace(/[&<>"']/g, (character) => HTML_ENTITIES[character] ?? '');
}

function codePoint(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
