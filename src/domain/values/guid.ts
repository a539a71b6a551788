import { trimmed, withoutWhiteSpace } from './white-space.js';

const CANONICAL = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const HYPHENATED = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const DIGITS = /^[0-9a-f]{32}$/i;
const HEXADECIMAL = new RegExp(
  `^\\{0x([0-9a-f]{1,8}),0x([0-9a-f]{1,4}),0x([0-9a-f]{1,4}),\\{${Array<string>(8).fill('0x([0-9a-f]{1,2})').join(',')}\\}\\}$`,
  'i',
);
const NIL = '00000000-0000-0000-0000-000000000000';

/**
 * A GUID in its one canonical spelling, lower-case 8-4-4-4-12 (K-X11, K-X28).
 *
 * Read in every format of .NET's `Guid.Parse` (N, D, B, P, X, any case, surrounding white space; X also with white
 * space inside and fewer digits per part), see the remarks of `System.Guid.Parse`. Signs and `0x` inside the D
 * format, which .NET takes for compatibility only, are refused.
 */
export class Guid {
  private constructor(readonly text: string) {}

  /** Undefined where the text is no GUID in any format. The nil GUID is one. */
  static parse(text: string): Guid | undefined {
    const canonical = Guid.canonical(text);
    return canonical === undefined ? undefined : new Guid(canonical);
  }

  /** The canonical spelling, or undefined where the text is no GUID. */
  static canonical(text: string): string | undefined {
    if (CANONICAL.test(text)) return text;
    return rewritten(trimmed(text));
  }

  get isNil(): boolean {
    return this.text === NIL;
  }

  equals(other: Guid): boolean {
    return this.text === other.text;
  }

  toString(): string {
    return this.text;
  }
}

function rewritten(text: string): string | undefined {
  const first = text[0];
  const last = text[text.length - 1];
  if ((first === '(' && last === ')') || (first === '{' && last === '}' && text.includes('-'))) {
    return hyphenated(text.slice(1, -1));
  }
  if (first === '{') return fromHexadecimal(withoutWhiteSpace(text));
  if (DIGITS.test(text)) return grouped(text.toLowerCase());
  return hyphenated(text);
}

function hyphenated(text: string): string | undefined {
  return HYPHENATED.test(text) ? text.toLowerCase() : undefined;
}

function fromHexadecimal(text: string): string | undefined {
  const parts = HEXADECIMAL.exec(text)?.slice(1);
  if (parts === undefined) return undefined;
  const widths = [8, 4, 4];
  return grouped(
    parts
      .map((part, at) => part.padStart(widths[at] ?? 2, '0'))
      .join('')
      .toLowerCase(),
  );
}

function grouped(digits: string): string {
  return [
    digits.slice(0, 8),
    digits.slice(8, 12),
    digits.slice(12, 16),
    digits.slice(16, 20),
    digits.slice(20),
  ].join('-');
}
