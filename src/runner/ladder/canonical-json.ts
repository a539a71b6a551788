/** JSON with sorted keys and no blanks: equal content, equal text, whoever formatted the file in between. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((inner: unknown) => canonicalJson(inner)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value)
    .filter(([, inner]) => inner !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, inner]) => `${JSON.stringify(key)}:${canonicalJson(inner)}`);
  return `{${members.join(',')}}`;
}
