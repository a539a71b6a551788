import { counts, type RunDocument } from '../support/e2e/documents.js';
import type { RawItem } from '../support/e2e/raw-server.js';
import {
  COMPANY,
  LEGACY,
  MILESTONE,
  OLDER_LINK,
  PERSON,
  READING,
  USER,
  YOUNGER_LINK,
} from '../support/e2e/small-company.js';
import { Stage } from '../support/e2e/stage.js';
import { TABLE } from '../support/kpi/tables.js';

const ALIASES = {
  [TABLE.readings]: { value: 'readingValue', kpiId: 'kpi.id' },
  [TABLE.people]: { linkedUserId: 'user_id' },
  [TABLE.kpiLinks]: { kpiId: 'kpi_id', weight: 'link weight' },
  [TABLE.kpiData]: { kpiLinkId: 'kpi_link_id', postValue: 'value', dataCategory: 'select' },
};

function renamed(row: RawItem, aliases: Readonly<Record<string, string>>): RawItem {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [aliases[name] ?? name, value]));
}

describe('K-X27: attributes and tables that are stored under other names', () => {
  let stage: Stage;
  let run: { exit: number | null; document: RunDocument };

  beforeAll(async () => {
    stage = await Stage.open({
      attributes: ALIASES,
      tables: {
        [TABLE.readings]: 'readings-of-old',
        [TABLE.kpiData]: 'kpi.data_EU',
        'waybill-journal': 'logbook',
      },
    });
    await stage.createSources('user_id');
    for (const [table, rows] of COMPANY) {
      if (table === TABLE.readings || table === TABLE.people) {
        await stage.raw.put(table, ...rows.map((row) => renamed(row, ALIASES[table])));
      } else await stage.raw.put(table, ...rows);
    }
    expect((await stage.runner.run('tables create --env dev')).exit).toBe(0);
    run = await stage.runner.json<RunDocument>('--env dev');
  });
  afterAll(() => stage.close());

  it('migrate cleanly and are valid, exit 0', async () => {
    expect(run.exit).toBe(0);
    expect(counts(run.document)).toEqual({
      links: [2, 2, 0, 0, 0, 0, 0, 2],
      milestones: [1, 1, 0, 0, 0, 0, 0, 2],
      actuals: [1, 1, 0, 0, 0, 0, 0, 2],
      readings: [1, 1, 0, 0, 0, 0, 0, 2],
    });
    const again = await stage.runner.json<RunDocument>('--env dev');
    expect(again.document.steps.map(({ unchanged }) => unchanged)).toEqual([2, 1, 1, 1]);
    expect((await stage.runner.run('validate --env dev')).exit).toBe(0);
  });

  it('are created under the names of the environment file', async () => {
    const names = await stage.raw.tableNames();
    for (const name of ['readings-of-old', 'kpi.data_EU', 'logbook'])
      expect(names).toContain(`${name}${stage.suffix}`);
    expect(names).not.toContain(`purposepath-kpi-data${stage.suffix}`);
    expect(names).not.toContain(`waybill-journal${stage.suffix}`);
  });

  it('hold rows with the stored names only', async () => {
    expect(await stage.raw.get(TABLE.kpiLinks, YOUNGER_LINK)).toEqual({
      id: { S: YOUNGER_LINK },
      tenantId: LEGACY.youngerLink.tenantId,
      kpi_id: LEGACY.youngerLink.kpiId,
      personId: { S: PERSON },
      goalId: { S: 'goal without a guid' },
      'link weight': { N: '40' },
      isPrimary: { BOOL: true },
      createdBy: { S: USER },
      createdAt: { S: '2023-01-15T08:30:00Z' },
      _migration: expect.anything(),
    });
    const reading = await stage.raw.get(TABLE.kpiData, READING);
    expect(reading).toMatchObject({
      value: { N: '42.125' },
      kpi_link_id: { S: OLDER_LINK },
      select: { S: 'Actual' },
    });
    for (const name of ['postValue', 'kpiLinkId', 'dataCategory', 'legacyAttributes']) {
      expect(reading).not.toHaveProperty(name);
    }
  });

  it('K-10: have their indexes on the stored names', async () => {
    const { raw } = stage;
    const ofLink = await raw.query(TABLE.kpiData, 'kpiLinkId-index', 'kpi_link_id', OLDER_LINK);
    expect(ofLink.map((row) => row['id'])).toContainEqual({ S: MILESTONE });
    expect(ofLink).toHaveLength(3);
    expect(await raw.query(TABLE.kpiData, 'dataCategory-index', 'select', 'Target')).toHaveLength(2);
    const ofKpi = await raw.query(TABLE.kpiLinks, 'kpiId-index', 'kpi_id', LEGACY.kpi.id.S);
    expect(ofKpi.map((row) => row['id'])).toEqual([{ S: YOUNGER_LINK }, { S: OLDER_LINK }]);
  });
});
