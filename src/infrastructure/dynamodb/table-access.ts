/**
 * What a command does to a table:
 * - `read`;
 * - `insert`: writes a row only where its key is absent;
 * - `change`: writes a row on a condition on something else than its key;
 * - `remove`: deletes a row on such a condition;
 * - `overwrite`: writes or deletes whatever is there.
 */
export type AccessKind = 'read' | 'insert' | 'change' | 'remove' | 'overwrite';

export interface TableAccess {
  /** physical name, as the command gives it */
  readonly table: string;
  readonly kind: AccessKind;
}
