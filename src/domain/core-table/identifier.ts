import { isBlank } from '../values/white-space.js';
import { PREFIX } from './core-key.js';

export type IdentifierKind = keyof typeof PREFIX;

/**
 * Why a text is no id: it is blank, or it has the prefix of its keys already, so that they would have it twice (C-X18).
 * Undefined for an id. Nothing is ever taken off: two ids would become one.
 */
export function identifierFault(kind: IdentifierKind, text: string): 'blank' | 'prefixed' | undefined {
  if (isBlank(text)) return 'blank';
  return text.startsWith(PREFIX[kind]) ? 'prefixed' : undefined;
}
