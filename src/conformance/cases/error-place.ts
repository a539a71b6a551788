/** Frames that are nobody's plan. */
const FOREIGN = /node:|node_modules|[\\/]conformance[\\/](?:watch|trial|cases)[\\/]/;

/** `<name> at <file>:<line>`; not the message, which may quote a record. */
export function errorPlace(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const place = firstPlace(error.stack ?? '');
  return place === undefined ? error.name : `${error.name} at ${place}`;
}

/** File name and line of the first frame of a stack that can belong to a plan. */
export function firstPlace(stack: string): string | undefined {
  for (const line of stack.split('\n')) {
    const found = /([^\\/() ]+):(\d+):\d+\)?$/.exec(line);
    if (found !== null && !FOREIGN.test(line)) return `${found[1] ?? ''}:${found[2] ?? ''}`;
  }
  return undefined;
}
