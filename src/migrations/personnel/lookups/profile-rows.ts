import type { LookupIndex } from '../../contract/lookup-index.js';

/** Sort keys of profiles, best first; they decide where an employee has several rows. */
const PROFILE_SORT_KEYS: readonly string[] = ['PROFILE', 'METADATA'];

const ONE = '1';
const SEVERAL = 'n';

/**
 * Which row of an employee is the profile: the only one, whatever its sort key; of several the one with the best
 * of the known sort keys, and none where no row has one.
 */
export class ProfileRows {
  /** employee id → how many rows, and the sort key of the profile as far as it is known */
  constructor(private readonly index: LookupIndex) {}

  async add(employeeId: string, sortKey: string): Promise<void> {
    const known = this.index.get(employeeId);
    if (known === undefined) return this.index.put(employeeId, ONE + sortKey);
    const best = PROFILE_SORT_KEYS.find((one) => one === sortKey || one === known.slice(1)) ?? '';
    if (known !== SEVERAL + best) await this.index.put(employeeId, SEVERAL + best);
  }

  isProfile(employeeId: string, sortKey: string): boolean {
    const known = this.index.get(employeeId);
    return known === undefined || known === ONE + sortKey || (sortKey !== '' && known === SEVERAL + sortKey);
  }

  /** No row of this employee is a profile. */
  isWithoutProfile(employeeId: string): boolean {
    return this.index.get(employeeId) === SEVERAL;
  }

  close(): Promise<void> {
    return this.index.close();
  }
}
