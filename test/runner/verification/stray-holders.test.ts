import { told } from '../../support/engine/observed.js';
import { KpiTrial } from '../../support/engine/kpi-trial.js';
import { actual, id, kpi, link, milestone, person } from '../../support/engine/small-rows.js';
import { TABLE } from '../../support/kpi/tables.js';

const FOREIGN = {
  id: { S: id('d1', 1) },
  dataCategory: { S: 'Target' },
  _migration: { M: { source: { S: 'nobodys-table#7' }, run: { S: 'r' }, digest: { S: 'd' } } },
};

/** The key of the first milestone's row is taken by a row whose stamp names a table that no step knows. */
async function held(): Promise<KpiTrial> {
  const trial = await new KpiTrial().put({
    [TABLE.kpis]: [kpi(1)],
    [TABLE.people]: [person(1)],
    [TABLE.links]: [link(1)],
    [TABLE.milestones]: [milestone(1), milestone(2)],
    [TABLE.actuals]: [actual(1)],
  });
  trial.store.load(TABLE.kpiData, [FOREIGN]);
  return trial;
}

describe('a row with a stamp of nobody, under the key of a record', () => {
  it('is that record’s conflict, which fails no check and stops no later step', async () => {
    const trial = await held();

    const { steps } = await trial.run();

    const [, milestones, actuals] = steps;
    expect(milestones?.counters).toMatchObject({ created: 1, conflict: 1 });
    expect(milestones?.checks.filter(({ passed }) => !passed)).toEqual([]);
    expect(actuals?.counters).toMatchObject({ read: 1, created: 1 });
    const { passed, findings } = await trial.validate();
    expect([passed, told(findings)]).toEqual([true, []]);
  });

  it('fails the checks with a finding where no run has reported it', async () => {
    const trial = await held();
    trial.store.erase(TABLE.kpiData, { id: FOREIGN.id });
    await trial.run();
    trial.store.load(TABLE.kpiData, [FOREIGN]);

    const { passed, findings } = await trial.validate();

    expect(passed).toBe(false);
    expect(told(findings)).toEqual([`milestones orphan ${id('d1', 1)} kpiLinkId`]);
  });
});
