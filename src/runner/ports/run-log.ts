export type LogLevel = 'error' | 'warn' | 'info' | 'debug';

/** Structured events: ids, counts and reasons only, never attribute values (invariant 11). */
export interface RunLog {
  event(level: LogLevel, event: string, fields?: Readonly<Record<string, unknown>>): void;
}
