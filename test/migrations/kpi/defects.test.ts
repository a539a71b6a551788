import type { StoredItem } from '../../../src/domain/storage/stored-value.js';
import type { RecordReader } from '../../../src/migrations/contract/record-reader.js';
import { KpiTrial } from '../../support/engine/kpi-trial.js';
import {
  column,
  entries,
  migrated,
  outcomes,
  rowOf,
  told,
  withSource,
} from '../../support/engine/observed.js';
import {
  actual,
  changed,
  created,
  id,
  kpi,
  link,
  milestone,
  ofTenant,
  onKpi,
  person,
  reading,
  TENANT_1,
  TENANT_2,
} from '../../support/engine/small-rows.js';
import { TABLE } from '../../support/kpi/tables.js';

// Ids of rows that do not keep their legacy id: computed with Python's hashlib and struct from the published recipe.
const M1_ON_LINK_1 = '2314420a-8899-5643-983c-f2d036ad67b6';
const M1_ON_LINK_2 = '8dd1b5e0-e2a6-5bc8-96d3-6c3ffcfb4391';
const M1_ON_LINK_3 = '385e5858-8f3d-507a-9136-63f8cdd438b8';
const A1_ON_LINK_1 = '6976cd38-0586-5beb-ba25-41baeb84ba2b';
const A1_ON_LINK_3 = 'a460cba7-31da-5408-82a5-350a3226c5d8';
const R1_ON_LINK_1 = '755174ce-4ac8-567d-ba57-748936935c2b';
const R1_ON_LINK_3 = '266f1d2f-167f-5c16-8ccb-7b7522d14bf5';
const SHARED_ACTUAL_ON_LINK_1 = '51e874f6-6fa8-50df-97bb-a0172991b59b';
const SHARED_READING_ON_LINK_1 = '6cc04126-0cab-5e5b-9aea-cacd203d6dfd';

const LINK_1 = id('11', 1);
const LINK_2 = id('11', 2);
const LINK_3 = id('11', 3);
const NIL = '00000000-0000-0000-0000-000000000000';

/** Tenant 1 with KPI 1, owned by user 1, who has a person. */
const COMPANY = { [TABLE.kpis]: [kpi(1)], [TABLE.people]: [person(1)] };
const ONE_LINK = { ...COMPANY, [TABLE.links]: [link(1)] };
const THREE_LINKS = {
  ...COMPANY,
  [TABLE.links]: [
    link(1, created('2023-03-01T00:00:00Z')),
    link(2, created('2023-01-01T00:00:00Z')),
    link(3, created('2023-02-01T00:00:00Z')),
  ],
};

/** A row of the application's own. */
function ownLink(n: number, changes: StoredItem = {}): StoredItem {
  return link(n, { personId: { S: id('be', 1) }, isPrimary: { BOOL: false }, ...changes });
}

describe('K-X01 a KPI with three links', () => {
  it('K-X01: keeps each legacy id on the link created first and derives the ids of the other rows', async () => {
    const { trial, result } = await migrated({
      ...THREE_LINKS,
      [TABLE.milestones]: [milestone(1)],
      [TABLE.actuals]: [actual(1)],
      [TABLE.readings]: [reading(1)],
    });
    expect(result.exit).toBe(0);
    expect(column(trial, TABLE.kpiData, 'id', 'kpiLinkId')).toEqual(
      [
        `${id('d1', 1)} ${LINK_2}`,
        `${M1_ON_LINK_1} ${LINK_1}`,
        `${M1_ON_LINK_3} ${LINK_3}`,
        `${id('d2', 1)} ${LINK_2}`,
        `${A1_ON_LINK_1} ${LINK_1}`,
        `${A1_ON_LINK_3} ${LINK_3}`,
        `${id('d3', 1)} ${LINK_2}`,
        `${R1_ON_LINK_1} ${LINK_1}`,
        `${R1_ON_LINK_3} ${LINK_3}`,
      ].sort(),
    );
    expect(result.steps.map(({ counters }) => counters.rows)).toEqual([3, 3, 3, 3]);
  });

  it('K-X01: compares the times of links as instants, takes the lowest id of two, and unreadable times last', async () => {
    const { trial } = await migrated({
      ...COMPANY,
      [TABLE.kpis]: [kpi(1), kpi(2), kpi(3)],
      // both would come first as text
      [TABLE.kpiLinks]: [
        ownLink(1, created('0 long ago')),
        ownLink(6, { ...onKpi(3), ...created('2023-01-04T00:00:00.50Z') }),
      ],
      [TABLE.links]: [
        link(2),
        // an hour before midnight in UTC
        link(3, { ...onKpi(2), ...created('2023-01-04T00:00:00+01:00') }),
        link(4, { ...onKpi(2), ...created('2023-01-03T23:30:00Z') }),
        link(5, { ...onKpi(3), ...created('2023-01-04T00:00:00.5Z') }),
      ],
      [TABLE.milestones]: [milestone(1), milestone(2, onKpi(2)), milestone(3, onKpi(3))],
    });
    const keeper = (n: number): unknown => rowOf(trial, TABLE.kpiData, id('d1', n))['kpiLinkId'];
    expect([keeper(1), keeper(2), keeper(3)]).toEqual([{ S: LINK_2 }, { S: LINK_3 }, { S: id('11', 5) }]);
  });
});

describe('K-X02 a KPI without a link', () => {
  const unlinked = {
    ...ONE_LINK,
    [TABLE.kpis]: [kpi(1), kpi(2)],
    [TABLE.milestones]: [milestone(1, onKpi(2)), milestone(2)],
    [TABLE.actuals]: [actual(1, onKpi(2))],
    [TABLE.readings]: [reading(1, onKpi(2))],
  };

  it('K-X02: quarantines its records with their images, migrates the others, and exits 1', async () => {
    const { trial, result } = await migrated(unlinked);
    expect([result.exit, result.status]).toEqual([1, 'failed']);
    expect(result.steps.map(({ status }) => status)).toEqual([
      'validated',
      'validated',
      'validated',
      'validated',
    ]);
    expect(await entries(trial, 'quarantine')).toEqual([
      `actuals ${id('d2', 1)} KPI_UNLINKED`,
      `milestones ${id('d1', 1)} KPI_UNLINKED`,
      `readings ${id('d3', 1)} KPI_UNLINKED`,
    ]);
    const [first] = await trial.entries('quarantine', true);
    expect([first?.field, first?.image]).toEqual(['kpiId', milestone(1, onKpi(2))]);
    expect(column(trial, TABLE.kpiData, 'id')).toEqual([id('d1', 2)]);
  });

  it('K-X02: exits 0 where it was accepted beforehand', async () => {
    const trial = await new KpiTrial().put(unlinked);
    const result = await trial.run({ accept: ['allow-unlinked'] });
    expect([result.exit, result.status]).toEqual([0, 'complete']);
    expect(result.steps.map(({ reasons }) => reasons)).toEqual([
      {},
      { KPI_UNLINKED: 1 },
      { KPI_UNLINKED: 1 },
      { KPI_UNLINKED: 1 },
    ]);
  });
});

describe('K-X03 fan-out that hides a loss', () => {
  it('K-X03: sees a lost row although there are still more targets than milestones', async () => {
    const { trial } = await migrated({ ...THREE_LINKS, [TABLE.milestones]: [milestone(1), milestone(2)] });
    trial.store.erase(TABLE.kpiData, { id: { S: id('d1', 2) } });
    expect(trial.store.rows(TABLE.kpiData)).toHaveLength(5);
    const { passed, findings, checks } = await trial.validate({ steps: ['milestones'] });
    expect(passed).toBe(false);
    expect(told(findings)).toEqual([`milestones missing ${id('d1', 2)}`]);
    expect(checks.filter((check) => !check.passed)).toEqual([
      { name: 'milestones: every source record accounted for', passed: false, expected: 2, found: 1 },
      { name: 'milestones: rows of this kind of record', passed: false, expected: 6, found: 5 },
      { name: 'milestones: no row missing', passed: false, expected: 0, found: 1 },
    ]);
  });

  it('K-X03: counts a milestone that found no link as quarantined, whatever the others yield', async () => {
    const { result } = await migrated({
      ...THREE_LINKS,
      [TABLE.kpis]: [kpi(1), kpi(2)],
      [TABLE.milestones]: [milestone(1), milestone(2, onKpi(2))],
    });
    expect(result.steps[1]?.counters).toMatchObject({ read: 2, rows: 3, created: 1, quarantined: 1 });
    expect(result.exit).toBe(1);
  });
});

describe('K-X04 readings that cover a lost actual', () => {
  it('K-X04: sees the lost actual although there are still more actual rows than actuals', async () => {
    const { trial } = await migrated({
      ...ONE_LINK,
      [TABLE.actuals]: [actual(1)],
      [TABLE.readings]: [reading(1), reading(2)],
    });
    trial.store.erase(TABLE.kpiData, { id: { S: id('d2', 1) } });
    expect(column(trial, TABLE.kpiData, 'dataCategory')).toEqual(['Actual', 'Actual']);
    const { findings, checks } = await trial.validate();
    expect(told(findings)).toEqual([`actuals missing ${id('d2', 1)}`]);
    expect(checks.filter(({ passed }) => !passed).map(({ name }) => name)).toEqual([
      'actuals: every source record accounted for',
      'actuals: rows of this kind of record',
      'actuals: no row missing',
    ]);
  });
});

describe('K-X05 equal counts', () => {
  it("K-X05: does not mind links of the application's own, by which the counts differ", async () => {
    const { trial } = await migrated(ONE_LINK);
    trial.store.load(TABLE.kpiLinks, [ownLink(8)]);
    expect(await trial.validate()).toMatchObject({ passed: true, findings: [] });
  });

  it('K-X05: sees one lost and one extra link although the counts are equal', async () => {
    const { trial } = await migrated({ ...COMPANY, [TABLE.links]: [link(1), link(2)] });
    trial.store.load(TABLE.kpiLinks, [changed(rowOf(trial, TABLE.kpiLinks, LINK_1), { id: { S: LINK_3 } })]);
    trial.store.erase(TABLE.kpiLinks, { id: { S: LINK_2 } });
    expect(trial.store.rows(TABLE.kpiLinks)).toHaveLength(2);
    const { findings } = await trial.validate({ steps: ['links'] });
    expect(told(findings)).toEqual([`links extra ${LINK_3}`, `links missing ${LINK_2}`]);
  });
});

describe('K-X06 comparison of a hundred links by their KPI', () => {
  it('K-X06: compares every field of all four kinds, beyond the hundredth record too', async () => {
    const many = <T>(make: (n: number) => T): T[] => Array.from({ length: 101 }, (_, at) => make(at + 1));
    const { trial } = await migrated({
      ...COMPANY,
      [TABLE.kpis]: [kpi(1), kpi(2)],
      [TABLE.links]: [
        link(1),
        ...many((n) => link(n + 1, { ...onKpi(2), ...created('2023-01-02T00:00:00Z') })),
      ],
      [TABLE.milestones]: many((n) => milestone(n)),
      [TABLE.actuals]: many((n) => actual(n)),
      [TABLE.readings]: many((n) => reading(n)),
    });
    const spoil = (table: string, key: string, changes: StoredItem): void =>
      trial.store.load(table, [changed(rowOf(trial, table, key), changes)]);
    spoil(TABLE.kpiLinks, id('11', 77), { displayOrder: { N: '1' } });
    spoil(TABLE.kpiData, id('d1', 101), { createdAt: { S: '2024-01-01T00:00:01Z' } });
    spoil(TABLE.kpiData, id('d2', 3), { isManualOverride: { BOOL: true } });
    spoil(TABLE.kpiData, id('d3', 50), { postValue: { N: '30.00000000000000000000000000000000001' } });
    const { findings } = await trial.validate();
    expect(told(findings)).toEqual([
      `actuals different ${id('d2', 3)} isManualOverride`,
      `links different ${id('11', 77)} displayOrder`,
      `milestones different ${id('d1', 101)} createdAt`,
      `readings different ${id('d3', 50)} postValue`,
    ]);
  });
});

describe('K-X07 orphans beyond data rows', () => {
  const tables = {
    ...ONE_LINK,
    [TABLE.kpis]: [kpi(1), kpi(2)],
    [TABLE.links]: [link(1), link(2, onKpi(2))],
    [TABLE.milestones]: [milestone(1)],
  };

  it('K-X07: finds a link whose KPI is gone', async () => {
    const { trial } = await migrated(tables);
    trial.store.erase(TABLE.kpis, { id: { S: id('c1', 2) } });
    expect(told((await trial.validate()).findings)).toEqual([`links orphan ${LINK_2} kpiId`]);
  });

  it('K-X07: finds links whose person is gone', async () => {
    const { trial } = await migrated(tables);
    trial.store.erase(TABLE.people, { id: { S: id('be', 1) } });
    expect(told((await trial.validate()).findings)).toEqual([
      `links orphan ${LINK_1} personId`,
      `links orphan ${LINK_2} personId`,
    ]);
  });

  it('K-X07, K-26: finds a data row whose link is gone', async () => {
    const { trial } = await migrated(tables);
    trial.store.erase(TABLE.kpiLinks, { id: { S: LINK_1 } });
    const { findings } = await trial.validate({ steps: ['milestones'] });
    expect(told(findings)).toEqual([`milestones orphan ${id('d1', 1)} kpiLinkId`]);
  });

  it('K-X07: finds a chain of link and KPI that runs through two tenants', async () => {
    const { trial } = await migrated(tables);
    trial.store.load(TABLE.kpis, [kpi(2, ofTenant(TENANT_2))]);
    expect(told((await trial.validate()).findings)).toEqual([`links different ${LINK_2} tenantId`]);
  });
});

describe('K-X08 a user without a person', () => {
  it('K-X08: gets a placeholder under his GUID, for the link with the lowest id', async () => {
    const { trial, result } = await migrated({
      [TABLE.kpis]: [kpi(1)],
      [TABLE.links]: [link(2), link(3), link(1, created('2023-05-05T05:05:05.1234567Z')), link(4), link(5)],
    });
    expect(result.exit).toBe(0);
    expect(trial.store.rows(TABLE.people).map(withSource)).toEqual([
      {
        id: { S: 'a5000000-0000-4000-8000-000000000001' },
        tenantId: { S: '7e000000-0000-4000-8000-000000000001' },
        linkedUserId: { S: 'a5000000-0000-4000-8000-000000000001' },
        displayName: { S: 'Placeholder for a5000000-0000-4000-8000-000000000001' },
        isPlaceholder: { BOOL: true },
        createdBy: { S: 'system' },
        createdAt: { S: '2023-05-05T05:05:05.1234567Z' },
        _migration: 'purposepath-goal-kpi-links#11000000-0000-4000-8000-000000000001',
      },
    ]);
    expect(column(trial, TABLE.kpiLinks, 'personId')).toEqual(Array(5).fill(id('a5', 1)));
  });

  it("K-X08: is set aside where the placeholder's id is somebody else's", async () => {
    const stranger = person(9, { id: { S: id('a5', 1) } });
    const { trial } = await migrated({
      [TABLE.kpis]: [kpi(1)],
      [TABLE.people]: [stranger],
      [TABLE.links]: [link(1)],
    });
    expect(await entries(trial, 'quarantine')).toEqual([`links ${LINK_1} PERSON_AMBIGUOUS`]);
    expect(trial.store.rows(TABLE.people)).toEqual([stranger]);
  });

  it('K-X08: gets one placeholder per tenant, the lowest tenant taking the GUID', async () => {
    const { trial } = await migrated({
      [TABLE.kpis]: [kpi(1), kpi(2, ofTenant(TENANT_2))],
      [TABLE.links]: [link(1, { ...onKpi(2), ...ofTenant(TENANT_2) }), link(2)],
    });
    expect(column(trial, TABLE.people, 'id', 'tenantId')).toEqual([
      `36700ca4-b647-5f43-9bdb-130e73df3680 ${TENANT_2}`,
      `${id('a5', 1)} ${TENANT_1}`,
    ]);
    expect(column(trial, TABLE.kpiLinks, 'id', 'personId')).toEqual([
      `${LINK_1} 36700ca4-b647-5f43-9bdb-130e73df3680`,
      `${LINK_2} ${id('a5', 1)}`,
    ]);
  });
});

describe('K-X09 owners that are none', () => {
  it('K-X09: takes nil and blank owners for absent, and a missing KPI for KPI_MISSING', async () => {
    const { trial, result } = await migrated({
      [TABLE.kpis]: [kpi(1, { ownerId: { S: NIL } }), kpi(2, { ownerId: { S: ' ' } })],
      [TABLE.people]: [person(1), person(2)],
      [TABLE.links]: [
        link(1, { createdBy: { S: id('a5', 2) } }),
        link(2, { ...onKpi(2), createdBy: { S: id('a5', 2) } }),
        link(3, { createdBy: { S: NIL } }),
        link(4, onKpi(7)),
      ],
    });
    expect(column(trial, TABLE.kpiLinks, 'id', 'personId')).toEqual([
      `${LINK_1} ${id('be', 2)}`,
      `${LINK_2} ${id('be', 2)}`,
    ]);
    expect(await entries(trial, 'quarantine')).toEqual([
      `links ${LINK_3} ID_INVALID`,
      `links ${id('11', 4)} KPI_MISSING`,
    ]);
    expect(result.exit).toBe(1);
  });
});

describe('K-X10 look-ups across tenants', () => {
  it("K-X10: ignores the user's person in another tenant", async () => {
    const { trial } = await migrated({
      [TABLE.kpis]: [kpi(1)],
      [TABLE.people]: [person(1, ofTenant(TENANT_2))],
      [TABLE.links]: [link(1)],
    });
    expect(column(trial, TABLE.kpiLinks, 'personId')).toEqual([id('a5', 1)]);
  });

  it('K-X10: gives nothing to a link of another tenant, and sets records of another tenant aside', async () => {
    const { trial } = await migrated({
      ...ONE_LINK,
      [TABLE.kpiLinks]: [ownLink(9, { ...ofTenant(TENANT_2), ...created('2020-01-01T00:00:00Z') })],
      [TABLE.milestones]: [milestone(1), milestone(2, ofTenant(TENANT_2))],
    });
    expect(column(trial, TABLE.kpiData, 'id', 'kpiLinkId')).toEqual([`${id('d1', 1)} ${LINK_1}`]);
    expect(await entries(trial, 'quarantine')).toEqual([`milestones ${id('d1', 2)} TENANT_MISMATCH`]);
  });
});

describe('K-X11 creators and recorders that are no plain GUID', () => {
  it('K-X11: reads the GUID forms of .NET, and sets a user aside who is no GUID at all', async () => {
    const { trial } = await migrated({
      [TABLE.kpis]: [kpi(1, { ownerId: { NULL: true } })],
      [TABLE.people]: [person(1)],
      [TABLE.links]: [
        link(1, { createdBy: { S: '{A5000000-0000-4000-8000-000000000001}' } }),
        link(2, { createdBy: { S: 'a5000000000040008000000000000001' } }),
        link(3, { createdBy: { S: 'someone@example.org' } }),
      ],
    });
    expect(column(trial, TABLE.kpiLinks, 'personId', 'createdBy')).toEqual([
      `${id('be', 1)} ${id('a5', 1)}`,
      `${id('be', 1)} ${id('a5', 1)}`,
    ]);
    expect(await entries(trial, 'quarantine')).toEqual([`links ${LINK_3} ID_INVALID`]);
  });

  it('K-X11: keeps a recorder that is no GUID, and falls back to system as creator', async () => {
    const { trial, result } = await migrated({
      ...ONE_LINK,
      [TABLE.milestones]: [milestone(1, { createdBy: { S: 'import job' } })],
      [TABLE.actuals]: [
        actual(1, { recordedBy: { S: 'import job' } }),
        actual(2, { recordedBy: { S: '(A5000000-0000-4000-8000-000000000002)' } }),
      ],
    });
    expect(result.exit).toBe(0);
    expect(column(trial, TABLE.kpiData, 'id', 'recordedBy', 'createdBy')).toEqual([
      `${id('d1', 1)} import job import job`,
      `${id('d2', 1)} import job system`,
      `${id('d2', 2)} (A5000000-0000-4000-8000-000000000002) ${id('a5', 2)}`,
    ]);
    expect(await entries(trial, 'warning')).toEqual([
      `actuals ${id('d2', 1)} RECORDER_NOT_GUID`,
      `milestones ${id('d1', 1)} USER_NOT_GUID`,
    ]);
  });
});

describe('K-X12 create instead of restore', () => {
  it("K-X12, K-13, K-14: restores a link that today's rules would refuse, with its id and its audit fields", async () => {
    const { trial, result } = await migrated({
      ...COMPANY,
      [TABLE.links]: [
        {
          id: { S: '11000000-0000-4000-8000-000000000001' },
          tenantId: { S: '7e000000-0000-4000-8000-000000000001' },
          kpiId: { S: 'c1000000-0000-4000-8000-000000000001' },
          goalId: { S: '90000000-0000-4000-8000-000000000001' },
          thresholdPct: { N: '-3' },
          linkType: { S: '' },
          weight: { N: '250' },
          displayOrder: { N: '1.5' },
          isPrimary: { BOOL: true },
          createdBy: { S: 'a5000000-0000-4000-8000-000000000007' },
          createdAt: { S: '1999-12-31T23:59:59.9999999Z' },
          updatedBy: { S: 'a5000000-0000-4000-8000-000000000008' },
          updatedAt: { S: '1998-01-01T00:00:00Z' },
        },
      ],
    });
    expect(result.exit).toBe(0);
    expect(trial.store.rows(TABLE.kpiLinks).map(withSource)).toEqual([
      {
        id: { S: '11000000-0000-4000-8000-000000000001' },
        tenantId: { S: '7e000000-0000-4000-8000-000000000001' },
        kpiId: { S: 'c1000000-0000-4000-8000-000000000001' },
        personId: { S: 'be000000-0000-4000-8000-000000000001' },
        goalId: { S: '90000000-0000-4000-8000-000000000001' },
        thresholdPct: { N: '-3' },
        linkType: { S: '' },
        weight: { N: '250' },
        displayOrder: { N: '1.5' },
        isPrimary: { BOOL: true },
        createdBy: { S: 'a5000000-0000-4000-8000-000000000007' },
        createdAt: { S: '1999-12-31T23:59:59.9999999Z' },
        updatedBy: { S: 'a5000000-0000-4000-8000-000000000008' },
        updatedAt: { S: '1998-01-01T00:00:00Z' },
        _migration: 'purposepath-goal-kpi-links#11000000-0000-4000-8000-000000000001',
      },
    ]);
  });
});

describe('K-X13 times without a zone', () => {
  it('K-X13: takes them for UTC, keeps the year 1600, and sets the default date aside', async () => {
    const { trial } = await migrated({
      ...ONE_LINK,
      [TABLE.milestones]: [
        milestone(1, created('0001-01-01T00:00:00')),
        milestone(2, created('1600-02-29T12:00:00')),
      ],
      [TABLE.actuals]: [actual(1, { recordedAt: { S: '2024-07-01T23:59:59.1234567' } })],
    });
    expect(column(trial, TABLE.kpiData, 'id', 'recordedAt', 'createdAt')).toEqual([
      `${id('d1', 2)} 1600-02-29T12:00:00Z 1600-02-29T12:00:00Z`,
      `${id('d2', 1)} 2024-07-01T23:59:59.1234567Z 2024-07-01T23:59:59.1234567Z`,
    ]);
    expect(await entries(trial, 'quarantine')).toEqual([`milestones ${id('d1', 1)} DATE_INVALID`]);
  });
});

describe('K-X14 a time with an offset', () => {
  it('K-X14: is converted to UTC with all its digits', async () => {
    const { trial } = await migrated({
      ...ONE_LINK,
      [TABLE.actuals]: [actual(1, { recordedAt: { S: '2024-03-01T09:00:00.1234567+09:00' } })],
    });
    expect(column(trial, TABLE.kpiData, 'recordedAt', 'createdAt')).toEqual([
      '2024-03-01T00:00:00.1234567Z 2024-03-01T00:00:00.1234567Z',
    ]);
  });
});

describe('K-X15 a date without a time', () => {
  it('K-X15: stays the day that it was, for all three kinds', async () => {
    const { trial } = await migrated({
      ...ONE_LINK,
      [TABLE.milestones]: [milestone(1, { milestoneDate: { S: '2024-02-29' } })],
      [TABLE.actuals]: [actual(1, { measurementDate: { S: '2024-12-31' } })],
      [TABLE.readings]: [reading(1, { readingDate: { S: '2024-01-01' }, periodStart: { S: '2023-12-01' } })],
    });
    expect(column(trial, TABLE.kpiData, 'postDate', 'measuredPeriodStartDate')).toEqual([
      '2024-01-01 2023-12-01',
      '2024-02-29 -',
      '2024-12-31 -',
    ]);
  });
});

describe('K-X16 one id for records of three kinds', () => {
  const shared = { id: { S: id('ee', 1) } };
  const tables = {
    ...ONE_LINK,
    [TABLE.milestones]: [milestone(1, shared)],
    [TABLE.actuals]: [actual(1, shared)],
    [TABLE.readings]: [reading(1, shared)],
  };
  const rows = [`${SHARED_ACTUAL_ON_LINK_1} 20`, `${SHARED_READING_ON_LINK_1} 30`, `${id('ee', 1)} 10`];

  it('K-X16: leaves the id to the milestone, derives the others, and reports it', async () => {
    const { trial } = await migrated(tables);
    expect(column(trial, TABLE.kpiData, 'id', 'postValue')).toEqual(rows);
    expect(await entries(trial, 'warning')).toEqual([
      `actuals ${id('ee', 1)} ID_SHARED`,
      `readings ${id('ee', 1)} ID_SHARED`,
    ]);
  });

  it('K-X16: ends with the same rows whatever order the steps are run in', async () => {
    const trial = await new KpiTrial().put(tables);
    for (const step of ['links', 'readings', 'milestones', 'actuals']) {
      expect((await trial.run({ steps: [step] })).exit).toBe(0);
    }
    expect(column(trial, TABLE.kpiData, 'id', 'postValue')).toEqual(rows);
  });

  it('K-X16: derives the id although the milestone that holds it is set aside', async () => {
    const { trial } = await migrated({
      ...tables,
      [TABLE.milestones]: [milestone(1, { ...shared, milestoneDate: { S: 'soon' } })],
    });
    expect(column(trial, TABLE.kpiData, 'id')).toEqual([SHARED_ACTUAL_ON_LINK_1, SHARED_READING_ON_LINK_1]);
  });
});

describe('K-X17 one measurement as actual and as reading', () => {
  it('K-X17: keeps both and reports the second', async () => {
    const { trial, result } = await migrated({
      ...ONE_LINK,
      [TABLE.actuals]: [actual(1, { actualValue: { N: '88.50' }, sourceReferenceId: { S: 'erp-1' } })],
      [TABLE.readings]: [
        reading(1, { value: { N: '88.5' }, readingDate: { S: '2024-06-30' }, externalId: { S: 'erp-1' } }),
        reading(2, { value: { N: '88.5' }, readingDate: { S: '2024-06-30' }, externalId: { S: 'erp-2' } }),
      ],
    });
    expect(result.exit).toBe(0);
    expect(column(trial, TABLE.kpiData, 'id', 'postValue')).toEqual([
      `${id('d2', 1)} 88.5`,
      `${id('d3', 1)} 88.5`,
      `${id('d3', 2)} 88.5`,
    ]);
    expect(await entries(trial, 'warning')).toEqual([`readings ${id('d3', 1)} MEASUREMENT_REPEATED`]);
  });
});

describe('K-X18 a second run', () => {
  it('K-X18: changes nothing, and says so', async () => {
    const { trial } = await migrated({
      ...THREE_LINKS,
      [TABLE.milestones]: [milestone(1)],
      [TABLE.readings]: [reading(1)],
    });
    const before = [
      trial.store.rows(TABLE.kpiLinks),
      trial.store.rows(TABLE.kpiData),
      trial.store.rows(TABLE.people),
    ];
    const again = await trial.run();
    expect(outcomes(again)).toEqual({
      links: { unchanged: 3 },
      milestones: { unchanged: 1 },
      actuals: {},
      readings: { unchanged: 1 },
    });
    expect([
      trial.store.rows(TABLE.kpiLinks),
      trial.store.rows(TABLE.kpiData),
      trial.store.rows(TABLE.people),
    ]).toEqual(before);
  });

  it('K-X18: keeps a row that was edited since, as a conflict', async () => {
    const { trial } = await migrated({ ...ONE_LINK, [TABLE.milestones]: [milestone(1), milestone(2)] });
    const edited = changed(rowOf(trial, TABLE.kpiData, id('d1', 1)), { postValue: { N: '11' } });
    trial.store.load(TABLE.kpiData, [edited]);
    const again = await trial.run({ steps: ['milestones'] });
    expect([again.exit, outcomes(again)]).toEqual([1, { milestones: { conflict: 1, unchanged: 1 } }]);
    expect(rowOf(trial, TABLE.kpiData, id('d1', 1))).toEqual(edited);
    expect(await entries(trial, 'conflict')).toEqual([`milestones ${id('d1', 1)} CONFLICT`]);
  });
});

describe('K-X20 a query per record', () => {
  /** Requests of a first run by what they ask for. */
  async function requests(records: number): Promise<Record<string, number>> {
    const counts: Record<string, number> = {};
    const count = (name: string): void => void (counts[name] = (counts[name] ?? 0) + 1);
    const trial = await new KpiTrial(
      {},
      {
        store: (store) => {
          const reader: RecordReader = {
            scan: (table, options) => {
              count(`scan ${table}`);
              return store.scan(table, options);
            },
            positionBehind: (table, row) => store.positionBehind(table, row),
            get: (table, keys) => {
              count(`get ${table}`);
              return store.get(table, keys);
            },
          };
          return { reader, sink: store };
        },
      },
    ).put({
      ...THREE_LINKS,
      [TABLE.milestones]: Array.from({ length: records }, (_, at) => milestone(at + 1)),
    });
    expect((await trial.run()).steps[1]?.counters.rows).toBe(records * 3);
    return counts;
  }

  it('K-X20: looks links up in an index that is loaded once, so that requests do not grow with the records', async () => {
    const few = await requests(2);
    expect(await requests(60)).toEqual(few);
    expect(Object.keys(few).some((name) => name.startsWith('get'))).toBe(false);
  });
});

describe('K-X21 milestones before links', () => {
  it('K-X21: refuses to run them, writes nothing, and notes the refusal down', async () => {
    const trial = await new KpiTrial().put({ ...ONE_LINK, [TABLE.milestones]: [milestone(1)] });
    await expect(trial.run({ steps: ['milestones'] })).rejects.toMatchObject({
      code: 'STEP_PREREQUISITE',
      exit: 3,
    });
    expect(trial.store.rows(TABLE.kpiData)).toEqual([]);
    expect(await trial.journal.states('kpi')).toEqual([]);
    expect(await trial.journal.runs('kpi', 10)).toMatchObject([
      { status: 'refused', error: { code: 'STEP_PREREQUISITE' } },
    ]);
  });
});

describe('K-X23 data sources', () => {
  it('K-X23: writes Manual for none and carries an unknown one, and reports both', async () => {
    const { trial, result } = await migrated({
      ...ONE_LINK,
      [TABLE.actuals]: [
        changed(actual(1), { dataSource: undefined }),
        actual(2, { dataSource: { S: 'Rumour' } }),
        actual(3, { dataSource: { S: 'Calculated' } }),
      ],
      [TABLE.readings]: [changed(reading(1), { source: undefined })],
    });
    expect(result.exit).toBe(0);
    expect(column(trial, TABLE.kpiData, 'id', 'dataSource')).toEqual([
      `${id('d2', 1)} Manual`,
      `${id('d2', 2)} Rumour`,
      `${id('d2', 3)} Calculated`,
      `${id('d3', 1)} Manual`,
    ]);
    expect(await entries(trial, 'warning')).toEqual([
      `actuals ${id('d2', 1)} DATA_SOURCE_MISSING`,
      `actuals ${id('d2', 2)} DATA_SOURCE_UNKNOWN`,
      `readings ${id('d3', 1)} DATA_SOURCE_MISSING`,
    ]);
  });
});

describe('K-X24 values that look wrong', () => {
  it('K-X24: preserves them and warns', async () => {
    const label = 'x'.repeat(201);
    const { trial, result } = await migrated({
      ...ONE_LINK,
      [TABLE.milestones]: [milestone(1, { confidenceLevel: { N: '-1' }, label: { S: label } })],
      [TABLE.actuals]: [
        actual(1, {
          isManualOverride: { BOOL: false },
          originalValue: { N: '19' },
          overrideComment: { S: 'why' },
        }),
      ],
    });
    expect(result.exit).toBe(0);
    expect(column(trial, TABLE.kpiData, 'confidenceLevel', 'label')).toEqual(['- -', `-1 ${label}`]);
    expect(column(trial, TABLE.kpiData, 'isManualOverride', 'originalValue', 'overrideComment')).toEqual([
      'false - -',
      'false 19 why',
    ]);
    expect(await entries(trial, 'warning')).toEqual([
      `actuals ${id('d2', 1)} ORIGINAL_VALUE_WITHOUT_OVERRIDE`,
      `actuals ${id('d2', 1)} OVERRIDE_COMMENT_WITHOUT_OVERRIDE`,
      `milestones ${id('d1', 1)} CONFIDENCE_OUT_OF_RANGE`,
      `milestones ${id('d1', 1)} LABEL_TOO_LONG`,
    ]);
  });
});

describe('K-X25 update stamps of actuals', () => {
  it('K-X25: are carried where the source has them, and not made up where it has none', async () => {
    const { trial } = await migrated({
      ...ONE_LINK,
      [TABLE.actuals]: [
        actual(1),
        actual(2, { updatedBy: { S: id('a5', 2) }, updatedAt: { S: '2024-08-01T00:00:00Z' } }),
      ],
    });
    expect(column(trial, TABLE.kpiData, 'updatedBy', 'updatedAt')).toEqual([
      '- -',
      `${id('a5', 2)} 2024-08-01T00:00:00Z`,
    ]);
  });
});

describe('K-X26 two primary links', () => {
  it('K-X26: are reported, and the choice of the row that keeps the id is still total', async () => {
    const primary = { isPrimary: { BOOL: true } };
    const { trial, result } = await migrated({
      ...COMPANY,
      [TABLE.links]: [
        link(1, { ...primary, ...created('2023-01-01') }),
        link(2, { ...primary, ...created('2023-01-01'), goalId: { S: id('90', 2) } }),
      ],
      [TABLE.milestones]: [milestone(1)],
    });
    expect(result.exit).toBe(0);
    expect(column(trial, TABLE.kpiLinks, 'id', 'isPrimary')).toEqual([`${LINK_1} true`, `${LINK_2} true`]);
    expect(column(trial, TABLE.kpiData, 'id', 'kpiLinkId')).toEqual([
      `${M1_ON_LINK_2} ${LINK_2}`,
      `${id('d1', 1)} ${LINK_1}`,
    ]);
    expect(await entries(trial, 'warning')).toEqual([
      `links ${LINK_1} PERSON_LINKED_TWICE`,
      `links ${LINK_1} PRIMARY_REPEATED`,
      `links ${LINK_2} PERSON_LINKED_TWICE`,
      `links ${LINK_2} PRIMARY_REPEATED`,
    ]);
  });
});

describe('K-X27 readings', () => {
  it('K-X27, K-04: become measured values from names of their own', async () => {
    const { trial } = await migrated({
      ...ONE_LINK,
      [TABLE.readings]: [
        {
          id: { S: 'd3000000-0000-4000-8000-000000000001' },
          tenantId: { S: '7e000000-0000-4000-8000-000000000001' },
          kpiId: { S: 'c1000000-0000-4000-8000-000000000001' },
          value: { N: '42.125' },
          readingDate: { S: '2024-05-31' },
          periodStart: { S: '2024-05-01' },
          notes: { S: 'Meter swapped' },
          source: { S: 'Automated' },
          externalId: { S: 'meter-9' },
          createdBy: { S: '{A5000000-0000-4000-8000-000000000002}' },
          createdAt: { S: '2024-06-01T00:10:00+02:00' },
        },
      ],
    });
    expect(trial.store.rows(TABLE.kpiData).map(withSource)).toEqual([
      {
        id: { S: 'd3000000-0000-4000-8000-000000000001' },
        tenantId: { S: '7e000000-0000-4000-8000-000000000001' },
        kpiLinkId: { S: '11000000-0000-4000-8000-000000000001' },
        dataCategory: { S: 'Actual' },
        actualSubtype: { S: 'Measured' },
        postValue: { N: '42.125' },
        postDate: { S: '2024-05-31' },
        measuredPeriodStartDate: { S: '2024-05-01' },
        rationale: { S: 'Meter swapped' },
        isManualOverride: { BOOL: false },
        dataSource: { S: 'Automated' },
        sourceReferenceId: { S: 'meter-9' },
        triggersReplan: { BOOL: false },
        replanThresholdExceeded: { BOOL: false },
        recordedBy: { S: '{A5000000-0000-4000-8000-000000000002}' },
        recordedAt: { S: '2024-05-31T22:10:00Z' },
        createdBy: { S: 'a5000000-0000-4000-8000-000000000002' },
        createdAt: { S: '2024-05-31T22:10:00Z' },
        _migration: 'purposepath-kpi-readings#d3000000-0000-4000-8000-000000000001',
      },
    ]);
  });
});

describe('K-X28 GUIDs in several spellings', () => {
  it('K-X28: are one id in look-ups, in rows and in validation, while the stamp keeps the spelling', async () => {
    const { trial, result } = await migrated({
      [TABLE.kpis]: [
        kpi(1, {
          id: { S: 'C1000000-0000-4000-8000-000000000001' },
          ...ofTenant('{7E000000-0000-4000-8000-000000000001}'),
        }),
      ],
      [TABLE.people]: [person(1, { linkedUserId: { S: 'A5000000000040008000000000000001' } })],
      [TABLE.links]: [link(1, { id: { S: '11000000000040008000000000000001' } })],
      [TABLE.milestones]: [
        milestone(1, {
          id: { S: '(D1000000-0000-4000-8000-000000000001)' },
          kpiId: { S: '{c1000000-0000-4000-8000-000000000001}' },
        }),
      ],
    });
    expect(result.exit).toBe(0);
    expect(column(trial, TABLE.kpiLinks, 'id', 'kpiId', 'personId')).toEqual([
      `${LINK_1} ${id('c1', 1)} ${id('be', 1)}`,
    ]);
    expect(column(trial, TABLE.kpiData, 'id', 'kpiLinkId', 'tenantId')).toEqual([
      `${id('d1', 1)} ${LINK_1} ${TENANT_1}`,
    ]);
    expect(trial.store.rows(TABLE.kpiData).map((row) => withSource(row)['_migration'])).toEqual([
      'purposepath-kpi-milestones#(D1000000-0000-4000-8000-000000000001)',
    ]);
    expect((await trial.validate()).passed).toBe(true);
  });

  it('K-X28: two spellings in one table are one record, the canonical one', async () => {
    const { trial } = await migrated({
      ...COMPANY,
      [TABLE.links]: [link(1), link(1, { id: { S: `{${LINK_1}}` }, weight: { N: '1' } })],
    });
    expect(column(trial, TABLE.kpiLinks, 'id', 'weight')).toEqual([`${LINK_1} -`]);
    expect(await entries(trial, 'quarantine')).toEqual([`links {${LINK_1}} ID_DUPLICATE`]);
  });
});

describe('K-X29 a link that turns up later but was created earlier', () => {
  const first = { ...COMPANY, [TABLE.links]: [link(2), link(3)], [TABLE.milestones]: [milestone(1)] };
  const pinned = [`${M1_ON_LINK_1} ${LINK_1}`, `${M1_ON_LINK_3} ${LINK_3}`, `${id('d1', 1)} ${LINK_2}`];

  it('K-X29: leaves the kept row to its link and gives the new link a derived id; nothing else changes', async () => {
    const { trial } = await migrated(first);
    const before = trial.store.rows(TABLE.kpiData);
    await trial.put({ [TABLE.links]: [link(1)] });
    const again = await trial.run();
    expect([again.exit, outcomes(again)]).toEqual([
      0,
      { links: { created: 1, unchanged: 2 }, milestones: { updated: 1 }, actuals: {}, readings: {} },
    ]);
    expect(column(trial, TABLE.kpiData, 'id', 'kpiLinkId')).toEqual(pinned);
    expect(trial.store.rows(TABLE.kpiData)).toEqual(expect.arrayContaining(before));
    expect(outcomes(await trial.run())).toEqual({
      links: { unchanged: 3 },
      milestones: { unchanged: 1 },
      actuals: {},
      readings: {},
    });
  });

  it('K-X29: validation expects the rows around the pinned choice', async () => {
    const { trial } = await migrated(first);
    await trial.put({ [TABLE.links]: [link(1)] });
    await trial.run({ steps: ['links'] });
    expect(told((await trial.validate()).findings)).toEqual([`milestones missing ${M1_ON_LINK_1}`]);
    expect(told((await trial.validate({ sample: 10 })).findings)).toEqual([
      `milestones missing ${M1_ON_LINK_1}`,
    ]);
    await trial.run();
    expect((await trial.validate()).findings).toEqual([]);
  });

  it('K-X29: the choice stands although the pinned row was edited, its link included', async () => {
    const { trial } = await migrated(first);
    await trial.put({ [TABLE.links]: [link(1)] });
    const edited = changed(rowOf(trial, TABLE.kpiData, id('d1', 1)), {
      label: { S: 'mine' },
      kpiLinkId: { S: LINK_3 },
    });
    trial.store.load(TABLE.kpiData, [edited]);
    const again = await trial.run();
    expect(outcomes(again)).toMatchObject({ milestones: { conflict: 1 } });
    expect(rowOf(trial, TABLE.kpiData, id('d1', 1))).toEqual(edited);
    expect(column(trial, TABLE.kpiData, 'id', 'kpiLinkId')).toEqual(
      [`${M1_ON_LINK_1} ${LINK_1}`, `${M1_ON_LINK_3} ${LINK_3}`, `${id('d1', 1)} ${LINK_3}`].sort(),
    );
    expect(again.steps.map(({ findings }) => findings)).toEqual([[], [], [], []]);
  });

  it('K-X29: a source that changes meanwhile updates the pinned row in its place', async () => {
    const { trial } = await migrated(first);
    await trial.put({ [TABLE.links]: [link(1)] });
    trial.store.load(TABLE.milestones, [milestone(1, { targetValue: { N: '12' } })]);
    expect(outcomes(await trial.run())).toMatchObject({ milestones: { updated: 1 } });
    expect(column(trial, TABLE.kpiData, 'id', 'kpiLinkId', 'postValue')).toEqual(
      pinned.map((line) => `${line} 12`),
    );
  });
});

describe('K-X30 the tenant of data rows', () => {
  it('K-X30: is stored with every row, GUID or not', async () => {
    const { trial } = await migrated({
      [TABLE.kpis]: [kpi(1), kpi(2, ofTenant('Tenant Seven'))],
      [TABLE.people]: [
        person(1),
        person(2, { ...ofTenant('Tenant Seven'), linkedUserId: { S: id('a5', 1) } }),
      ],
      [TABLE.links]: [link(1), link(2, { ...onKpi(2), ...ofTenant('Tenant Seven') })],
      [TABLE.milestones]: [milestone(1)],
      [TABLE.readings]: [reading(1, { ...onKpi(2), ...ofTenant('Tenant Seven') })],
    });
    expect(column(trial, TABLE.kpiData, 'id', 'tenantId')).toEqual([
      `${id('d1', 1)} ${TENANT_1}`,
      `${id('d3', 1)} Tenant Seven`,
    ]);
  });
});
