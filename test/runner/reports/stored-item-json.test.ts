import { storedItemJson } from '../../../src/runner/reports/stored-item-json.js';

describe('a stored item as DynamoDB JSON', () => {
  it('invariant 5: keeps every type, every digit and every byte', () => {
    const buffer = new Uint8Array([9, 0, 255, 128, 9]);

    expect(
      JSON.stringify(
        storedItemJson({
          text: { S: 'ä' },
          number: { N: '12345678901234567890.12345678901234567800' },
          bytes: { B: buffer.subarray(1, 4) },
          yes: { BOOL: false },
          nothing: { NULL: true },
          map: { M: { inner: { L: [{ S: 'x' }, { M: {} }] } } },
          texts: { SS: ['b', 'a'] },
          numbers: { NS: ['2', '10'] },
          byteSets: { BS: [new Uint8Array([2]), new Uint8Array([1])] },
        }),
      ),
    ).toBe(
      '{"byteSets":{"BS":["AQ==","Ag=="]},"bytes":{"B":"AP+A"},' +
        '"map":{"M":{"inner":{"L":[{"S":"x"},{"M":{}}]}}},"nothing":{"NULL":true},' +
        '"number":{"N":"12345678901234567890.12345678901234567800"},"numbers":{"NS":["10","2"]},' +
        '"text":{"S":"ä"},"texts":{"SS":["a","b"]},"yes":{"BOOL":false}}',
    );
  });

  it('keeps attributes of any name', () => {
    const item = Object.fromEntries([
      ['__proto__', { S: 'kept' }],
      ['constructor', { M: Object.fromEntries([['__proto__', { N: '1' }]]) }],
    ]);

    expect(JSON.stringify(storedItemJson(item))).toBe(
      '{"__proto__":{"S":"kept"},"constructor":{"M":{"__proto__":{"N":"1"}}}}',
    );
  });
});
