/** What a long test has done, for people: on the terminal, between the lines of the test runner. */
export function tell(text: string): void {
  process.stdout.write(`\n${text}\n`);
}

/** Distinct ones, each with how often it came, the most frequent first. */
export function tally(names: readonly string[]): [name: string, count: number][] {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a);
}

/** Without the position: which operation on what in which step, before or after it was done. */
export function kindOfPoint(point: string): string {
  return point.replace(/ #\d+/, '');
}

export function seconds(since: number): number {
  return Math.round((performance.now() - since) / 1000);
}
