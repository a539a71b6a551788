import { ExactNumber } from '../../domain/values/exact-number.js';

/** Digits behind the point that a text shows of a fraction that has no end, or a longer one. */
const SHOWN_DIGITS = 6;

/** An exact fraction: 1 of 3 is neither 0.33 nor a binary fraction, and a boundary stays where it is (E-X29). */
export class Ratio {
  private constructor(
    private readonly numerator: bigint,
    /** above zero */
    private readonly denominator: bigint,
  ) {}

  /** From decimal text; undefined where it is no number of up to 38 digits. */
  static parse(text: string): Ratio | undefined {
    const number = ExactNumber.parse(text);
    if (number === undefined) return undefined;
    const [whole = '', fraction = ''] = number.text.split('.');
    return new Ratio(BigInt(whole + fraction), 10n ** BigInt(fraction.length));
  }

  /** For literals. Throws RangeError where {@link parse} gives undefined. */
  static of(text: string): Ratio {
    const ratio = Ratio.parse(text);
    if (ratio === undefined) throw new RangeError(`not a number of up to 38 digits: ${text}`);
    return ratio;
  }

  /** How many percent this is of a whole; undefined of a whole that is not above zero: that has no percents. */
  percentOf(whole: Ratio): Ratio | undefined {
    if (whole.numerator <= 0n) return undefined;
    return new Ratio(this.numerator * whole.denominator * 100n, this.denominator * whole.numerator);
  }

  minus(other: Ratio): Ratio {
    return new Ratio(
      this.numerator * other.denominator - other.numerator * this.denominator,
      this.denominator * other.denominator,
    );
  }

  /** Negative, zero or positive, as this one is less than, equal to or greater than the other. */
  compare(other: Ratio): number {
    const difference = this.minus(other).numerator;
    return difference < 0n ? -1 : difference > 0n ? 1 : 0;
  }

  get isWhole(): boolean {
    return this.numerator % this.denominator === 0n;
  }

  /** `0.5`, or `≈ 33.333333` where that is not all of it. */
  toString(): string {
    const sign = this.numerator < 0n ? '-' : '';
    const size = this.numerator < 0n ? -this.numerator : this.numerator;
    const scaled = size * 10n ** BigInt(SHOWN_DIGITS);
    const shown = scaled / this.denominator;
    const digits = String(shown).padStart(SHOWN_DIGITS + 1, '0');
    const fraction = digits.slice(-SHOWN_DIGITS).replace(/0+$/, '');
    const text = `${sign}${digits.slice(0, -SHOWN_DIGITS)}${fraction === '' ? '' : `.${fraction}`}`;
    return scaled % this.denominator === 0n ? text : `≈ ${text}`;
  }
}
