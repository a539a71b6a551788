/** Last claimants that are known at a time. */
const KNOWN = 64;

/**
 * Who holds the numbers of one space, as far as that is needed to tell a claimant that comes too late for it without
 * asking all holders: how many numbers are held, and, once all are, the last of the claimants among their holders.
 */
export class FullSpace {
  private taken = 0;
  /** the greatest claimants of the space, greatest first: exactly those, as many as there are; empty: not known */
  private greatest: string[] = [];

  /** `claimants`: all that hold a number of the space, in any order; those who had theirs before do not count */
  constructor(
    private readonly capacity: number,
    private readonly claimants: () => Iterable<string>,
  ) {}

  held(): void {
    this.taken += 1;
  }

  /** `comer` undefined: somebody who had the number before */
  replaced(leaver: string, comer: string | undefined): void {
    const place = this.greatest.indexOf(leaver);
    if (place !== -1) this.greatest.splice(place, 1);
    const least = this.greatest.at(-1);
    if (comer === undefined || least === undefined || comer < least || this.greatest.includes(comer)) return;
    const before = this.greatest.findIndex((one) => one < comer);
    this.greatest.splice(before === -1 ? this.greatest.length : before, 0, comer);
  }

  /** Whether every number of the space is held by somebody who comes before this claimant. */
  isBeyond(claimant: string): boolean {
    if (this.taken < this.capacity) return false;
    if (this.greatest.length === 0) this.greatest = [...this.claimants()].sort().reverse().slice(0, KNOWN);
    const [last] = this.greatest;
    return last === undefined || claimant > last;
  }
}
