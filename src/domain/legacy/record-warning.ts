/** Something odd about a record that changes nothing. `detail` tells types and lengths, never the value. */
export interface RecordWarning<Code extends string = string> {
  readonly code: Code;
  readonly field: string;
  readonly detail: string;
}

/** Makes the warnings of a table of codes: each with its standard text, and what else there is to say. */
export function warningsOf<Code extends string>(texts: Readonly<Record<Code, string>>) {
  return (code: Code, field: string, more = ''): RecordWarning<Code> => ({
    code,
    field,
    detail: more === '' ? texts[code] : `${texts[code]} (${more})`,
  });
}
