import { hostname, userInfo } from 'node:os';

/** Who types, for decisions that are written down where nobody says who takes them: `user@host`. */
export function operator(userName = (): string => userInfo().username): string {
  return `${named(userName)}@${hostname()}`;
}

/** Containers often run as a user id that no user list knows, and then there is no name to be had. */
function named(userName: () => string): string {
  try {
    return userName();
  } catch {
    return `uid-${process.getuid?.() ?? 'unknown'}`;
  }
}
