/** The most that a run may be asked for, whoever asks: command line, environment file or function event. */
export const RUN_LIMITS = {
  /** parallel scans were measured to be exact up to this many segments; beyond, items came twice */
  segments: 4096,
  /** requests in flight */
  concurrency: 1024,
  /** a second; more than any account has */
  units: 10_000_000,
  records: 1_000_000_000,
  /** longer texts are no reasons but documents; they would be repeated in every report */
  statementCharacters: 500,
} as const;
