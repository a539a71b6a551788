/** A text of a JSON document, with the colon behind it where it is a key; or where an object begins or ends. */
const TOKEN = /"(?:[^"\\]+|\\.)*"(\s*:)?|[{}]/g;

/**
 * The line of a JSON text in which an object names a key again; undefined where none does. The parser takes the last of
 * equal keys without a word, and which of them is right nobody can say. Only for texts that have been parsed.
 */
export function lineOfRepeatedKey(text: string): number | undefined {
  const open: Set<string>[] = [];
  for (const { 0: token, 1: colon, index } of text.matchAll(TOKEN)) {
    if (token === '{') open.push(new Set());
    else if (token === '}') open.pop();
    else if (colon !== undefined) {
      // as the parser reads it: escapes make one key of two spellings
      const key = JSON.parse(token.slice(0, -colon.length)) as string;
      if (open.at(-1)?.has(key) === true) return text.slice(0, index).split('\n').length;
      open.at(-1)?.add(key);
    }
  }
  return undefined;
}
