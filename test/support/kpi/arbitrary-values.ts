import fc from 'fast-check';
import type { StoredItem, StoredValue } from '../../../src/domain/storage/stored-value.js';

/** Two tenants that are GUIDs and one that is a name. */
export const TENANTS = [
  'b0000000-0000-4000-8000-00000000000b',
  'a0000000-0000-4000-8000-00000000000a',
  'northwind',
] as const;

/** KPIs with the tenant that they belong to; the last one is often not in the table. */
export const KPIS = [
  { id: 'c0000001-aaaa-4bbb-8ccc-0000000000c1', tenant: TENANTS[0] },
  { id: 'c0000002-aaaa-4bbb-8ccc-0000000000c2', tenant: TENANTS[0] },
  { id: 'c0000003-aaaa-4bbb-8ccc-0000000000c3', tenant: TENANTS[1] },
  { id: 'c0000004-aaaa-4bbb-8ccc-0000000000c4', tenant: TENANTS[2] },
  { id: 'c0000005-aaaa-4bbb-8ccc-0000000000c5', tenant: TENANTS[1] },
] as const;

/** Mostly the first KPI or the third, so that one KPI has several links and records. */
export function someKpi(): fc.Arbitrary<(typeof KPIS)[number]> {
  return fc.oneof(
    { weight: 5, arbitrary: fc.constant(KPIS[0]) },
    { weight: 2, arbitrary: fc.constant(KPIS[2]) },
    { weight: 4, arbitrary: fc.constantFrom(...KPIS) },
  );
}

/** Users, who turn up in every tenant. */
export const USERS = [
  '5e000001-aaaa-4bbb-8ccc-0000000000e1',
  '5e000002-aaaa-4bbb-8ccc-0000000000e2',
  '5e000003-aaaa-4bbb-8ccc-0000000000e3',
] as const;

/** Ids of old links. */
export const LINK_IDS = [1, 2, 3, 4, 5].map((n) => `1f00000${n}-aaaa-4bbb-8ccc-00000000001${n}`);

/** Ids that milestones, actuals and readings share. */
export const DATA_IDS = [1, 2, 3, 4].map((n) => `da00000${n}-aaaa-4bbb-8ccc-0000000000d${n}`);

/** Undefined, but once in `times` a value. */
export function rarely<T>(times: number, value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.oneof({ weight: times - 1, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value });
}

/** A GUID in one of the forms that .NET reads, most often the canonical one; other text as it is. */
export function spelled(text: string): fc.Arbitrary<string> {
  if (!/^[0-9a-f]{8}-/.test(text)) return fc.constant(text);
  return fc.oneof(
    { weight: 8, arbitrary: fc.constant(text) },
    { weight: 1, arbitrary: fc.constant(text.toUpperCase()) },
    { weight: 1, arbitrary: fc.constant(text.replaceAll('-', '')) },
    { weight: 1, arbitrary: fc.constant(`{${text}}`) },
    { weight: 1, arbitrary: fc.constant(`(${text.toUpperCase()})`) },
  );
}

/** Values of every type, numbers in the form in which DynamoDB gives them back, some nested. */
function anyValue(): fc.Arbitrary<StoredValue> {
  const scalar: fc.Arbitrary<StoredValue> = fc.oneof(
    fc.string({ maxLength: 8 }).map((S) => ({ S })),
    exactNumber().map((N) => ({ N })),
    fc.uint8Array({ maxLength: 6 }).map((B) => ({ B })),
    fc.boolean().map((BOOL) => ({ BOOL })),
    fc.constant<StoredValue>({ NULL: true }),
    fc
      .uniqueArray(fc.string({ minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 3 })
      .map((SS) => ({ SS })),
    fc.uniqueArray(exactNumber(), { minLength: 1, maxLength: 3 }).map((NS) => ({ NS })),
    fc
      .uniqueArray(fc.uint8Array({ minLength: 1, maxLength: 3 }), {
        minLength: 1,
        maxLength: 3,
        selector: (bytes) => Buffer.from(bytes).toString('hex'),
      })
      .map((BS) => ({ BS })),
  );
  const nested = fc.oneof(
    fc.array(scalar, { maxLength: 3 }).map((L): StoredValue => ({ L })),
    fc.array(fc.tuple(attributeName(), scalar), { maxLength: 3 }).map((pairs): StoredValue => ({
      M: Object.fromEntries(pairs),
    })),
  );
  return fc.oneof({ weight: 3, arbitrary: scalar }, { weight: 1, arbitrary: nested });
}

/** Names that invite accidents. */
function attributeName(): fc.Arbitrary<string> {
  return fc.oneof(
    fc.constantFrom(
      '__proto__',
      'constructor',
      'legacyAttributes',
      '_migration',
      'strategyId',
      'personId',
      'status',
    ),
    fc.constantFrom('postValue', 'dataCategory', 'kpiLinkId', 'a.b', "it's", '#n', ':v', 'größe', '"'),
    fc.string({ minLength: 1, maxLength: 6 }),
  );
}

/** Attributes under names that no legacy table lists. */
export function unknownAttributes(listed: readonly string[]): fc.Arbitrary<StoredItem> {
  return fc
    .array(fc.tuple(attributeName(), anyValue()), { minLength: 1, maxLength: 3 })
    .map((pairs) => Object.fromEntries(pairs.filter(([name]) => !listed.includes(name))));
}

/** Numbers of up to 38 digits in plain notation. */
export function exactNumber(): fc.Arbitrary<string> {
  const digits = fc
    .constantFrom(1, 3, 17, 38)
    .chain((size) => fc.bigInt({ min: 1n, max: 10n ** BigInt(size) - 1n }));
  return fc.oneof(
    fc.constantFrom('0', '0.1', '-12.5', '100.00000000000000000001', '9007199254740993'),
    fc.constantFrom('99999999999999999999999999999999999999', '0.12345678901234567890123456789012345678'),
    fc.tuple(digits, fc.nat({ max: 20 }), fc.boolean()).map(([value, scale, minus]) => {
      const text = value.toString().padStart(scale + 1, '0');
      const whole = text.slice(0, text.length - scale);
      const fraction = text.slice(text.length - scale).replace(/0+$/, '');
      return (minus ? '-' : '') + whole + (fraction === '' ? '' : `.${fraction}`);
    }),
  );
}
