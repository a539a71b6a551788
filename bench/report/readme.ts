const BEGIN = '<!-- results: written by npm run bench -->';
const END = '<!-- results end -->';

/** The text with what is between the two markers replaced. Throws Error where they are absent. */
export function withResults(readme: string, results: string): string {
  const from = readme.indexOf(BEGIN);
  const to = readme.indexOf(END);
  if (from < 0 || to < from) throw new Error('the README has no place for results');
  return `${readme.slice(0, from)}${BEGIN}\n\n${results}\n\n${readme.slice(to)}`;
}
