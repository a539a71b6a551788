import type { StoredItem } from '../../../src/domain/storage/stored-value.js';
import type { Finding } from '../../../src/runner/application.js';
import type { KpiTrial } from '../../support/engine/kpi-trial.js';
import { migrated, restorer, rowOf, told } from '../../support/engine/observed.js';
import {
  actual,
  changed,
  id,
  kpi,
  link,
  milestone,
  ofTenant,
  onKpi,
  person,
  reading,
  source,
  TENANT_2,
} from '../../support/engine/small-rows.js';
import { TABLE } from '../../support/kpi/tables.js';

// Computed with Python's hashlib and struct from the published recipe.
const M1_ON_LINK_2 = '8dd1b5e0-e2a6-5bc8-96d3-6c3ffcfb4391';
const M1_ON_LINK_3 = '385e5858-8f3d-507a-9136-63f8cdd438b8';

/**
 * KPI 1 has three links and all kinds of data, KPI 2 one link and some. The links 5 to 10 have no data, so that what
 * is done to them shows in no other step: KPI 3 and 4 are owned by users who have only placeholders.
 */
const TABLES = {
  [TABLE.kpis]: [
    kpi(1),
    kpi(2),
    kpi(3, { ownerId: { S: id('a5', 3) } }),
    kpi(4, { ownerId: { S: id('a5', 4) } }),
    kpi(5),
  ],
  [TABLE.people]: [person(1)],
  [TABLE.links]: [
    ...[link(1), link(2), link(3), link(4, onKpi(2)), link(5, onKpi(3)), link(6, onKpi(4))],
    ...[
      link(7, { ...onKpi(5), weight: { N: '7' } }),
      link(8, { ...onKpi(5), weight: { N: '8' } }),
      link(9, onKpi(5)),
      link(10, onKpi(5)),
    ],
  ],
  [TABLE.milestones]: [milestone(1), milestone(2), milestone(3, onKpi(2)), milestone(4, onKpi(2))],
  [TABLE.actuals]: [actual(1), actual(2, onKpi(2))],
  [TABLE.readings]: [reading(1), reading(2, onKpi(2))],
};
const WRITTEN = [TABLE.kpiLinks, TABLE.kpiData, TABLE.people];

let trial: KpiTrial;
let repair: () => void;

function edit(table: string, key: string, changes: Parameters<typeof changed>[1]): void {
  trial.store.load(table, [changed(rowOf(trial, table, key), changes)]);
}

function copy(table: string, key: string, copyKey: string, changes: StoredItem = {}): void {
  trial.store.load(table, [changed(rowOf(trial, table, key), { id: { S: copyKey }, ...changes })]);
}

function remove(table: string, key: string): void {
  if (!trial.store.erase(table, { id: { S: key } })) throw new Error(`there was no ${key}`);
}

/** Two rows exchange their ids and keep all else, their stamps too. */
function swap(table: string, one: string, other: string): void {
  const [first, second] = [rowOf(trial, table, one), rowOf(trial, table, other)];
  trial.store.load(table, [changed(first, { id: { S: other } }), changed(second, { id: { S: one } })]);
}

const GUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** What validation finds; an `id` finding with all ids that it names, because either row may be the one it is told for. */
async function findings(): Promise<string[]> {
  const { findings: all } = await trial.validate();
  const ids = ({ detail }: Finding): string => (detail.match(GUID) ?? []).sort().join(' ');
  const moved = all
    .filter(({ kind }) => kind === 'id')
    .map((finding) => `${finding.step} id ${ids(finding)}`);
  return [...moved, ...told(all.filter(({ kind }) => kind !== 'id'))].sort();
}

/** A stamp of a record that is not there. */
function stampOfNobody(kind: Parameters<typeof source>[0]): StoredItem {
  const parts = {
    source: { S: source(kind, id('ff', 1)) },
    run: { S: '20261121T000000Z-000000' },
    digest: { S: 'f'.repeat(64) },
  };
  return { _migration: { M: parts } };
}

interface Planted {
  readonly name: string;
  readonly plant: () => void;
  /** what validation has to find, and nothing else */
  readonly finds: string;
}

const FIVE: readonly Planted[] = [
  {
    name: 'a data row missing',
    plant: () => remove(TABLE.kpiData, id('d3', 2)),
    finds: `readings missing ${id('d3', 2)}`,
  },
  {
    name: 'a data row extra',
    plant: () => copy(TABLE.kpiData, id('d1', 1), 'e0000000-0000-4000-8000-000000000001'),
    finds: 'milestones extra e0000000-0000-4000-8000-000000000001',
  },
  {
    name: 'a field of a data row changed',
    plant: () => edit(TABLE.kpiData, id('d2', 1), { postValue: { N: '20.000001' } }),
    finds: `actuals different ${id('d2', 1)} postValue`,
  },
  {
    name: 'an orphaned data row',
    plant: () =>
      copy(TABLE.kpiData, id('d2', 2), 'e0000000-0000-4000-8000-000000000002', {
        kpiLinkId: { S: id('11', 99) },
      }),
    finds: 'actuals orphan e0000000-0000-4000-8000-000000000002 kpiLinkId',
  },
  {
    name: 'two data rows with their ids swapped',
    plant: () => swap(TABLE.kpiData, id('d1', 2), id('d1', 3)),
    finds: `milestones id ${id('d1', 2)} ${id('d1', 3)}`,
  },
];

const OTHERS: readonly Planted[] = [
  {
    name: 'a link missing',
    plant: () => remove(TABLE.kpiLinks, id('11', 10)),
    finds: `links missing ${id('11', 10)}`,
  },
  {
    name: 'a link extra',
    plant: () => copy(TABLE.kpiLinks, id('11', 9), id('11', 90)),
    finds: `links extra ${id('11', 90)}`,
  },
  {
    name: 'a link of a record that is not there',
    plant: () => copy(TABLE.kpiLinks, id('11', 6), id('11', 91), stampOfNobody('link')),
    finds: `links extra ${id('11', 91)}`,
  },
  {
    name: 'a field of a link lost',
    plant: () => edit(TABLE.kpiLinks, id('11', 6), { goalId: { S: id('90', 9) } }),
    finds: `links different ${id('11', 6)} goalId`,
  },
  {
    name: 'a link without a KPI',
    plant: () => copy(TABLE.kpiLinks, id('11', 6), id('11', 92), onKpi(99)),
    finds: `links orphan ${id('11', 92)} kpiId`,
  },
  {
    name: 'two links with their ids swapped',
    plant: () => swap(TABLE.kpiLinks, id('11', 7), id('11', 8)),
    finds: `links id ${id('11', 7)} ${id('11', 8)}`,
  },
  {
    name: 'a placeholder missing',
    plant: () => remove(TABLE.people, id('a5', 3)),
    finds: `links missing ${id('a5', 3)}`,
  },
  {
    name: 'a placeholder of a record that is not there',
    plant: () =>
      copy(TABLE.people, id('a5', 4), id('a5', 90), {
        linkedUserId: { S: id('a5', 90) },
        ...stampOfNobody('link'),
      }),
    finds: `links extra ${id('a5', 90)}`,
  },
  {
    name: 'a field of a placeholder changed',
    plant: () => edit(TABLE.people, id('a5', 4), { displayName: { S: 'Somebody' } }),
    finds: `links different ${id('a5', 4)} displayName`,
  },
  {
    name: 'a stamp changed',
    plant: () => {
      const { M: stamp } = rowOf(trial, TABLE.kpiData, id('d1', 4))['_migration'] as { M: StoredItem };
      edit(TABLE.kpiData, id('d1', 4), { _migration: { M: { ...stamp, digest: { S: '0'.repeat(64) } } } });
    },
    finds: `milestones different ${id('d1', 4)} _migration`,
  },
  {
    name: 'rows of one record (fan-out) with their derived ids swapped',
    plant: () => swap(TABLE.kpiData, M1_ON_LINK_2, M1_ON_LINK_3),
    finds: `milestones id ${M1_ON_LINK_3} ${M1_ON_LINK_2}`,
  },
];

const ALL = [...FIVE, ...OTHERS];

function finds(planted: readonly Planted[]): string[] {
  return planted.map((one) => one.finds).sort();
}

beforeAll(async () => {
  const first = await migrated(TABLES);
  expect(first.result.exit).toBe(0);
  trial = first.trial;
  repair = restorer(trial, WRITTEN);
});
afterEach(() => repair());

describe('planted defects', () => {
  it('are none in a data set as the run left it', async () => {
    const result = await trial.validate();
    expect([result.passed, result.findings, result.warnings]).toEqual([true, [], []]);
    expect(result.checks.every(({ passed }) => passed)).toBe(true);
  });

  it('finds five of five kinds at once: missing, extra, different, orphan and a swap, one finding each', async () => {
    for (const { plant } of FIVE) plant();
    const { passed, findings: all, checks } = await trial.validate();
    expect(await findings()).toEqual(finds(FIVE));
    expect(all).toHaveLength(5);
    expect(passed).toBe(false);
    expect(
      checks.filter((check) => !check.passed).map(({ name, expected, found }) => [name, expected, found]),
    ).toEqual([
      ['milestones: rows of this kind of record', 8, 9],
      ['milestones: no row extra', 0, 1],
      ['milestones: ids preserved', 0, 1],
      ['actuals: rows of this kind of record', 4, 5],
      ['actuals: every field equal', 0, 1],
      ['actuals: no orphans', 0, 1],
      ['readings: every source record accounted for', 2, 1],
      ['readings: rows of this kind of record', 4, 3],
      ['readings: no row missing', 0, 1],
    ]);
    const swapped = all.find(({ kind }: Finding) => kind === 'id');
    expect(swapped?.detail).toBe(`the rows ${id('d1', 2)} and ${id('d1', 3)} have each other's ids`);
  });

  it.each(ALL)('finds $name', async ({ plant, finds: expected }) => {
    plant();
    expect(await findings()).toEqual([expected]);
  });

  it('finds each pair of them', async () => {
    const wrong: unknown[] = [];
    for (const [at, one] of ALL.entries()) {
      for (const other of ALL.slice(at + 1)) {
        one.plant();
        other.plant();
        const found = await findings();
        repair();
        if (found.join('\n') !== finds([one, other]).join('\n'))
          wrong.push({ pair: [one.name, other.name], found });
      }
    }
    expect(wrong).toEqual([]);
  });

  it('finds the kept row of a record and a derived one swapped as one defect', async () => {
    swap(TABLE.kpiData, id('d1', 1), M1_ON_LINK_2);
    expect(await findings()).toEqual([`milestones id ${M1_ON_LINK_2} ${id('d1', 1)}`]);
  });

  it('finds a milestone and an actual with their ids swapped as one defect, told by the first of the steps', async () => {
    swap(TABLE.kpiData, id('d1', 1), id('d2', 1));
    expect(await findings()).toEqual([`milestones id ${id('d1', 1)} ${id('d2', 1)}`]);
  });

  it('finds a copy of a row extra although the row itself was changed', async () => {
    copy(TABLE.kpiLinks, id('11', 6), id('11', 90));
    edit(TABLE.kpiLinks, id('11', 6), { goalId: { S: id('90', 9) } });
    expect(await findings()).toEqual([
      `links different ${id('11', 6)} goalId`,
      `links extra ${id('11', 90)}`,
    ]);
  });

  it('finds a row that stands under another id as one defect', async () => {
    edit(TABLE.kpiData, id('d1', 4), { id: { S: id('d1', 44) } });
    remove(TABLE.kpiData, id('d1', 4));
    expect(await findings()).toEqual([`milestones id ${id('d1', 4)} ${id('d1', 44)}`]);
  });

  it('finds two placeholders with their ids swapped, and the links that now point at the wrong person', async () => {
    swap(TABLE.people, id('a5', 3), id('a5', 4));
    expect(await findings()).toEqual([
      `links different ${id('11', 5)} personId`,
      `links different ${id('11', 6)} personId`,
      `links different ${id('a5', 3)} _migration`,
      `links different ${id('a5', 4)} _migration`,
    ]);
  });

  it.each([
    [
      'a swap of the ids of links of two KPIs',
      () => swap(TABLE.kpiLinks, id('11', 1), id('11', 4)),
      [`id ${id('11', 1)} ${id('11', 4)}`],
    ],
    [
      'a link that was moved to another KPI',
      () => edit(TABLE.kpiLinks, id('11', 4), onKpi(1)),
      [`different ${id('11', 4)} kpiId`],
    ],
    [
      'a link that was moved to another tenant',
      () => edit(TABLE.kpiLinks, id('11', 4), { tenantId: { S: TENANT_2 } }),
      [`different ${id('11', 4)} tenantId`],
    ],
    [
      'a later creation time of the link that keeps the ids',
      () => edit(TABLE.kpiLinks, id('11', 1), { createdAt: { S: '2030-01-01' } }),
      [`different ${id('11', 1)} createdAt`],
    ],
    [
      'a copy of a link whose KPI has data',
      () => copy(TABLE.kpiLinks, id('11', 4), id('11', 94)),
      [`extra ${id('11', 94)}`],
    ],
  ])('tells %s once, and not again for all the data that hangs on it', async (_, plant, expected) => {
    plant();
    expect((await findings()).filter((line) => line.startsWith('links'))).toEqual(
      expected.map((line) => `links ${line}`),
    );
    expect((await findings()).filter((line) => !line.startsWith('links'))).toEqual([]);
  });

  it.each([
    ['a link', id('11', 2)],
    ['a link whose rows keep the legacy ids', id('11', 1)],
  ])('finds %s that was deleted once, and not again for the data that hung on it', async (_, key) => {
    remove(TABLE.kpiLinks, key);
    expect(await findings()).toEqual([`links missing ${key}`]);
  });

  it('K-26: finds the data of a deleted link orphaned where nobody looks at the links', async () => {
    remove(TABLE.kpiLinks, id('11', 1));
    const steps = ['milestones', 'actuals', 'readings'];
    const { findings: all } = await trial.validate({ steps });
    expect(told(all).sort()).toEqual(
      [
        ...[id('d1', 1), id('d1', 2)].map((key) => `milestones orphan ${key} kpiLinkId`),
        `actuals orphan ${id('d2', 1)} kpiLinkId`,
        `readings orphan ${id('d3', 1)} kpiLinkId`,
      ].sort(),
    );
  });

  it('A-10: lets the application take a placeholder over: a run keeps it and goes on', async () => {
    edit(TABLE.people, id('a5', 3), { displayName: { S: 'Ann' } });
    const result = await trial.run();
    expect(result.steps.map(({ step, status }) => `${step} ${status}`)).toEqual(
      ['links', 'milestones', 'actuals', 'readings'].map((step) => `${step} validated`),
    );
    expect(rowOf(trial, TABLE.people, id('a5', 3))['displayName']).toEqual({ S: 'Ann' });
  });

  it('does not let it give a placeholder to another user', async () => {
    edit(TABLE.people, id('a5', 3), { linkedUserId: { S: id('a5', 9) } });
    const result = await trial.run();
    expect(result.steps[0]?.status).toBe('failed');
  });

  it('K-X07: finds each link of a person who was deleted, once', async () => {
    remove(TABLE.people, id('be', 1));
    expect(await findings()).toEqual(
      [1, 2, 3, 4, 7, 8, 9, 10].map((n) => `links orphan ${id('11', n)} personId`),
    );
  });

  it('K-X08: finds a placeholder that was deleted together with the only link that needs it', async () => {
    remove(TABLE.people, id('a5', 3));
    remove(TABLE.kpiLinks, id('11', 5));
    expect(await findings()).toEqual([`links missing ${id('11', 5)}`, `links missing ${id('a5', 3)}`]);
  });

  it('finds a stamped row whose stamp names a record of another kind than the table holds', async () => {
    copy(TABLE.kpiLinks, id('11', 6), id('11', 93), stampOfNobody('milestone'));
    expect(await findings()).toHaveLength(1);
  });

  it('finds an attribute named __proto__ that somebody added to a row', async () => {
    const row = rowOf(trial, TABLE.kpiData, id('d1', 1));
    trial.store.load(TABLE.kpiData, [
      Object.fromEntries([...Object.entries(row), ['__proto__', { S: 'x' }]]),
    ]);
    expect(await findings()).toEqual([`milestones different ${id('d1', 1)} __proto__`]);
  });

  it('names the field that the repository cannot load', async () => {
    edit(TABLE.kpiData, id('d1', 4), { isManualOverride: { S: 'no' } });
    const { findings: all } = await trial.validate();
    expect(told(all)).toEqual([`milestones different ${id('d1', 4)} isManualOverride`]);
    expect(all[0]?.detail).toBe("the repository can't load the row: isManualOverride");
  });
});

describe("rows of the application's own", () => {
  it('never fail a validation: data rows, orphans, links, persons, rows under our keys', async () => {
    const own = { _migration: undefined };
    const plain = (table: string, key: string, changes: Parameters<typeof changed>[1]): void =>
      trial.store.load(table, [changed(rowOf(trial, table, key), { ...own, ...changes })]);
    plain(TABLE.kpiData, id('d1', 1), { id: { S: 'own-1' } });
    plain(TABLE.kpiData, id('d1', 1), { id: { S: 'own-2' }, kpiLinkId: { S: id('11', 99) } });
    plain(TABLE.kpiData, id('d1', 4), { postValue: { N: '77' } });
    plain(TABLE.kpiData, id('d2', 2), { id: { S: 'own-3' }, isManualOverride: { S: 'no' } });
    plain(TABLE.kpiLinks, id('11', 6), {
      id: { S: 'own-4' },
      kpiId: { S: 'nowhere' },
      ...ofTenant(TENANT_2),
    });
    trial.store.load(TABLE.people, [person(9)]);
    const result = await trial.validate();
    expect([result.passed, result.findings]).toEqual([true, []]);
    expect(result.warnings).toEqual([
      "links: 1 rows of the application's own in the target tables",
      expect.stringContaining('1 records meet rows of the application'),
      ...['milestones', 'actuals', 'readings'].map(
        (step) => `${step}: 4 rows of the application's own in the target tables`,
      ),
    ]);
  });
});

describe('after a repair', () => {
  const standing = async (): Promise<unknown> => {
    const { plans } = await trial.application.status({ plan: 'kpi' });
    return plans[0]?.steps.map(({ step, status }) => `${step} ${status}`);
  };

  it('validation is clean again, and status goes by it', async () => {
    for (const { plant } of FIVE) plant();
    await trial.validate();
    expect(await standing()).toEqual([
      'links validated',
      'milestones failed',
      'actuals failed',
      'readings failed',
    ]);
    repair();
    expect((await trial.validate()).passed).toBe(true);
    expect(await standing()).toEqual([
      'links validated',
      'milestones validated',
      'actuals validated',
      'readings validated',
    ]);
  });

  it('a failed links step keeps the others from running, until a clean validation', async () => {
    remove(TABLE.kpiLinks, id('11', 5));
    await trial.validate({ steps: ['links'] });
    await expect(trial.run({ steps: ['readings'] })).rejects.toMatchObject({
      code: 'STEP_PREREQUISITE',
      exit: 3,
    });
    repair();
    await trial.validate({ steps: ['links'] });
    expect((await trial.run({ steps: ['readings'] })).exit).toBe(0);
  });

  it('a sample neither clears a failure nor makes one', async () => {
    remove(TABLE.kpiLinks, id('11', 5));
    await trial.validate({ steps: ['links'], sample: 100 });
    expect(await standing()).toContain('links validated');
    await trial.validate({ steps: ['links'] });
    repair();
    await trial.validate({ steps: ['links'], sample: 100 });
    expect(await standing()).toContain('links failed');
    await trial.validate();
  });

  it('what a run can repair, it repairs: missing rows and links come back', async () => {
    remove(TABLE.kpiLinks, id('11', 5));
    remove(TABLE.people, id('a5', 3));
    remove(TABLE.kpiData, M1_ON_LINK_2);
    expect((await trial.run()).exit).toBe(0);
    expect((await trial.validate()).findings).toEqual([]);
  });
});
