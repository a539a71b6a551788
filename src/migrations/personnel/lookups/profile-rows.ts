import type { LookupIndex } from '../../contract/lookup-index.js';

/** Sort keys of profiles, best first, unless others are configured; they decide where an employee has several rows. */
const PROFILE_SORT_KEYS: readonly string[] = ['PROFILE', 'METADATA'];

const ONE = '1';
const SEVERAL = 'n';

/**
 * Which row of an employee is the profile: the only one, whatever its sort key; of several the one with the best
 * of the known sort keys, and none where no row has one. Where sort keys are configured, a row with another one is no
 * profile, be it the only one.
 */
export class ProfileRows {
  /**
   * `index`: employee id → how many rows, and the sort key of the profile as far as it is known. `configured`: sort keys,
   * best first; undefined: none are.
   */
  constructor(
    private readonly index: LookupIndex,
    private readonly configured?: readonly string[],
  ) {}

  async add(employeeId: string, sortKey: string): Promise<void> {
    const known = this.index.get(employeeId);
    if (known === undefined && this.configured === undefined)
      return this.index.put(employeeId, ONE + sortKey);
    const best =
      (this.configured ?? PROFILE_SORT_KEYS).find((one) => one === sortKey || one === known?.slice(1)) ?? '';
    if (known !== SEVERAL + best) await this.index.put(employeeId, SEVERAL + best);
  }

  isProfile(employeeId: string, sortKey: string): boolean {
    const known = this.index.get(employeeId);
    if (known === undefined) return this.configured?.includes(sortKey) !== false;
    return known === ONE + sortKey || (sortKey !== '' && known === SEVERAL + sortKey);
  }

  /** No row of this employee is a profile. */
  isWithoutProfile(employeeId: string): boolean {
    return this.index.get(employeeId) === SEVERAL;
  }

  close(): Promise<void> {
    return this.index.close();
  }
}
