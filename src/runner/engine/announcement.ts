import { createHash } from 'node:crypto';

/**
 * The short name of a change that is announced in a checkpoint before it is made: 22 characters whatever the parts, so
 * that thousands of them fit one journal item.
 */
export function announcement(...parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${Buffer.byteLength(part)}:`).update(part);
  return hash.digest('base64url').slice(0, 22);
}
