/** `<UTC start>-<6 hex digits>`: sorts by time, and two runs of one second still differ. */
export function runId(startedAt: Date, random: () => number): string {
  const suffix = Math.floor(random() * 0x1000000)
    .toString(16)
    .padStart(6, '0');
  return `${timeOf(startedAt)}-${suffix}`;
}

/** The id of a run as it would be had it started at another time. */
export function runIdAt(startedAt: Date, run: string): string {
  return timeOf(startedAt) + run.slice(run.indexOf('-'));
}

function timeOf(startedAt: Date): string {
  return startedAt.toISOString().replace(/[-:]|\.\d+/g, '');
}

/** When something ended that began at an instant: never before it, whatever the clock says. */
export function endOf(startedAt: string, now: Date): string {
  const at = now.toISOString();
  return at > startedAt ? at : startedAt;
}
