import { redacted } from '../../../src/infrastructure/logging/redaction.js';

const clean = (fields: unknown): unknown => redacted(fields, false);

describe('redacted', () => {
  it.each([
    ...[
      'item',
      'items',
      'image',
      'record',
      'records',
      'row',
      'rows',
      'attributes',
      'oldImage',
      'new_image',
      'ITEM',
      'Item',
    ],
    ...[
      'legacyAttributes',
      'credentials',
      'secret',
      'token',
      'password',
      'accessToken',
      'AWS_SECRET_ACCESS_KEY',
    ],
    ...['secretAccessKey', 'x-amz-security-token', 'sessionTokens', 'dbPassword', 'SECRETKey'],
  ])('keeps back what stands under %s', (key) => {
    const kept = { [key]: '[redacted]' };
    expect(clean({ [key]: 'Jane' })).toEqual(kept);
    expect(clean({ [key]: { name: 'Jane' } })).toEqual(kept);
    expect(clean({ [key]: ['Jane'] })).toEqual(kept);
    expect(clean({ deep: [{ down: { [key]: 'Jane' } }] })).toEqual({ deep: [{ down: kept }] });
  });

  it.each([
    'id',
    'key',
    'step',
    'source',
    'recordId',
    'rowKey',
    'itemsPerPage',
    'attribute',
    'field',
    'tokenless',
    'throw',
    'brow',
  ])('leaves %s alone', (key) => {
    expect(clean({ [key]: 'k-1' })).toEqual({ [key]: 'k-1' });
  });

  it('takes a number or a boolean for a count, except under the bare word and under a secret', () => {
    expect(
      clean({
        rows: 3,
        records: 5,
        newItems: 1,
        hasImage: true,
        attributes: 7,
        row: 3,
        token: 4,
        passwords: 2,
      }),
    ).toEqual({
      rows: 3,
      records: 5,
      newItems: 1,
      hasImage: true,
      attributes: 7,
      row: '[redacted]',
      token: '[redacted]',
      passwords: '[redacted]',
    });
  });

  it('says of an absent value that it is absent', () => {
    expect(clean({ item: undefined, image: null })).toEqual({ item: undefined, image: null });
  });

  it('keeps back stored values under any key', () => {
    expect(clean({ found: { S: 'Jane' }, expected: [{ N: '1' }], both: { a: { M: {} } } })).toEqual({
      found: '[redacted]',
      expected: ['[redacted]'],
      both: { a: '[redacted]' },
    });
  });

  it('names objects of a class without opening them, and bytes by their number', () => {
    class Person {
      constructor(readonly name: string) {}
    }
    expect(clean({ person: new Person('Jane'), bytes: Buffer.from('Jane') })).toEqual({
      person: '[Person]',
      bytes: '[4 bytes]',
    });
  });

  it('looks into maps and sets as well', () => {
    const fields = {
      counts: new Map<string, unknown>([
        ['links', 2],
        ['item', 'Jane'],
      ]),
      steps: new Set(['links']),
    };
    expect(clean(fields)).toEqual({ counts: { links: 2, item: '[redacted]' }, steps: ['links'] });
  });

  it('gives data that JSON can hold, whatever it is given', () => {
    const circular: Record<string, unknown> = {};
    circular['self'] = circular;
    const deep = { a: { b: { c: { d: { e: { f: { g: 1 } } } } } } };
    const twice = { n: 1 };
    const fields = {
      big: 10n ** 30n,
      nan: Number.NaN,
      none: () => 1,
      when: new Date('2026-11-21T00:00:00Z'),
      never: new Date(Number.NaN),
      circular,
      deep,
      pair: [twice, twice],
      bare: Object.assign(Object.create(null) as object, { x: 1 }),
    };
    expect(JSON.parse(JSON.stringify(clean(fields)))).toEqual({
      big: '1000000000000000000000000000000',
      nan: 'NaN',
      when: '2026-11-21T00:00:00.000Z',
      never: 'invalid date',
      circular: { self: '[circular]' },
      deep: { a: { b: { c: { d: { e: '[deeper]' } } } } },
      pair: [{ n: 1 }, { n: 1 }],
      bare: { x: 1 },
    });
  });

  it('keeps a field called __proto__ a field', () => {
    const fields = JSON.parse('{"__proto__": {"item": "Jane"}}') as object;
    expect(JSON.stringify(clean(fields))).toBe('{"__proto__":{"item":"[redacted]"}}');
  });
});
