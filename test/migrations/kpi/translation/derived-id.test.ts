import fc from 'fast-check';
import type { DataKind } from '../../../../src/migrations/kpi/translation/derived-id.js';
import { dataId, placeholderId } from '../../../../src/migrations/kpi/translation/derived-id.js';

const LEGACY = 'd1000000-0000-4000-8000-000000000001';
const LINK = '11000000-0000-4000-8000-000000000001';

describe('derived ids', () => {
  // Computed with Python's hashlib and struct from the recipe: a change of any of these orphans stored rows.
  test.each<[DataKind, string, string, string]>([
    ['milestone', LEGACY, LINK, '2314420a-8899-5643-983c-f2d036ad67b6'],
    ['actual', LEGACY, LINK, 'e837ad79-c9ab-54fd-a0b5-42a30d14fd60'],
    ['reading', LEGACY, LINK, 'b4c64a8a-edb3-5be0-8188-c4e9d1baf2b4'],
    ['milestone', LEGACY, 'Verknüpfung 7 🚚', 'dc2a30ac-98ee-5a38-a8ff-a7da5488d928'],
  ])('K-X01, K-X16: %s %s on link %s has the id %s', (kind, legacy, link, id) => {
    expect(dataId(kind, legacy, link)).toBe(id);
  });

  test('K-X08: a placeholder whose GUID is taken has an id of its tenant and user', () => {
    expect(
      placeholderId('7e000000-0000-4000-8000-000000000002', 'a5000000-0000-4000-8000-000000000001'),
    ).toBe('36700ca4-b647-5f43-9bdb-130e73df3680');
  });

  test('K-X01: parts never run into each other', () => {
    expect(dataId('actual', 'ab', 'c')).not.toBe(dataId('actual', 'a', 'bc'));
    expect(dataId('actual', '', 'abc')).not.toBe(dataId('actual', 'abc', ''));
    expect(placeholderId('1', '23')).not.toBe(placeholderId('12', '3'));
    const parts = fc.array(fc.constantFrom('a', 'ü', '🚚', ':', '\u0000', '\u0001', '\u0004'), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(parts, fc.nat(12), fc.nat(12), (all, one, other) => {
        fc.pre(Math.min(one, all.length) !== Math.min(other, all.length));
        const cut = (at: number): [string, string] => [all.slice(0, at).join(''), all.slice(at).join('')];
        expect(placeholderId(...cut(one))).not.toBe(placeholderId(...cut(other)));
        expect(dataId('reading', ...cut(one))).not.toBe(dataId('reading', ...cut(other)));
      }),
    );
  });

  test('are UUIDs of version 5, the same every time and different for different parts', () => {
    const part = fc.string({ unit: 'grapheme', maxLength: 20 });
    const parts = fc.tuple(fc.constantFrom<DataKind>('milestone', 'actual', 'reading'), part, part);
    fc.assert(
      fc.property(parts, parts, (one, other) => {
        expect(dataId(...one)).toMatch(
          /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
        );
        expect(dataId(...one)).toBe(dataId(...one));
        expect(dataId(...one) === dataId(...other)).toBe(JSON.stringify(one) === JSON.stringify(other));
      }),
    );
  });
});
