import fc from 'fast-check';
import type { StoredItem } from '../../../src/domain/storage/stored-value.js';
import { textOf } from '../../../src/domain/storage/stored-value.js';
import { KpiTrial, kpiPlanInMemory } from '../../support/engine/kpi-trial.js';
import { restorer } from '../../support/engine/observed.js';
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
  TENANT_2,
} from '../../support/engine/small-rows.js';
import { verifiedStepByStep } from '../../support/engine/step-by-step.js';
import { TABLE } from '../../support/kpi/tables.js';

const RUNS = Number(process.env['WAYBILL_PROPERTY_RUNS'] ?? 150);

/** One segment: rows come in one order, so that two verifications can tell a swap by the same one of its rows. */
const SEGMENTS = 1;

const TABLES = {
  [TABLE.kpis]: [kpi(1), kpi(2), kpi(3, { ownerId: { S: id('a5', 3) } })],
  [TABLE.people]: [person(1)],
  [TABLE.links]: [link(1), link(2), link(3), link(4, onKpi(2)), link(5, onKpi(3)), link(6, onKpi(3))],
  [TABLE.milestones]: [milestone(1), milestone(2), milestone(3, onKpi(2)), milestone(4, onKpi(3))],
  [TABLE.actuals]: [actual(1), actual(2, onKpi(2)), { ...milestoneTwin(), ...onKpi(1) }],
  [TABLE.readings]: [reading(1), reading(2, onKpi(2)), reading(3, onKpi(3))],
};

/** An actual with the id of a milestone: its rows get derived ids (K-X16). */
function milestoneTwin(): StoredItem {
  return changed(actual(9), { id: { S: id('d1', 2) } });
}

const WRITTEN = [TABLE.kpiLinks, TABLE.kpiData, TABLE.people];
const LEGACY = [TABLE.links, TABLE.milestones, TABLE.actuals, TABLE.readings, TABLE.kpis];
const EVERYTHING = [...WRITTEN, ...LEGACY];

/** What somebody does to a row of a table: to the one at a place, and maybe with another one. */
interface Damage {
  readonly table: string;
  readonly kind: 'remove' | 'copy' | 'swap' | 'unstamp' | keyof typeof EDITS;
  readonly place: number;
  readonly other: number;
}

const EDITS = {
  otherKpi: onKpi(2),
  noKpi: onKpi(77),
  otherTenant: ofTenant(TENANT_2),
  older: created('2001-01-01T00:00:00Z'),
  newer: created('2031-01-01T00:00:00Z'),
  otherLink: { kpiLinkId: { S: id('11', 4) } },
  noLink: { kpiLinkId: { S: id('11', 99) } },
  otherPerson: { personId: { S: id('a5', 3) } },
  value: { postValue: { N: '20.000001' }, targetValue: { N: '3' }, actualValue: { N: '4' } },
  unreadable: { weight: { S: 'heavy' }, postValue: { S: 'many' }, milestoneDate: { N: '1' } },
} as const satisfies Record<string, StoredItem>;

const KINDS = [
  'remove',
  'copy',
  'swap',
  'unstamp',
  ...(Object.keys(EDITS) as (keyof typeof EDITS)[]),
] as const;

function damages(): fc.Arbitrary<Damage[]> {
  const place = fc.integer({ min: 0, max: 40 });
  const table = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...WRITTEN) }, fc.constantFrom(...LEGACY));
  const one = fc.record({ table, kind: fc.constantFrom(...KINDS), place, other: place });
  return fc.array(one, { minLength: 1, maxLength: 6 });
}

function apply(trial: KpiTrial, { table, kind, place, other }: Damage): void {
  const rows = trial.store.rows(table);
  const [row, second] = [rows[place % rows.length], rows[other % rows.length]];
  if (row === undefined || second === undefined) return;
  const [one, two] = [textOf(row['id']) ?? '', textOf(second['id']) ?? ''];
  if (kind === 'remove') trial.store.erase(table, { id: { S: one } });
  else if (kind === 'copy') trial.store.load(table, [changed(row, { id: { S: id('ee', other) } })]);
  else if (kind === 'unstamp') trial.store.load(table, [changed(row, { _migration: undefined })]);
  else if (kind !== 'swap') trial.store.load(table, [changed(row, { ...EDITS[kind], id: row['id'] })]);
  else if (one !== two)
    trial.store.load(table, [changed(row, { id: { S: two } }), changed(second, { id: { S: one } })]);
}

describe('steps that are verified together', () => {
  let trial: KpiTrial;
  let repair: () => void;

  beforeAll(async () => {
    trial = await new KpiTrial({ segments: SEGMENTS }).put(TABLES);
    await trial.run();
    repair = restorer(trial, EVERYTHING);
  });

  it('come to the checks, findings and warnings of each step on its own, whatever the damage', async () => {
    await fc.assert(
      fc.asyncProperty(damages(), async (list) => {
        repair();
        for (const damage of list) apply(trial, damage);
        const alone = await verifiedStepByStep(trial, kpiPlanInMemory(), SEGMENTS);
        const { checks, findings, warnings } = await trial.validate();
        expect(checks).toEqual(alone.flatMap((result) => result.checks));
        expect(warnings).toEqual(alone.flatMap((result) => result.warnings));
        expect(findings.filter(({ kind }) => kind !== 'id')).toEqual(
          alone.flatMap((result) => result.findings).filter(({ kind }) => kind !== 'id'),
        );
      }),
      { numRuns: RUNS },
    );
  }, 120_000);
});
