/**
 * What differs between two sets of files (name → digest), in words and in the order of the names: `a.js changed`,
 * `b.js was added`, `c.js is gone`. Empty where nothing does.
 */
export function changedFiles(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): string[] {
  const [was, is] = [new Map(Object.entries(before)), new Map(Object.entries(after))];
  return [...new Set([...was.keys(), ...is.keys()])].sort().flatMap((name) => {
    if (!is.has(name)) return [`${name} is gone`];
    if (!was.has(name)) return [`${name} was added`];
    return was.get(name) === is.get(name) ? [] : [`${name} changed`];
  });
}
