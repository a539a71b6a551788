import { differences, type EndState } from '../../support/faults/end-state.js';
import type { RunResult } from '../../../src/runner/application.js';
import { Failpoints } from '../../support/faults/failpoints.js';
import { endOf } from '../../support/engine/interruptions.js';
import { KpiTrial } from '../../support/engine/kpi-trial.js';
import { outcomes } from '../../support/engine/observed.js';
import { ledger } from '../../support/engine/retry-ledger.js';
import { actual, id, kpi, link, milestone, onKpi, reading } from '../../support/engine/small-rows.js';
import { TABLE } from '../../support/kpi/tables.js';

/** Every step sets something aside: for good, for another reason next time, for a conflict, or until it is gone. */
const TABLES = {
  [TABLE.kpis]: [kpi(1), kpi(3)],
  [TABLE.people]: [],
  [TABLE.links]: [link(1), link(2, onKpi(2)), link(3, { goalId: { N: '1' } })],
  [TABLE.milestones]: [
    milestone(1),
    milestone(2, { targetValue: { S: 'many' } }),
    milestone(3, { ...onKpi(2), targetValue: { S: ' 12 ' } }),
    milestone(4, onKpi(3)),
    milestone(5, { targetValue: { S: 'many' } }),
  ],
  [TABLE.actuals]: [
    actual(1),
    actual(2, { actualValue: { S: 'some' } }),
    actual(3, { actualValue: { S: 'no' } }),
  ],
  [TABLE.readings]: [reading(1), reading(2, onKpi(2))],
};

async function setAside(): Promise<KpiTrial> {
  const trial = await new KpiTrial({ segments: 2 }).put(TABLES);
  await trial.run();
  trial.store.load(TABLE.kpis, [kpi(2)]);
  trial.store.load(TABLE.milestones, [
    milestone(2, { milestoneDate: { S: 'soon' } }),
    milestone(3, onKpi(2)),
    milestone(5, { targetValue: { S: ' 5 ' } }),
  ]);
  trial.store.load(TABLE.actuals, [actual(2)]);
  trial.store.erase(TABLE.actuals, { id: { S: id('d2', 3) } });
  trial.store.load(TABLE.kpiData, [
    { id: { S: id('d2', 2) }, kpiLinkId: { S: id('11', 1) }, note: { S: 'mine' } },
  ]);
  return trial;
}

/** Rows, entries and states: the numbers are made up of other retries, and are balanced apart from that. */
const result = async (trial: KpiTrial): Promise<EndState> => ({ ...(await endOf(trial)), steps: {} });

/** What must be so however often retries were killed. */
async function balance(trial: KpiTrial): Promise<unknown> {
  return {
    ledger: await ledger(trial),
    states: (await trial.journal.states('kpi')).map(({ step, status }) => `${step} ${status}`),
  };
}

describe('invariant 6: a retry that is killed anywhere', () => {
  const LEDGER = {
    links: 'read 3, settled 2, TYPE_INVALID 1',
    milestones: 'read 5, settled 3, DATE_INVALID 1, KPI_UNLINKED 1',
    actuals: 'read 2, settled 1, conflict 1',
    readings: 'read 2, settled 2',
  };

  it('and done again ends where an uninterrupted one ends: rows, entries, states, and numbers that add up', async () => {
    const whole = await setAside();
    const process = whole.process();
    const expected = await process.retry();
    expect([expected.exit, outcomes(expected)]).toEqual([
      1,
      {
        links: { created: 1, quarantined: 1 },
        milestones: { created: 2, quarantined: 2 },
        actuals: { conflict: 1 },
        readings: { created: 1 },
      },
    ]);
    expect(await balance(whole)).toEqual({
      ledger: LEDGER,
      states: ['links', 'milestones', 'actuals', 'readings'].map((step) => `${step} validated`),
    });
    const end = await result(whole);
    const { points } = process.failpoints;
    const told: string[] = [];
    const died = new Set<string>();
    for (const [index, point] of points.entries()) {
      // reads change nothing, so one death at them is as good as another
      if (point.startsWith('at ')) continue;
      const trial = await setAside();
      const failpoints = new Failpoints(index);
      await trial.process({ failpoints }).dies((dying) => dying.retry());
      died.add(point.split(' ').slice(0, 2).join(' '));
      const again = await trial.process().retry();
      if (again.exit !== 1) told.push(`${point}: exit ${again.exit}`);
      told.push(...differences(end, await result(trial)).map((one) => `${point}: ${one}`));
      expect([point, await balance(trial)]).toEqual([point, await balance(whole)]);
    }
    expect(told.slice(0, 5)).toEqual([]);
    for (const kind of [
      'journal.saveStep',
      'journal.saveState',
      'journal.append',
      'journal.prune',
      'sink.insert',
    ])
      expect([...died]).toEqual(expect.arrayContaining([`before ${kind}`, `after ${kind}`]));
  });

  it('several times in a row, with other choices in between, still adds up', async () => {
    const whole = await setAside();
    await whole.retry();
    const way = whole.process();
    await way.retry();
    for (let seed = 0; seed < 40; seed += 1) {
      const trial = await setAside();
      for (const [turn, request] of [{ steps: ['links'] }, { reasons: ['KPI_MISSING'] }, {}].entries()) {
        const failpoints = new Failpoints(((seed + 1) * (turn + 3) * 7) % 170);
        await trial
          .process({ failpoints })
          .retry(request)
          .catch((error: unknown) => {
            if (!failpoints.crashed) throw error;
          });
      }
      await trial.process().retry();
      expect([seed, await ledger(trial)]).toEqual([seed, LEDGER]);
    }
  });

  it('leaves a plain run nothing to get wrong', async () => {
    const whole = await setAside();
    await whole.retry();
    const expected = await whole.run();
    for (let index = 5; index < 200; index += 13) {
      const trial = await setAside();
      const failpoints = new Failpoints(index);
      await trial
        .process({ failpoints })
        .retry()
        .catch(() => undefined);
      const again = await trial.process().run();
      const counted = (run: RunResult): unknown =>
        run.steps.map(({ step, status, counters: { read, quarantined, conflict }, reasons }) => {
          return { step, status, read, quarantined, conflict, reasons };
        });
      expect([index, counted(again)]).toEqual([index, counted(expected)]);
      await ledger(trial);
    }
  });
});
