import fc from 'fast-check';
import {
  compareKeys,
  entryKey,
  keyDigest,
  sourceKey,
} from '../../../src/infrastructure/journal/entry-key.js';
import { quarantined } from '../../support/journal-samples.js';

const bytes = (text: string): number => Buffer.byteLength(text);
const sign = (order: number): number => Math.sign(order);
const source = fc.string({
  unit: fc.oneof(
    fc.constantFrom('\u0000', '\u0001', '\u0002', '\u0003', '\u0004', '\uffee', '😀'),
    fc.string({ unit: 'binary', maxLength: 1 }),
  ),
  maxLength: 12,
});
const longSource = fc.tuple(
  fc.constantFrom('x', '€', '😀', '\u0001'),
  fc.integer({ min: 190, max: 1_100 }),
  source,
);

describe('keys of entries', () => {
  it('compare as the UTF-8 bytes of DynamoDB sort keys do', () => {
    expect(sign(compareKeys('\uffee', '😀'))).toBe(-1);
    expect(sign(compareKeys('a', 'ab'))).toBe(-1);
    fc.assert(
      fc.property(source, source, (a, b) => {
        expect(sign(compareKeys(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
    );
  });

  it('have the order of their sources, and are different where sources are', () => {
    const key = (text: string): string => entryKey(quarantined(text));
    expect([key('t#1'), key('t#10'), key('t#2')]).toEqual(['t#1\u0001', 't#10\u0001', 't#2\u0001']);
    fc.assert(
      fc.property(source, source, (a, b) => {
        expect(sign(compareKeys(key(a), key(b)))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
      { numRuns: 1_000 },
    );
  });

  it('leave room for a discriminator, a digest and a number in the 1024 bytes of a sort key', () => {
    fc.assert(
      fc.property(longSource, ([unit, count, end]) => {
        const text = unit.repeat(count) + end;
        const conflict = quarantined(text, { kind: 'conflict', table: 't', key: text });
        expect(bytes(entryKey(conflict))).toBeLessThanOrEqual(1024 - 1 - 32 - 1 - 4);
        expect(sourceKey(`${text}y`)).not.toBe(sourceKey(text));
        expect(sourceKey(text)).not.toContain('\u0001');
        expect(sourceKey(text)).not.toContain('\ufffd');
      }),
    );
  });

  it('digest parts with their lengths, so that no two lists read the same', () => {
    expect(keyDigest(['ab', 'c'], 24)).not.toBe(keyDigest(['a', 'bc'], 24));
    expect(keyDigest(['t#1'], 8)).toBe('e0f70209');
  });
});
