import { counts, type RunDocument } from '../support/e2e/documents.js';
import type { RawItem, RawValue } from '../support/e2e/raw-server.js';
import {
  ACTUAL,
  COMPANY,
  LEGACY,
  MILESTONE,
  OLDER_LINK,
  READING,
  YOUNGER_LINK,
} from '../support/e2e/small-company.js';
import { Stage } from '../support/e2e/stage.js';
import { TABLE } from '../support/kpi/tables.js';

const DIGITS_38 = '12345678901234567890123456789012345678';
const FRACTION_38 = '-0.0012345678901234567890123456789012345678';
const BYTES = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)).toString('base64');
/** Of the 400 KiB that an item may have; the new row has some 700 bytes of other attributes. */
const LONG = 'é'.repeat((390 * 1024) / 2);

/** An attribute of every type, and values that a careless copy rounds, reorders, trims or drops. */
const OF_EVERY_TYPE: RawItem = {
  digits38: { N: DIGITS_38 },
  fraction38: { N: FRACTION_38 },
  largest: { N: '9.9999999999999999999999999999999999999E+125' },
  smallest: { N: '1E-130' },
  beyondDoubles: { N: '9007199254740993' },
  emptyText: { S: '' },
  blanks: { S: '  \t\n' },
  unicode: { S: 'Zoë 👩‍👩‍👧 \u0000 \u2028 e\u0301' },
  bytes: { B: BYTES },
  noBytes: { B: '' },
  yes: { BOOL: true },
  nothing: { NULL: true },
  texts: { SS: ['a', 'A', 'ä', ''] },
  numbers: { NS: [DIGITS_38, '0.1', '-7'] },
  binaries: { BS: ['AA==', 'AAE=', BYTES] },
  emptyList: { L: [] },
  emptyMap: { M: {} },
  nested: nested(12),
};

function nested(depth: number): RawValue {
  if (depth === 0) return { L: [{ N: FRACTION_38 }, { B: BYTES }, { NS: [DIGITS_38] }, { NULL: true }] };
  return {
    M: Object.fromEntries([
      [`level ${depth}`, nested(depth - 1)],
      ['__proto__', { S: 'data' }],
    ]),
  };
}

/** Names that break expressions, statements and careless maps. */
const OF_EVERY_NAME: RawItem = Object.fromEntries(
  [
    'with"quote',
    "with'quote",
    '""',
    'with.dot',
    'with space',
    ' ',
    'with-dash',
    '#n',
    ':v',
    '?',
    '[0]',
    'back\\slash',
    'new\nline',
    'ключ',
    '👩',
    'select',
    'VALUE',
    'Size',
    'name',
    '__proto__',
    'constructor',
    'hasOwnProperty',
    'toString',
    '_migration',
    'legacyAttributes',
    'x'.repeat(200),
  ].map((name, position) => [name, { N: String(position) }]),
);

describe('exactness on a real server (invariant 5)', () => {
  let stage: Stage;
  let first: RunDocument;

  beforeAll(async () => {
    stage = await Stage.open();
    await stage.createSources();
    for (const [table, rows] of COMPANY) await stage.raw.put(table, ...rows);
    await stage.raw.put(TABLE.links, {
      ...LEGACY.youngerLink,
      thresholdPct: { N: FRACTION_38 },
      weight: { N: DIGITS_38 },
      createdAt: { S: '2023-03-01T09:00:00.1234567+09:00' },
    });
    await stage.raw.put(
      TABLE.milestones,
      { ...LEGACY.milestone, ...OF_EVERY_TYPE, targetValue: { N: DIGITS_38 } },
      { ...LEGACY.milestone, id: { S: 'd1000000-0000-4000-8000-000000000390' }, rationale: { S: LONG } },
    );
    await stage.raw.put(TABLE.actuals, { ...LEGACY.actual, ...OF_EVERY_NAME });
    await stage.raw.put(TABLE.readings, {
      ...LEGACY.reading,
      blob: { B: Buffer.from(LONG).toString('base64') },
    });
    const ended = await stage.runner.json<RunDocument>('--env local');
    first = ended.document;
  });
  afterAll(() => stage.close());

  /** The rows of a record, by the link that they belong to. */
  async function rowsOf(id: string): Promise<RawItem[]> {
    const own = (row: RawItem): boolean => JSON.stringify(row['_migration']).includes(`#${id}"`);
    const rows = (await stage.raw.scan(TABLE.kpiData)).filter(own);
    return rows.sort((a, b) => (JSON.stringify(a['kpiLinkId']) < JSON.stringify(b['kpiLinkId']) ? -1 : 1));
  }

  it('migrates all of it', () => {
    expect(first).toMatchObject({ status: 'complete' });
    expect(counts(first)).toEqual({
      links: [2, 2, 0, 0, 0, 0, 0, 2],
      milestones: [2, 2, 0, 0, 0, 0, 0, 4],
      actuals: [1, 1, 0, 0, 0, 0, 0, 2],
      readings: [1, 1, 0, 0, 0, 0, 0, 2],
    });
  });

  it('keeps 38 digits and every fraction of a second of the listed attributes', async () => {
    expect(await stage.raw.get(TABLE.kpiLinks, YOUNGER_LINK)).toMatchObject({
      thresholdPct: { N: FRACTION_38 },
      weight: { N: DIGITS_38 },
      createdAt: { S: '2023-03-01T00:00:00.1234567Z' },
    });
    expect(await stage.raw.get(TABLE.kpiLinks, OLDER_LINK)).toMatchObject({
      createdAt: { S: '2022-01-15T08:30:00.1234567Z' },
    });
    for (const row of await rowsOf(MILESTONE)) {
      expect(row).toMatchObject({
        postValue: { N: DIGITS_38 },
        postDate: { S: '2024-06-30' },
        createdAt: { S: '2023-12-01T09:00:00.1234567Z' },
      });
    }
  });

  it('carries unknown attributes of every type bit for bit, on every row of the record', async () => {
    const legacy = await stage.raw.get(TABLE.milestones, MILESTONE);
    const expected = {
      M: Object.fromEntries(Object.keys(OF_EVERY_TYPE).map((name) => [name, legacy[name]])),
    };
    // the server kept them as they were typed, so what is compared is no shared loss
    expect(expected.M).toMatchObject({
      digits38: { N: DIGITS_38 },
      bytes: { B: BYTES },
      nested: OF_EVERY_TYPE['nested'],
    });
    const rows = await rowsOf(MILESTONE);
    expect(rows.map((row) => row['kpiLinkId'])).toEqual([{ S: YOUNGER_LINK }, { S: OLDER_LINK }]);
    for (const row of rows) expect(row['legacyAttributes']).toStrictEqual(expected);
  });

  it('carries attributes of any name', async () => {
    const rows = await rowsOf(ACTUAL);
    expect(rows).toHaveLength(2);
    for (const row of rows) {
      const carried = row['legacyAttributes'];
      // toEqual does not look at __proto__, so the texts are compared
      expect(sortedText(carried)).toBe(sortedText({ M: OF_EVERY_NAME }));
    }
    expect(sortedText({ M: OF_EVERY_NAME })).toContain('"__proto__"');
  });

  it('moves records of 390 KB, in a listed attribute and in an unknown one', async () => {
    const [younger, older] = await rowsOf('d1000000-0000-4000-8000-000000000390');
    expect([younger, older].map((row) => row?.['rationale'])).toEqual([{ S: LONG }, { S: LONG }]);
    const carried = (await rowsOf(READING)).map((row) => row['legacyAttributes']);
    const blob = { M: { blob: { B: Buffer.from(LONG).toString('base64') } } };
    expect(carried).toEqual([blob, blob]);
  });

  it('finds all of it unchanged in a second run and valid in full', async () => {
    const again = await stage.runner.json<RunDocument>('--env local');
    expect(again.exit).toBe(0);
    expect(again.document.steps.map(({ unchanged }) => unchanged)).toEqual([2, 2, 1, 1]);
    expect((await stage.runner.run('validate --env local')).exit).toBe(0);
  });
});

/** As text, with the names of every map in order. */
function sortedText(value: RawValue | undefined): string {
  if (value !== undefined && 'M' in value) {
    const names = Object.keys(value.M).sort();
    return `{${names.map((name) => `${JSON.stringify(name)}:${sortedText(value.M[name])}`).join(',')}}`;
  }
  return JSON.stringify(value);
}
