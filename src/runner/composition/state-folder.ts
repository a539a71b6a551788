import { chmodSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Where a checkout keeps what belongs to this machine: the embedded server, runs, backups, look-ups that outgrew memory.
 */
export const STATE_FOLDER = '.waybill';

/** The folder of runs in a state folder: logs, reports, journals of dry runs. */
export function runsFolder(state: string): string {
  return join(state, 'runs');
}

export function forecastsFolder(state: string): string {
  return join(state, 'forecasts');
}

/** Closes a folder to others that was made by an earlier version, or by hand. Does nothing where there is none. */
export function closeToOthers(folder: string): void {
  try {
    chmodSync(folder, 0o700);
  } catch {
    // it is absent or somebody else's; what is made in it is closed by itself
  }
}
