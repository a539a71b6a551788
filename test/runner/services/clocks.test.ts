import { is } from '../../support/engine/interruptions.js';
import { KpiTrial, type KpiProcess } from '../../support/engine/kpi-trial.js';
import { actual, kpi, link, milestone, onKpi, reading } from '../../support/engine/small-rows.js';
import { TABLE } from '../../support/kpi/tables.js';

const TABLES = {
  [TABLE.kpis]: [kpi(1), kpi(2)],
  [TABLE.people]: [],
  [TABLE.links]: [link(1)],
  [TABLE.milestones]: [milestone(1), milestone(2, onKpi(2))],
  [TABLE.actuals]: [actual(1)],
  [TABLE.readings]: [reading(1)],
};

const HOUR = 3_600_000;
const NOON = Date.UTC(2026, 10, 21, 12);

/** A process on a machine whose clock stands so, and goes by so many ms whenever somebody looks at it. */
const clocked = (trial: KpiTrial, start: number, pace = 1000): KpiProcess => {
  let time = start;
  return trial.process({ now: () => new Date((time += pace)) });
};

const ids = async (trial: KpiTrial): Promise<string[]> =>
  (await trial.journal.runs('kpi', 100)).map(({ run }) => run);

describe('clocks that run backwards', () => {
  it('leave runs in the order in which they ran, each with an id of its own', async () => {
    const trial = await new KpiTrial().put(TABLES);
    const ran: string[] = [];
    for (const hours of [0, -5, -48, 0, -1, -1])
      ran.push((await clocked(trial, NOON + hours * HOUR).run()).run);
    expect(await ids(trial)).toEqual(ran.toReversed());
    expect(new Set(ran).size).toBe(6);
    expect((await trial.application.report({ plan: 'kpi' })).record.run).toBe(ran.at(-1));
  });

  it('do not hide a killed run: the next process resumes it, though its clock is behind', async () => {
    const trial = await new KpiTrial().put(TABLES);
    let time = NOON;
    await trial
      .dying(is('after journal.saveCheckpoint milestones 0'), { now: () => new Date((time += 1000)) })
      .dies((process) => process.run());
    const [killed] = await trial.journal.runs('kpi', 1);
    const result = await clocked(trial, NOON - 30 * HOUR).run();
    expect([result.run, result.resumed]).toEqual([killed?.run, true]);
    expect((await trial.journal.run(result.run))?.startedAt).toBe(killed?.startedAt);
  });

  it('do not bring an old verdict to light: a refusal of a machine that is ahead is followed by what ran since', async () => {
    const trial = await new KpiTrial().put(TABLES);
    await clocked(trial, NOON).run({ accept: ['allow-unlinked'] });
    await expect(clocked(trial, NOON + 9 * HOUR).run({ resume: 'resume' })).rejects.toMatchObject({
      code: 'NOTHING_TO_RESUME',
    });
    expect((await trial.application.progress({ plan: 'kpi' })).status).toBe('Blocked');
    const last = await clocked(trial, NOON + HOUR).run({ accept: ['allow-unlinked'] });
    expect((await ids(trial))[0]).toBe(last.run);
    const progress = await trial.application.progress({ plan: 'kpi' });
    expect([progress.status, progress.notes[0]]).toEqual(['Complete', expect.stringContaining(last.run)]);
  });

  it('do not hide a refusal: that of a machine that is behind is the last word all the same', async () => {
    const trial = await new KpiTrial().put(TABLES);
    await clocked(trial, NOON).run({ accept: ['allow-unlinked'] });
    expect((await trial.application.progress({ plan: 'kpi' })).status).toBe('Complete');
    await expect(clocked(trial, NOON - 9 * HOUR).run({ resume: 'resume' })).rejects.toMatchObject({
      exit: 3,
    });
    expect((await trial.journal.runs('kpi', 1))[0]?.status).toBe('refused');
    expect((await trial.application.progress({ plan: 'kpi' })).status).toBe('Blocked');
  });

  it('give no negative times: neither of a step nor of a run', async () => {
    const trial = await new KpiTrial().put(TABLES);
    const result = await clocked(trial, NOON, -60_000).run();
    for (const { durationMs } of result.steps) expect(durationMs).toBeGreaterThanOrEqual(0);
    const record = await trial.journal.run(result.run);
    expect(Date.parse(record?.endedAt ?? '') >= Date.parse(record?.startedAt ?? '')).toBe(true);
    const retry = await clocked(trial, NOON - HOUR, -60_000).retry();
    const retried = await trial.journal.run(retry.run);
    expect(retry.run > result.run).toBe(true);
    expect(Date.parse(retried?.endedAt ?? '') >= Date.parse(retried?.startedAt ?? '')).toBe(true);
    for (const { durationMs } of retry.steps) expect(durationMs).toBeGreaterThanOrEqual(0);
  });

  it('leave the newest decision in force', async () => {
    const trial = await new KpiTrial().put(TABLES);
    expect((await trial.run()).exit).toBe(1);
    const decide = (hours: number, revoke: boolean): Promise<unknown> =>
      clocked(trial, NOON + hours * HOUR).application.accept({
        ...{ plan: 'kpi', reason: 'KPI_UNLINKED', by: 'ann', revoke },
      });
    await decide(0, false);
    await decide(-3, true);
    expect((await trial.run()).exit).toBe(1);
    await decide(-9, false);
    expect((await trial.run()).exit).toBe(0);
    const at = (await trial.journal.attestations('kpi', 'acceptance')).map((one) => one.at);
    expect(at).toEqual(at.toSorted().reverse());
  });

  it('have nothing to do with the lease, which goes by clocks of its own', async () => {
    const trial = await new KpiTrial().put(TABLES);
    await clocked(trial, NOON, -HOUR).run();
    expect((await trial.leases.current('kpi'))?.released).toBe(true);
    expect((await clocked(trial, 0).run()).exit).toBe(1);
  });
});
