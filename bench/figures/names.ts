/** The figures of the bench, in the order in which they are measured. */
export const FIGURE_NAMES = [
  'startup',
  'whole-run',
  'write-phase',
  'cpu',
  'verification',
  'latency',
  'plot',
  'rate',
  'memory',
] as const;

export type FigureName = (typeof FIGURE_NAMES)[number];

/** Those that take too long to come along unasked. */
export const ON_REQUEST: readonly FigureName[] = ['memory'];
