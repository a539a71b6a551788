/** The name that is most like the one given; undefined where none is alike: more than a third of it is different. */
export function closest(given: string, names: readonly string[]): string | undefined {
  const alike = names
    .map((name) => ({ name, distance: editDistance(given.toLowerCase(), name.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)[0];
  if (alike === undefined || alike.distance > Math.max(1, Math.floor(given.length / 3))) return undefined;
  return alike.name;
}

/** Levenshtein's: how many characters have to be added, removed or replaced. */
function editDistance(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (const [row, character] of Array.from(a).entries()) {
    const line = [row + 1];
    for (const [column, other] of Array.from(b).entries()) {
      const replaced = (above[column] ?? 0) + (character === other ? 0 : 1);
      line.push(Math.min(replaced, (above[column + 1] ?? 0) + 1, (line[column] ?? 0) + 1));
    }
    above = line;
  }
  return above[b.length] ?? 0;
}
