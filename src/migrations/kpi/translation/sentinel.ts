import { Guid } from '../../../domain/values/guid.js';

/** The creator of rows that nobody can be named for. */
export const SYSTEM_USER = 'system';

/** The creator that a recorder stands for: its canonical GUID, or the sentinel where it is none (K-X11). */
export function creatorOf(recordedBy: string): string {
  return Guid.canonical(recordedBy) ?? SYSTEM_USER;
}
