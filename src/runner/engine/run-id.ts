/** `<UTC start>-<6 hex digits>`: sorts by time, and two runs of one second still differ. */
export function runId(startedAt: Date, random: () => number): string {
  const time = startedAt.toISOString().replace(/[-:]|\.\d+/g, '');
  const suffix = Math.floor(random() * 0x1000000)
    .toString(16)
    .padStart(6, '0');
  return `${time}-${suffix}`;
}
