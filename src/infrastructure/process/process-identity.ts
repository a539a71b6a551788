import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * Names one process for good: `<pid>-<start>`, letters, digits and dashes only. A pid alone is given to another
 * process sooner or later, so the start time belongs to the name; on Linux it counts from boot, so the boot does
 * too. Processes are compared within one machine and one pid namespace.
 */
export function processIdentity(pid: number = process.pid): string | undefined {
  const start = process.platform === 'linux' ? linuxStart(pid) : reportedStart(pid);
  return start === undefined ? undefined : `${pid}-${start}`;
}

/** Whether the process that {@link processIdentity} named still runs. */
export function isRunning(identity: string): boolean {
  const pid = Number.parseInt(identity, 10);
  return Number.isSafeInteger(pid) && pid > 0 && processIdentity(pid) === identity;
}

/**
 * Whether the process that {@link processIdentity} named is known to be gone. Stricter than the opposite of
 * {@link isRunning}: false also where nobody can tell, as on systems without /proc, or where /proc hides the
 * processes of other users (`hidepid`).
 */
export function hasEnded(identity: string): boolean {
  const pid = Number.parseInt(identity, 10);
  if (process.platform !== 'linux' || !Number.isSafeInteger(pid) || pid <= 0) return false;
  if (textOf(`/proc/${pid}/stat`) === undefined) return !answers(pid);
  return processIdentity(pid) !== identity;
}

/** proc_pid_stat(5): field 3 is the state, 22 the start in clock ticks since boot. */
function linuxStart(pid: number): string | undefined {
  const stat = textOf(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  // the name in field 2 is in parentheses and may itself hold spaces and parentheses
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, start] = [fields[0], fields[19]];
  // killed and not yet waited for by its parent: it runs no more
  if (state === 'Z' || state === 'X') return undefined;
  const boot = textOf('/proc/sys/kernel/random/boot_id') ?? '';
  return `${start ?? ''}-${boot.slice(0, 8)}`;
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** Other systems: whatever `ps` says; where there is no `ps`, whether the pid is in use at all. */
function reportedStart(pid: number): string | undefined {
  try {
    const told = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      env: { ...process.env, TZ: 'UTC', LC_ALL: 'C' },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const started = Date.parse(`${told.trim()} UTC`);
    return Number.isNaN(started) ? undefined : String(started);
  } catch (error) {
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return missing && answers(pid) ? 'unknown' : undefined;
  }
}

function answers(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
