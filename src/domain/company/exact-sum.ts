import type { ExactNumber } from '../values/exact-number.js';

const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?$/;

/**
 * A sum of exact numbers: never rounded, however many there are, and the same in whatever order they come (E-X31). A
 * binary fraction would be off by what it can't hold, and by something else in another order.
 */
export class ExactSum {
  /** in units of the last digit that any number had behind the point */
  private units = 0n;
  private digits = 0;

  add({ text }: ExactNumber): void {
    const [, sign = '', whole = '', fraction = ''] = DECIMAL.exec(text) ?? [];
    if (fraction.length > this.digits) this.widen(fraction.length);
    const units = BigInt(whole + fraction.padEnd(this.digits, '0'));
    this.units += sign === '-' ? -units : units;
  }

  /** In plain notation, without superfluous zeros. */
  get text(): string {
    const isNegative = this.units < 0n;
    const digits = String(isNegative ? -this.units : this.units).padStart(this.digits + 1, '0');
    const whole = digits.slice(0, digits.length - this.digits);
    const fraction = digits.slice(digits.length - this.digits).replace(/0+$/, '');
    return (isNegative ? '-' : '') + whole + (fraction === '' ? '' : `.${fraction}`);
  }

  private widen(digits: number): void {
    this.units *= 10n ** BigInt(digits - this.digits);
    this.digits = digits;
  }
}
