import { AttributeProblem } from '../../legacy/record-problem.js';
import { identifierFault, type IdentifierKind } from '../identifier.js';

/** Puts a problem in the place of an id that has the prefix of its keys already (C-X18). */
export function requirePlain(converted: Record<string, unknown>, field: string, kind: IdentifierKind): void {
  const id = converted[field];
  if (typeof id !== 'string' || identifierFault(kind, id) !== 'prefixed') return;
  const detail = 'expected an id without the prefix of a key; none is taken off';
  converted[field] = new AttributeProblem('ID_INVALID', field, detail);
}
