/** What a case has found out. */
export interface Verdict {
  /** none: it passed */
  readonly problems: readonly string[];
  /** where to look; omitted where the problems say it */
  readonly advice?: string;
  /** what was done, e.g. how many kill points were hit */
  readonly told?: string;
  /** an error that the plan's own code threw */
  readonly cause?: unknown;
}

/** Problems that a message lists; the first ones nearly always have the same cause as the others. */
const LISTED = 8;

/** A case that failed. The message names tables, keys and fields, and says where to look; it holds no values. */
export class ConformanceError extends Error {
  override readonly name = 'ConformanceError';

  constructor(
    readonly caseName: string,
    readonly problems: readonly string[],
    advice?: string,
    options?: ErrorOptions,
  ) {
    const rest = problems.length - LISTED;
    const lines = problems.slice(0, LISTED).map((problem) => `\n  - ${problem}`);
    if (rest > 0) lines.push(`\n  - and ${rest} more`);
    super(`${caseName}:${lines.join('')}${advice === undefined ? '' : `\n${advice}`}`, options);
  }
}

/** A case that says nothing because what it builds on fails already. */
export class BlockedCase extends Error {
  override readonly name = 'BlockedCase';
}
