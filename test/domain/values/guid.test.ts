import fc from 'fast-check';
import { Guid } from '../../../src/domain/values/guid.js';

const HEXADECIMAL = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
const CANONICAL = '0f8fad5b-d9cb-469f-a165-70867728950e';

describe('Guid', () => {
  test.each([
    ['D', '0f8fad5b-d9cb-469f-a165-70867728950e'],
    ['D in upper case', '0F8FAD5B-D9CB-469F-A165-70867728950E'],
    ['N', '0f8fad5bd9cb469fa16570867728950e'],
    ['B', '{0F8fad5b-d9cb-469f-a165-70867728950e}'],
    ['P', '(0f8fad5b-d9cb-469f-a165-70867728950e)'],
    ['X', '{0x0f8fad5b,0xd9cb,0x469f,{0xa1,0x65,0x70,0x86,0x77,0x28,0x95,0x0e}}'],
    [
      'X with white space and short parts',
      ' {0xF8FAD5B, 0xd9cb, 0x469f, { 0xa1,0x65,0x70,0x86,0x77,0x28,0x95,0xE } }\t',
    ],
    ['surrounding white space', '\t\r\n  0f8fad5b-d9cb-469f-a165-70867728950e\u0085\u00a0\u3000'],
    ['white space around braces', ' {0f8fad5b-d9cb-469f-a165-70867728950e} '],
  ])('K-X11: the .NET format %s is written in canonical form', (_format, text) => {
    expect(Guid.parse(text)?.text).toBe(CANONICAL);
    expect(Guid.canonical(text)).toBe(CANONICAL);
  });

  test.each([
    ['nothing', ''],
    ['white space', '   '],
    ['a word', 'system'],
    ['31 digits', '0f8fad5bd9cb469fa16570867728950'],
    ['33 digits', '0f8fad5bd9cb469fa16570867728950e0'],
    ['a letter that is no digit', '0f8fad5b-d9cb-469f-a165-70867728950g'],
    ['hyphens in the wrong places', '0f8fad5bd-9cb-469f-a165-70867728950e'],
    ['different brackets', '{0f8fad5b-d9cb-469f-a165-70867728950e)'],
    ['no closing brace', '{0f8fad5b-d9cb-469f-a165-70867728950e'],
    ['braces around 32 digits', '{0f8fad5bd9cb469fa16570867728950e}'],
    ['two braces', '{{0f8fad5b-d9cb-469f-a165-70867728950e}}'],
    ['white space inside', '0f8fad5b-d9cb-469f-a165- 70867728950e'],
    ['white space inside braces', '{ 0f8fad5b-d9cb-469f-a165-70867728950e }'],
    ['a byte order mark, which .NET does not trim', '\ufeff0f8fad5b-d9cb-469f-a165-70867728950e'],
    ['X with too many digits', '{0x0f8fad5b,0xd9cb1,0x469f,{0xa1,0x65,0x70,0x86,0x77,0x28,0x95,0x0e}}'],
    ['X with seven bytes', '{0x0f8fad5b,0xd9cb,0x469f,{0xa1,0x65,0x70,0x86,0x77,0x28,0x95}}'],
    ['a line break behind', '0f8fad5b-d9cb-469f-a165-70867728950e\nx'],
  ])('%s is no GUID', (_what, text) => {
    expect(Guid.parse(text)).toBeUndefined();
    expect(Guid.canonical(text)).toBeUndefined();
  });

  test('K-X09: the nil GUID is one, and known as nil in every format', () => {
    for (const text of ['00000000-0000-0000-0000-000000000000', '0'.repeat(32)]) {
      expect(Guid.parse(text)?.isNil).toBe(true);
    }
    expect(Guid.parse(CANONICAL)?.isNil).toBe(false);
  });

  test('K-X28: GUIDs are equal whatever their spelling', () => {
    const one = Guid.parse('{0F8FAD5B-D9CB-469F-A165-70867728950E}')!;
    expect(one.equals(Guid.parse(CANONICAL)!)).toBe(true);
    expect(one.equals(Guid.parse('0f8fad5b-d9cb-469f-a165-70867728950f')!)).toBe(false);
    expect(String(one)).toBe(CANONICAL);
  });

  test('K-X28: all formats of any GUID, in any case, have one canonical form', () => {
    const space = fc.constantFrom('', ' ', '\t', '\r\n', '\u2003');
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...HEXADECIMAL), { minLength: 32, maxLength: 32 }),
        fc.boolean(),
        space,
        space,
        (digits, upper, before, after) => {
          const n = digits.join('');
          const cut = (from: number, to: number) => n.slice(from, to);
          const d = `${cut(0, 8)}-${cut(8, 12)}-${cut(12, 16)}-${cut(16, 20)}-${cut(20, 32)}`;
          const bytes = [16, 18, 20, 22, 24, 26, 28, 30].map((at) => `0x${cut(at, at + 2)}`);
          const x = `{0x${cut(0, 8)},0x${cut(8, 12)},0x${cut(12, 16)},{${bytes.join(',')}}}`;
          for (const form of [n, d, `{${d}}`, `(${d})`, x]) {
            const spelt = before + (upper ? form.toUpperCase() : form) + after;
            expect(Guid.canonical(spelt)).toBe(d);
          }
        },
      ),
    );
  });
});
