import type { Logform } from 'winston';
import { redacted } from './redaction.js';
import { winston } from './winston.js';

/** What an event is in winston's terms; `fields` is kept apart, because winston joins a field `message` to the text. */
export interface LoggedEvent {
  readonly level: string;
  readonly message: string;
  /** ISO instant at which it was logged */
  readonly at: string;
  readonly fields: unknown;
}

/** One JSON document per line: `at`, `level`, `event`, `fields` where there are any. */
export function jsonLines(options: { readonly stacks: boolean }): Logform.Format {
  return winston().format.printf((info) => {
    const { at, level, message, fields } = info as unknown as LoggedEvent;
    return JSON.stringify({ at, level, event: message, fields: redacted(fields, options.stacks) });
  });
}

/** `05:53:12 info  step.started step=links records=120` for people; UTC, one line whatever the values are. */
export function readableLines(): Logform.Format {
  return winston().format.printf((info) => {
    const { at, level, message, fields } = info as unknown as LoggedEvent;
    const shown = Object.entries(redacted(fields ?? {}, false) as object)
      .filter(([, value]: [string, unknown]) => value !== undefined)
      .map(([key, value]: [string, unknown]) => `${key}=${shownValue(value)}`);
    return [at.slice(11, 19), level.padEnd(5), message, ...shown].join(' ');
  });
}

/** Bare where it can't be misread, else as JSON, so that no value starts a new line or fakes a field. */
function shownValue(value: unknown): string {
  if (typeof value === 'string' && /^[\w.:#/@+,-]+$/.test(value)) return value;
  // JSON leaves DEL, C1 controls and the separators U+2028/9 as they are; a terminal may obey them
  return JSON.stringify(value).replace(
    /[\u007f-\u009f\u2028\u2029]/g,
    (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
