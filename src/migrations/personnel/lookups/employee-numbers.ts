import {
  capacityOf,
  comparableNumber,
  firstSuffix,
  numberIn,
  partsOf,
  SHORTEST_SUFFIX,
  type NumberSpace,
} from '../../../domain/personnel/employee-number.js';
import { textOf } from '../../../domain/storage/stored-value.js';
import { employeeIdOf } from '../../../domain/personnel/legacy/read-employee.js';
import type { LookupIndex } from '../../contract/lookup-index.js';
import { PERSONNEL_KEY } from '../personnel.tables.js';
import { FullSpace } from './full-space.js';

/** Somebody has the number already, in the source or in the target: no claimant ever gets it. Sorts before claimants. */
const OWNED = '0';
const CLAIMED = '1';
/** instead of an owner: there are several */
const SEVERAL = OWNED;

interface Claimant {
  /** key text of the row: claimants are served in the order of these texts, by UTF-16 code units */
  readonly key: string;
  readonly employeeId: string;
  readonly initials: string;
}

/**
 * All numbers and who holds them (P-17, P-X01, A-05). A claimant asks for the suffixes of its space one by one from the
 * one that its id hashes to, wrapping around; where none is left, it goes on in the space with one digit more. It gets
 * the first that nobody has who comes before it in the order of keys. Whoever is met later but comes before takes the
 * number over, and who had it goes on looking: so the result is that of serving all in their order, in whatever order
 * they are met, without a list of them all.
 */
export class EmployeeNumbers {
  private readonly spaces = new Map<string, FullSpace>();

  /** comparable number → owner or claimant */
  constructor(private readonly index: LookupIndex) {}

  /** Somebody has this number. True if a claimant has to take another one for it. */
  async own(number: string, owner: string): Promise<boolean> {
    const wanted = comparableNumber(number);
    const holder = this.index.get(wanted);
    if (holder === OWNED + owner || holder === SEVERAL) return false;
    const parts = partsOf(wanted);
    if (holder?.startsWith(CLAIMED) !== true || parts === undefined) {
      await this.index.put(wanted, holder === undefined ? OWNED + owner : SEVERAL);
      if (holder === undefined && parts !== undefined) this.space(parts.space).held();
      return false;
    }
    await this.index.put(wanted, OWNED + owner);
    this.space(parts.space).replaced(holder, undefined);
    if (ownerOf(holder) === owner) return false;
    await this.settle(claimantOf(holder, parts.space.initials), parts.space.digits, parts.suffix + 1);
    return true;
  }

  claim(claimant: Claimant): Promise<void> {
    return this.settle(claimant, SHORTEST_SUFFIX, firstSuffix(claimant.employeeId, SHORTEST_SUFFIX));
  }

  /** The number of a claimant; undefined where it never claimed one. */
  claimed(claimant: Claimant): string | undefined {
    const { employeeId, initials } = claimant;
    const name = CLAIMED + claimant.key;
    for (let digits = SHORTEST_SUFFIX; ; digits += 1) {
      const space = { initials, digits };
      if (this.space(space).isBeyond(name)) continue;
      const start = firstSuffix(employeeId, digits);
      for (let tried = 0; tried < capacityOf(digits); tried += 1) {
        const number = numberIn(space, (start + tried) % capacityOf(digits));
        const holder = this.index.get(number);
        if (holder === name) return number;
        if (holder === undefined) return undefined;
      }
      return undefined;
    }
  }

  isOwned(number: string, owner: string): boolean {
    const holder = this.index.get(comparableNumber(number));
    return holder === OWNED + owner || holder === SEVERAL;
  }

  /** Several employees have this number already, whatever its case. */
  isShared(number: string): boolean {
    return this.index.get(comparableNumber(number)) === SEVERAL;
  }

  close(): Promise<void> {
    return this.index.close();
  }

  private async settle(first: Claimant, firstDigits: number, firstTry: number): Promise<void> {
    let [claimant, digits, suffix, tried] = [first, firstDigits, firstTry, 0];
    for (;;) {
      const space = { initials: claimant.initials, digits };
      const name = CLAIMED + claimant.key;
      const state = this.space(space);
      if (tried === capacityOf(digits) || state.isBeyond(name)) {
        digits += 1;
        [suffix, tried] = [firstSuffix(claimant.employeeId, digits), 0];
        continue;
      }
      suffix %= capacityOf(digits);
      const number = numberIn(space, suffix);
      const holder = this.index.get(number);
      if (holder === name) return;
      suffix += 1;
      tried += 1;
      if (holder !== undefined && holder < name) continue;
      await this.index.put(number, name);
      if (holder === undefined) {
        state.held();
        return;
      }
      state.replaced(holder, name);
      claimant = claimantOf(holder, space.initials);
      tried = 0;
    }
  }

  private space(space: NumberSpace): FullSpace {
    const { initials, digits } = space;
    const known = this.spaces.get(initials + String(digits));
    if (known !== undefined) return known;
    const made = new FullSpace(capacityOf(digits), () => this.claimantsIn(space));
    this.spaces.set(initials + String(digits), made);
    return made;
  }

  private *claimantsIn(space: NumberSpace): Generator<string> {
    for (let suffix = 0; suffix < capacityOf(space.digits); suffix += 1) {
      const holder = this.index.get(numberIn(space, suffix));
      if (holder?.startsWith(CLAIMED) === true) yield holder;
    }
  }
}

function claimantOf(holder: string, initials: string): Claimant {
  const key = holder.slice(CLAIMED.length);
  return { key, initials, employeeId: employeeIdOf(ownerOf(holder)) ?? '' };
}

/** The partition key of the row that claims. */
function ownerOf(holder: string): string {
  return textOf(PERSONNEL_KEY.parse(holder.slice(CLAIMED.length))['PK']) ?? '';
}
