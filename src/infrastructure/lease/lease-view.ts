import type { LeaseView } from '../../runner/ports/lease.js';
import type { StoredLease } from './lease-store.js';

/** What others are shown of a lease; undefined where nobody ever held it. */
export function viewOf({ record, beat }: StoredLease): LeaseView | undefined {
  if (record === undefined) return undefined;
  const { plan, token, holder, command, acquiredAt, duration, released } = record;
  const own = beat?.token === token ? beat : undefined;
  return {
    plan,
    token,
    holder: { host: holder.host, pid: holder.pid, user: holder.user },
    command,
    acquiredAt,
    expiresAt: own?.expiresAt ?? new Date(Date.parse(acquiredAt) + duration).toISOString(),
    released,
    stopRequested: own?.stop ?? false,
    ...(own?.rate !== undefined && { rate: own.rate }),
  };
}
