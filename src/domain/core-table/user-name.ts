import { isBlank, trimmed } from '../values/white-space.js';

/** Where a name was found. */
export type NameSource = 'directory' | 'email' | 'id';

/** The name of a user: that of the directory, else the local part of the address, else the id (C-07, A-27). */
export function userName(
  id: string,
  email: string,
  inDirectory: string | undefined,
): { readonly name: string; readonly from: NameSource } {
  if (inDirectory !== undefined && !isBlank(inDirectory))
    return { name: trimmed(inDirectory), from: 'directory' };
  const [localPart = ''] = trimmed(email).split('@');
  return isBlank(localPart) ? { name: id, from: 'id' } : { name: localPart, from: 'email' };
}
