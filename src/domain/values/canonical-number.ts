import { Decimal } from 'decimal.js';

/** Wide enough that nothing we accept (38 digits, exponents of DynamoDB) is ever rounded. */
const Exact = Decimal.clone({ precision: 400, toExpNeg: -400, toExpPos: 400, maxE: 9e15, minE: -9e15 });

const NUMERIC_TEXT = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
/** in the mantissa: without it the number is zero whatever its exponent, with it an underflow is no zero */
const NON_ZERO_DIGIT = /^[^eE]*[1-9]/;
/** plain notation without superfluous zeros: what DynamoDB gives back, and the bulk of all numbers */
const ALREADY_CANONICAL = /^(?:0|-?[1-9]\d{0,36}|-?(?:0|[1-9]\d{0,17})\.\d{0,18}[1-9])$/;

/** What DynamoDB's number type holds: 38 significant digits, magnitude 1E-130 to 9.99…E+125 (developer guide, data types). */
const MAX_DIGITS = 38;
const MIN_EXPONENT = -130;
const MAX_EXPONENT = 125;

/**
 * The one spelling of a number: plain notation, no superfluous zeros, no plus, no negative zero. Undefined where the
 * text is no number that a store can hold exactly (NaN, more than 38 significant digits, out of range).
 */
export function canonicalNumber(text: string): string | undefined {
  if (ALREADY_CANONICAL.test(text)) return text;
  if (!NUMERIC_TEXT.test(text) || text.length > 400) return undefined;
  const value = new Exact(text);
  if (value.isZero()) return NON_ZERO_DIGIT.test(text) ? undefined : '0';
  if (!value.isFinite()) return undefined;
  if (value.precision(false) > MAX_DIGITS || value.e < MIN_EXPONENT || value.e > MAX_EXPONENT)
    return undefined;
  return value.toFixed();
}
