import { readFileSync, readlinkSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';

import { hasEnded, processIdentity } from '../process/process-identity.js';

/** Who holds a lease. */
export interface Holder {
  readonly host: string;
  readonly pid: number;
  readonly user: string;
  /** the process beyond its pid, which repeats; undefined where it can't be told */
  readonly process?: string;
  /**
   * Where `process` means something: one boot of one machine and one namespace of pids, since containers of a machine
   * share the boot and each counts its own. Undefined where there is no /proc.
   */
  readonly scope?: string;
}

/** This process. */
export function thisHolder(): Holder {
  const identity = processIdentity();
  const scope = pidScope();
  return {
    host: hostname(),
    pid: process.pid,
    user: userName(),
    ...(identity !== undefined && { process: identity }),
    ...(scope !== undefined && { scope }),
  };
}

/** Whether a holder is a process of the same scope as `here` that is known to be gone. */
export function isKnownDead(holder: Holder, here: Holder): boolean {
  if (holder.process === undefined || holder.scope === undefined) return false;
  return holder.scope === here.scope && hasEnded(holder.process);
}

function pidScope(): string | undefined {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return undefined;
  }
}

/** Containers run under numbers that no name belongs to. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `user ${process.getuid?.() ?? 'unknown'}`;
  }
}
