import { Decimal } from 'decimal.js';
import { canonicalNumber } from './canonical-number.js';

/**
 * A decimal number of up to 38 significant digits, held as its canonical text and never as a binary fraction
 * (exactness, invariant 5).
 */
export class ExactNumber {
  private constructor(readonly text: string) {}

  /**
   * From numeric text: sign, fraction and exponent allowed, no surrounding white space. Undefined where the text is
   * no number that a store holds exactly.
   */
  static parse(text: string): ExactNumber | undefined {
    const canonical = canonicalNumber(text);
    return canonical === undefined ? undefined : new ExactNumber(canonical);
  }

  /** For literals. Throws RangeError where {@link parse} gives undefined. */
  static of(text: string): ExactNumber {
    const number = ExactNumber.parse(text);
    if (number === undefined) throw new RangeError('not a number of up to 38 digits');
    return number;
  }

  /** Negative, zero or positive, as this number is less than, equal to or greater than the other one. */
  compare(other: ExactNumber): number {
    return this.text === other.text ? 0 : new Decimal(this.text).comparedTo(other.text);
  }

  get isInteger(): boolean {
    return !this.text.includes('.');
  }

  equals(other: ExactNumber): boolean {
    return this.text === other.text;
  }

  toString(): string {
    return this.text;
  }
}
