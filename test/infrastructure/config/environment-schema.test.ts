import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import {
  environmentNames,
  environmentsFolder,
} from '../../../src/infrastructure/config/environment-files.js';
import { loadEnvironment } from '../../../src/infrastructure/config/environments.js';
import { isRamp } from '../../../src/runner/ports/ramp.js';

interface Schema {
  [keyword: string]: unknown;
  type?: string;
  pattern?: string;
  enum?: string[];
  minimum?: number;
  exclusiveMinimum?: number;
  maximum?: number;
  required?: string[];
  items?: Schema;
  properties?: Record<string, Schema>;
  propertyNames?: Schema;
  additionalProperties?: boolean | Schema;
}

const KNOWN = [
  ...['$schema', 'title', 'description', 'type', 'pattern', 'enum', 'minimum', 'maximum', 'exclusiveMinimum'],
  ...['properties', 'propertyNames', 'additionalProperties', 'required', 'items'],
];

const schema = JSON.parse(
  readFileSync(join(environmentsFolder(), 'environment.schema.json'), 'utf8'),
) as Schema;

/** The part of JSON Schema that the file uses; any other keyword is an error, so that nothing is passed over. */
function conforms(value: unknown, rules: Schema): boolean {
  const strange = Object.keys(rules).filter((keyword) => !KNOWN.includes(keyword));
  if (strange.length > 0) throw new Error(`keywords that this test does not know: ${strange.join(', ')}`);
  if (!hasType(value, rules.type)) return false;
  if (rules.enum !== undefined) return rules.enum.some((word) => word === value);
  if (typeof value === 'string' && rules.pattern !== undefined)
    return new RegExp(rules.pattern, 'u').test(value);
  if (typeof value === 'number')
    return (
      value >= (rules.minimum ?? value) &&
      value <= (rules.maximum ?? value) &&
      value > (rules.exclusiveMinimum ?? -Infinity)
    );
  const { items } = rules;
  if (Array.isArray(value)) return items === undefined || value.every((one) => conforms(one, items));
  if (rules.type !== 'object') return true;
  if (rules.required?.some((key) => !Object.hasOwn(value as object, key)) === true) return false;
  return Object.entries(value as object).every(([key, inner]) => {
    if (rules.propertyNames !== undefined && !conforms(key, rules.propertyNames)) return false;
    const own =
      rules.properties !== undefined && Object.hasOwn(rules.properties, key)
        ? rules.properties[key]
        : undefined;
    const others = own ?? rules.additionalProperties ?? true;
    return typeof others === 'boolean' ? others : conforms(inner, others);
  });
}

function hasType(value: unknown, type: string | undefined): boolean {
  if (type === undefined) return true;
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value);
  return typeof value === type;
}

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'waybill-schema-'));
  writeFileSync(join(folder, 'staging.json'), '{}');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function loads(content: unknown): boolean {
  writeFileSync(join(folder, 'dev.json'), JSON.stringify(content));
  try {
    loadEnvironment('dev', folder);
    return true;
  } catch {
    return false;
  }
}

const scalar = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    false,
    '',
    ' ',
    '-dev',
    'ab',
    'abc',
    '_migration',
    'legacyAttributes',
    'eu-west-1',
    'staging',
    'required',
    'advised',
  ),
  fc.constantFrom<unknown>(0, 1, 4, -1, 2.5, 1024, 1025, 4096, 4097, 8760, 8761, [], {}),
  fc.string({ maxLength: 6 }),
  fc.constantFrom('x'.repeat(64), 'x'.repeat(65), 'x'.repeat(255), 'x'.repeat(256)),
);
const name = fc.constantFrom('t', '', '_migration', 'legacyAttributes', 'value', 'x'.repeat(256));
/** One entry at most: that two names must differ is a rule that JSON Schema can't express. */
const map = <T>(inner: fc.Arbitrary<T>): fc.Arbitrary<unknown> =>
  fc.tuple(name, inner).map((entry) => Object.fromEntries([entry]));
const prices = fc.record(
  {
    writePerMillion: fc.constantFrom<unknown>(0.625, 0, -1, '1', null),
    readPerMillion: fc.constantFrom<unknown>(0.125, 1, null),
    currency: fc.constantFrom<unknown>('USD', 'EUR', 'usd', 1),
    premium: fc.constant(1),
  },
  { requiredKeys: [] },
);
const cutover = fc.record(
  {
    ramp: fc.constantFrom<unknown>(
      [100],
      [10, 50, 100],
      [50, 10, 100],
      [10],
      [],
      ['100'],
      [0, 100],
      100,
      null,
    ),
    readingHours: fc.constantFrom<unknown>(0, 168, 2160, 2161, -1, 0.5, '1'),
    singleWriteHours: fc.constantFrom<unknown>(0, 336, 2161, null),
    share: fc.constant(10),
  },
  { requiredKeys: [] },
);
const keys = [...Object.keys(schema.properties ?? {}), 'segmnets', 'name', 'Title'];
const documents = fc.oneof(
  fc.tuple(fc.constantFrom(...keys), scalar).map((entry) => Object.fromEntries([entry])),
  fc.dictionary(fc.constantFrom(...keys), scalar, { maxKeys: 4 }),
  map(map(scalar)).map((tables) => ({ attributes: tables })),
  map(scalar).map((tables) => ({ tables })),
  prices.map((one) => ({ prices: one })),
  cutover.map((one) => ({ cutover: one })),
  scalar,
);

/**
 * Rules that JSON Schema can't express: between two keys (what production excludes), that the environment named by
 * `after` has a file, and that a ramp grows to 100.
 */
function goesBeyondSchema(content: unknown): boolean {
  if (typeof content !== 'object' || content === null) return false;
  const { after, cutover: phases } = content as { readonly after?: unknown; readonly cutover?: unknown };
  const { ramp } = Object(phases) as { readonly ramp?: unknown };
  if (Array.isArray(ramp) && !isRamp(ramp)) return true;
  const named = typeof after === 'string' && after !== 'staging';
  return named || ('production' in content && ('embedded' in content || 'backup' in content));
}

describe('environment.schema.json', () => {
  it('describes the files that come with the package, and each points to it', () => {
    for (const each of environmentNames()) {
      const content = JSON.parse(readFileSync(join(environmentsFolder(), `${each}.json`), 'utf8')) as Schema;
      expect([each, conforms(content, schema)]).toEqual([each, true]);
      expect(content.$schema).toBe('./environment.schema.json');
    }
  });

  it('accepts exactly what the loader accepts, file by file', () => {
    const seen = { accepted: 0, refused: 0 };
    fc.assert(
      fc.property(documents, (content) => {
        const accepted = loads(content);
        seen[accepted ? 'accepted' : 'refused']++;
        if (!goesBeyondSchema(content)) expect(conforms(content, schema)).toBe(accepted);
      }),
      { numRuns: 1500 },
    );
    expect(seen.accepted).toBeGreaterThan(150);
    expect(seen.refused).toBeGreaterThan(150);
  });

  it('has the keys that the loader lists', () => {
    writeFileSync(join(folder, 'dev.json'), '{"nonsense": 1}');
    expect(() => loadEnvironment('dev', folder)).toThrow(
      `valid are ${Object.keys(schema.properties ?? {}).join(', ')}`,
    );
  });
});
