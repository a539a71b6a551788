/** What the operator decided on users: user → company. Exact ids. May throw where it is first asked. */
export type Overrides = Pick<ReadonlyMap<string, string>, 'get'>;

/** Nobody has decided anything. */
export const NO_OVERRIDES: Overrides = new Map<string, string>();
