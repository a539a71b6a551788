import type { LeaseView } from '../../ports/lease.js';
import { terminalSafe } from '../../reports/escape.js';

/** `run by ann@build-7 (process 4711) since 2026-11-21T05:35:12Z` */
export function holderWords({ command, holder, acquiredAt }: LeaseView): string {
  const { user, host, pid } = holder;
  return terminalSafe(`${command} by ${user}@${host} (process ${pid}) since ${acquiredAt}`);
}
