import { RestoreError } from '../../../src/domain/errors.js';
import { contentDigest } from '../../../src/domain/storage/canonical-digest.js';
import { stampOf, withStamp } from '../../../src/domain/storage/stored.js';
import type { StoredItem } from '../../../src/domain/storage/stored-value.js';
import { KpiDataMapper } from '../../../src/infrastructure/persistence/kpi/kpi-data.mapper.js';
import { rowKeys } from '../../../src/migrations/contract/row-key.js';
import { compareRows, differingFields } from '../../../src/runner/verification/row-comparison.js';
import {
  actualRow,
  rowName,
  type ActualRow,
  type ExpectedRow,
} from '../../../src/runner/verification/row-sides.js';
import { aKpiDataRow } from '../../support/mothers/rows.mother.js';

const RUN = '20261121T080000Z-000001';
const crate = (key: string, text: string): StoredItem => ({ id: { S: key }, text: { S: text } });

function expected(key: string, source: string, text = source): ExpectedRow {
  const item = crate(key, text);
  return { table: 'crates', key, source, item, digest: contentDigest(item) };
}

/** A row as it was written for `source`. */
function actual(key: string, source: string, text = source): ActualRow {
  const item = crate(key, text);
  const stamp = { source, run: RUN, digest: contentDigest(item) };
  return { table: 'crates', key, item: withStamp(item, stamp), stamp, digest: stamp.digest, edited: false };
}

/** The row under another key, its stamp along. */
function movedTo(key: string, row: ActualRow): ActualRow {
  const item = { ...row.item, id: { S: key } };
  return { ...row, key, item, digest: contentDigest(item), edited: true };
}

function compare(
  wanted: readonly ExpectedRow[],
  found: readonly ActualRow[],
): { findings: string[]; conflicts: string[] } {
  const map = <T extends { table: string; key: string }>(rows: readonly T[]): Map<string, T> =>
    new Map(rows.map((row) => [rowName(row), row]));
  const result = compareRows({
    step: 'crates',
    expected: map(wanted),
    actual: map(found),
    keys: rowKeys([{ name: 'crates', partitionKey: 'id' }]),
  });
  const text = result.findings.map(
    ({ finding: { kind, key, field }, source }) => `${kind} ${key} ${field ?? '-'} (${source})`,
  );
  return { findings: text.sort(), conflicts: [...result.conflicts] };
}

describe('comparing rows', () => {
  it('finds nothing where both sides are equal', () => {
    expect(
      compare([expected('a', 's1'), expected('b', 's2')], [actual('b', 's2'), actual('a', 's1')]),
    ).toEqual({ findings: [], conflicts: [] });
  });

  it('names missing, extra and different rows once each', () => {
    const found = [actual('b', 's2', 'changed'), actual('x', 's9')];
    expect(compare([expected('a', 's1'), expected('b', 's2')], found).findings).toEqual([
      'different b text (s2)',
      'extra x - (s9)',
      'missing a - (s1)',
    ]);
  });

  it('takes a row that was edited for different although it has the right content', () => {
    const row = { ...actual('a', 's1'), edited: true };
    expect(compare([expected('a', 's1')], [row]).findings).toEqual(['different a _migration (s1)']);
  });

  it('takes a row of another source for different although it has the right content', () => {
    expect(compare([expected('a', 's1', 'same')], [actual('a', 's2', 'same')]).findings).toEqual([
      'different a _migration (s1)',
    ]);
  });

  it('takes rows that stand under each other’s keys for one defect', () => {
    const found = [movedTo('b', actual('a', 's1')), movedTo('a', actual('b', 's2'))];
    const result = compare([expected('a', 's1'), expected('b', 's2')], found);
    expect(result.findings).toHaveLength(1);
    expect(result.findings[0]).toMatch(/^id [ab] id \(s[12]\)$/);
  });

  it('takes three rows that went round in a circle for three', () => {
    const found = [
      movedTo('b', actual('a', 's1')),
      movedTo('c', actual('b', 's2')),
      movedTo('a', actual('c', 's3')),
    ];
    expect(compare([expected('a', 's1'), expected('b', 's2'), expected('c', 's3')], found).findings).toEqual([
      'id a id (s3)',
      'id b id (s1)',
      'id c id (s2)',
    ]);
  });

  it('takes a row under a key that nobody wants for one defect, not for a missing and an extra row', () => {
    expect(compare([expected('a', 's1')], [movedTo('z', actual('a', 's1'))]).findings).toEqual([
      'id z id (s1)',
    ]);
  });

  it("calls a record whose key the application's own row holds a conflict, and says nothing of that row", () => {
    const own: ActualRow = { table: 'crates', key: 'a', item: crate('a', 'mine'), digest: '', edited: false };
    expect(compare([expected('a', 's1')], [own, { ...own, key: 'b' }])).toEqual({
      findings: [],
      conflicts: ['s1'],
    });
  });

  it('names the field that a repository cannot load', () => {
    const broken = {
      ...actual('a', 's1', 'x'),
      edited: true,
      broken: new RestoreError('Crate', 'weight', 'absent'),
    };
    expect(compare([expected('a', 's1')], [broken]).findings).toEqual(['different a weight (s1)']);
  });
});

describe('the fields in which rows differ', () => {
  const fields = (a: StoredItem, b: StoredItem): string[] => differingFields({ item: a }, { item: b });

  it('are named in order: changed, absent on either side, of another type', () => {
    expect(
      fields({ z: { S: '1' }, b: { S: '' }, c: { N: '1' } }, { z: { S: '2' }, a: { S: '' }, c: { S: '1' } }),
    ).toEqual(['a', 'b', 'c', 'z']);
  });

  it('are compared as the store does: numbers by value, sets without order', () => {
    expect(
      fields({ n: { N: '1.50' }, s: { SS: ['a', 'b'] } }, { n: { N: '15e-1' }, s: { SS: ['b', 'a'] } }),
    ).toEqual(['_migration']);
    expect(fields({ n: { N: '1' } }, { n: { N: '1.0000000000000000000000000000000000001' } })).toEqual(['n']);
    expect(fields({ n: { NULL: true } }, {})).toEqual(['n']);
  });

  it('may be called __proto__', () => {
    const odd = Object.fromEntries([['__proto__', { S: 'x' }]]);
    expect([fields({}, odd), fields(odd, {}), fields(odd, odd)]).toEqual([
      ['__proto__'],
      ['__proto__'],
      ['_migration'],
    ]);
  });
});

describe('a stored row as its repository loads it', () => {
  const mapper = new KpiDataMapper();
  const written = withStamp(aKpiDataRow(), { source: 's#1', run: RUN, digest: contentDigest(aKpiDataRow()) });

  it('is untouched where what is loaded is what the stamp says', () => {
    expect(actualRow(mapper, 'k', written)).toEqual({
      table: 'purposepath-kpi-data',
      key: 'k',
      item: written,
      stamp: stampOf(written),
      digest: contentDigest(aKpiDataRow()),
      edited: false,
    });
  });

  it('is edited where an attribute was changed, or added that the model does not know', () => {
    expect(actualRow(mapper, 'k', { ...written, label: { S: 'x' } })).toMatchObject({ edited: true });
    expect(actualRow(mapper, 'k', { ...written, colour: { S: 'x' } })).toMatchObject({ edited: true });
  });

  it('is broken where the repository fails on it', () => {
    const row = actualRow(mapper, 'k', { ...written, postValue: { S: 'many' } });
    expect([row.edited, row.broken?.field]).toEqual([true, 'postValue']);
  });

  it("is the application's own without a whole stamp, and then never loaded", () => {
    const own = { id: { S: 'k' }, postValue: { S: 'whatever' } };
    expect(actualRow(mapper, 'k', own)).toEqual({
      table: 'purposepath-kpi-data',
      key: 'k',
      item: own,
      digest: '',
      edited: false,
    });
  });
});
