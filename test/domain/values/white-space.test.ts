import { isBlank, trimmed } from '../../../src/domain/values/white-space.js';

describe('white space', () => {
  test('blank is what .NET calls blank', () => {
    for (const text of ['', ' ', '\t\r\n', '\u0085', '\u00a0\u2003']) expect(isBlank(text)).toBe(true);
    for (const text of ['x', ' x ', '\ufeff', '\u200b', '0']) expect(isBlank(text)).toBe(false);
  });

  test('only surrounding white space is trimmed', () => {
    expect(trimmed(' \u0085 a b\u2028')).toBe('a b');
    expect(trimmed('a\tb')).toBe('a\tb');
    expect(trimmed('ä')).toBe('ä');
    expect(trimmed('')).toBe('');
  });
});
