/**
 * What a command does to a table, weakest first: `read`; `insert` (only where the key is absent); `change` (conditional
 * on something else); `overwrite` (unconditional).
 */
export type AccessKind = 'read' | 'insert' | 'change' | 'overwrite';

export interface TableAccess {
  /** physical name, as the command gives it */
  readonly table: string;
  readonly kind: AccessKind;
}
