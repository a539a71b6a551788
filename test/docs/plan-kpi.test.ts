import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { KpiData } from '../../src/domain/kpi/kpi-data.js';
import { KpiLink } from '../../src/domain/kpi/kpi-link.js';
import { schemaOf } from '../../src/domain/legacy/attribute.js';
import { GoalKpiLinkRecord } from '../../src/domain/kpi/legacy/goal-kpi-link.record.js';
import { KpiActualRecord } from '../../src/domain/kpi/legacy/kpi-actual.record.js';
import { KpiMilestoneRecord } from '../../src/domain/kpi/legacy/kpi-milestone.record.js';
import { KpiReadingRecord } from '../../src/domain/kpi/legacy/kpi-reading.record.js';
import { contentDigest } from '../../src/domain/storage/canonical-digest.js';
import type { StoredItem } from '../../src/domain/storage/stored-value.js';
import { KPI_TABLES } from '../../src/migrations/kpi/kpi.tables.js';
import { dataId, placeholderId } from '../../src/migrations/kpi/translation/derived-id.js';
import { codeBlocks, documentText, quoted, section, tableRows } from './markdown.js';

const PAGE = documentText('docs/plans/kpi.md');

/**
 * Requirements that no test covers yet (the switch of the cutover), or that are none of a program's.
 * Whoever covers one takes it off this list.
 */
const UNCOVERED = ['K-32', 'K-39'];

function ids(prefix: string, last: number): string[] {
  return Array.from({ length: last }, (_, index) => `${prefix}${String(index + 1).padStart(2, '0')}`);
}

/** UUIDv5 by RFC 9562 (5.5), written down once more, so that the recipe of the page is what is tested. */
function uuidOfParts(namespace: string, parts: readonly string[]): string {
  const hash = createHash('sha1').update(Buffer.from(namespace.replaceAll('-', ''), 'hex'));
  for (const part of parts) {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(Buffer.byteLength(part));
    hash.update(length).update(part);
  }
  const bytes = hash.digest().subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x50;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

describe('docs/plans/kpi.md', () => {
  const rows = [
    ...tableRows(section(PAGE, '## Requirements')),
    ...tableRows(section(PAGE, '## Defects not to reproduce')),
  ];

  it('has one row for each requirement and each defect, in order', () => {
    expect(rows.map(([id]) => id)).toEqual([...ids('K-', 39), ...ids('K-X', 30)]);
  });

  it('names tests that exist and that mention the requirement', () => {
    const wrong = rows.flatMap(([id = '', , , tests = '']) =>
      quoted(tests).filter(
        (file) => !existsSync(file) || !new RegExp(`${id}(?!\\d)`).test(documentText(file)),
      ),
    );
    expect(wrong).toEqual([]);
  });

  it('leaves no requirement without a test but those that are known to have none', () => {
    const without = rows.filter(([, , , tests = '']) => quoted(tests).length === 0).map(([id]) => id);
    expect(without).toEqual(UNCOVERED);
  });

  it('lists the tables, keys and indexes that the plan has', () => {
    let table: string | undefined;
    const listed = tableRows(section(PAGE, '## Tables')).map(([name = '', role, index = '', key = '']) => {
      table = quoted(name)[0] ?? table;
      return [table, role === '' ? undefined : role, quoted(index)[0], quoted(key)];
    });
    const roles = { source: 'source', lookup: 'look-up', target: 'target' };
    const expected = KPI_TABLES.flatMap(({ name, role, indexes }) => {
      const [first, ...others] = indexes.map((index) => [
        index.name,
        [index.partitionKey, ...(index.sortKey === undefined ? [] : [index.sortKey])],
      ]);
      return [
        [name, roles[role], ...(first ?? [undefined, []])],
        ...others.map((index) => [name, undefined, ...index]),
      ];
    });
    expect(listed).toEqual(expected);
  });

  it.each([
    ['purposepath-goal-kpi-links', 'purposepath-kpi-links', GoalKpiLinkRecord],
    ['purposepath-kpi-milestones', 'purposepath-kpi-data', KpiMilestoneRecord],
    ['purposepath-kpi-actuals', 'purposepath-kpi-data', KpiActualRecord],
    ['purposepath-kpi-readings', 'purposepath-kpi-data', KpiReadingRecord],
  ])(
    'lists the attributes of %s as they are read, and where they go in %s',
    (source, target, recordClass) => {
      const listed = tableRows(section(PAGE, `### \`${source}\` → \`${target}\``));
      expect(listed.map(([name = '', kind, presence]) => [quoted(name)[0], kind, presence])).toEqual(
        schemaOf(recordClass).attributes.map(({ name, kind, required }) => {
          return [name, kind, required ? 'required' : 'optional'];
        }),
      );
      const fields = new Set(
        (target === 'purposepath-kpi-links' ? KpiLink : KpiData).fields.map(({ name }) => name),
      );
      for (const [name = '', , , becomes = ''] of listed) {
        const [field] = becomes.startsWith('see ')
          ? ['id']
          : becomes.startsWith('one row')
            ? ['kpiLinkId']
            : quoted(becomes);
        expect([name, fields.has(field ?? '') || field === 'tenantId']).toEqual([name, true]);
      }
    },
  );

  it('K-X01: derives the ids of its examples, by its own recipe and by the code', () => {
    const text = section(PAGE, '## Ids of data rows');
    const namespace = /namespace `([^`]+)`/.exec(text)?.[1] ?? '';
    const examples = tableRows(text).map(([parts = '', id = '']) => ({
      parts: quoted(parts),
      id: quoted(id)[0],
    }));
    expect(examples.map(({ parts: [kind] }) => kind)).toEqual(['milestone', 'actual', 'person']);
    for (const { parts, id } of examples) {
      const [kind = '', second = '', third = ''] = parts;
      expect(uuidOfParts(namespace, parts)).toBe(id);
      expect(
        kind === 'person' ? placeholderId(second, third) : dataId(kind as 'milestone', second, third),
      ).toBe(id);
    }
  });

  it('K-X18: has an example of the digest that is right', () => {
    const text = section(PAGE, '## Digest');
    const item = JSON.parse(/^`(\{.*\})`/m.exec(text)?.[1] ?? '') as StoredItem;
    const digest = /`([0-9a-f]{64})`/.exec(text)?.[1];
    const encoding = Buffer.from(codeBlocks(text)[0]?.code.trim() ?? '', 'hex');
    expect(createHash('sha256').update(encoding).digest('hex')).toBe(digest);
    expect(contentDigest(item)).toBe(digest);
  });

  it('lists every warning that the code can give, and no other', () => {
    const reading = ['legacy/reading-warnings.ts', 'kpi/legacy/warnings.ts'].flatMap((file) => [
      ...documentText(`src/domain/${file}`).matchAll(/^ {2}([A-Z][A-Z0-9_]+):/gm),
    ]);
    const planning = ['data.planner.ts', 'links.planner.ts', 'lookups/measurements.ts'].flatMap((file) => [
      ...documentText(`src/migrations/kpi/${file}`).matchAll(/code: '([A-Z_]+)'/g),
    ]);
    const codes = [...reading, ...planning].map(([, code]) => code);
    const listed = tableRows(section(PAGE, '## Warnings')).map(([code = '']) => quoted(code)[0]);
    expect(listed.toSorted()).toEqual(codes.toSorted());
  });
});
