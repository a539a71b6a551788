import { textOf } from '../../../src/domain/storage/stored-value.js';
import type { Override, StagingEvidence } from '../../../src/runner/ports/attestation.js';
import { is } from '../../support/engine/interruptions.js';
import { beforeInserts } from '../../support/engine/inserts.js';
import { KpiTrial } from '../../support/engine/kpi-trial.js';
import { actual, kpi, link, milestone, reading } from '../../support/engine/small-rows.js';
import { TABLE } from '../../support/kpi/tables.js';

const TABLES = {
  [TABLE.kpis]: [kpi(1)],
  [TABLE.people]: [],
  [TABLE.links]: [link(1)],
  [TABLE.milestones]: [milestone(1)],
  [TABLE.actuals]: [actual(1)],
  [TABLE.readings]: [reading(1)],
};
const PRODUCTION = { name: 'production', production: true, backup: 'required', after: 'staging' } as const;
const CONFIRMED = { confirmProduction: true };
const STAGING: Override = { gate: 'staging', by: 'ann', why: 'rehearsed elsewhere' };
const BACKUP: Override = { gate: 'backup', by: 'bob', why: 'nightly dump' };

const trialOf = (): Promise<KpiTrial> => new KpiTrial(PRODUCTION).put(TABLES);
const wrote = ({ store }: KpiTrial): number =>
  store.rows(TABLE.kpiLinks).length + store.rows(TABLE.kpiData).length + store.rows(TABLE.people).length;

const EVIDENCE: StagingEvidence = {
  gate: 'staging',
  at: '2026-11-20T08:00:00.000Z',
  plan: 'kpi',
  env: 'staging',
  planVersion: 'f'.repeat(64),
  steps: ['links', 'milestones', 'actuals', 'readings'].map((step) => {
    return { step, run: 'r', validatedAt: '2026-11-20T08:00:00.000Z', checks: 8, records: 1 };
  }),
};

describe('the gates of a run', () => {
  it('are judged in this order, and nothing is written where one is closed', async () => {
    const trial = await trialOf();
    await expect(trial.run()).rejects.toMatchObject({ exit: 3, code: 'PRODUCTION_UNCONFIRMED' });
    const unfinished = trial.process({
      describe: (table) => (table.name === TABLE.kpiData ? { ...table, status: 'CREATING' } : table),
    });
    await expect(unfinished.run(CONFIRMED)).rejects.toMatchObject({ exit: 3, code: 'PREFLIGHT_FAILED' });
    const lease = await trial.leases.acquire({ plan: 'kpi', command: 'rollback', seconds: 30 });
    await expect(trial.run(CONFIRMED)).rejects.toMatchObject({ exit: 3, code: 'LEASE_HELD' });
    await lease.release();
    await expect(trial.run({ ...CONFIRMED, steps: ['actuals'], resume: 'resume' })).rejects.toMatchObject({
      code: 'NOTHING_TO_RESUME',
    });
    await expect(trial.run({ ...CONFIRMED, steps: ['actuals'] })).rejects.toMatchObject({
      code: 'STEP_PREREQUISITE',
    });
    await expect(trial.run(CONFIRMED)).rejects.toMatchObject({ exit: 3, code: 'STAGING_REQUIRED' });
    await expect(trial.run({ ...CONFIRMED, overrides: [STAGING] })).rejects.toMatchObject({
      exit: 3,
      code: 'BACKUP_REQUIRED',
    });
    expect(wrote(trial)).toBe(0);
    expect(await trial.journal.states('kpi')).toEqual([]);
    expect((await trial.journal.runs('kpi', 100)).map(({ status, error }) => [status, error?.code])).toEqual([
      ['refused', 'BACKUP_REQUIRED'],
      ['refused', 'STAGING_REQUIRED'],
      ['refused', 'STEP_PREREQUISITE'],
      ['refused', 'NOTHING_TO_RESUME'],
      ['refused', 'LEASE_HELD'],
      ['refused', 'PREFLIGHT_FAILED'],
      ['refused', 'PRODUCTION_UNCONFIRMED'],
    ]);
    expect((await trial.run({ ...CONFIRMED, overrides: [STAGING, BACKUP] })).exit).toBe(0);
  });

  it('are overridden on record: who and why stand with the run and are told', async () => {
    const trial = await trialOf();
    const result = await trial.run({ ...CONFIRMED, overrides: [STAGING, BACKUP] });
    expect([result.exit, (await trial.journal.run(result.run))?.overrides]).toEqual([0, [STAGING, BACKUP]]);
    expect(result.notices).toEqual([
      'The staging gate was overridden by ann (rehearsed elsewhere).',
      expect.stringMatching(/^The backup gate was overridden by bob \(nightly dump\): /),
    ]);
  });

  it('are open, with nothing to tell, to evidence of the same version and to point-in-time recovery', async () => {
    const trial = await trialOf();
    const around = { pointInTimeRecovery: true, evidenceBefore: () => Promise.resolve(EVIDENCE) };
    const result = await trial.process(around).run(CONFIRMED);
    expect([result.exit, result.notices, (await trial.journal.run(result.run))?.overrides]).toEqual([
      0,
      [],
      undefined,
    ]);
    const other = { ...around, planVersion: 'e'.repeat(64) };
    await expect(trial.process(other).run(CONFIRMED)).rejects.toMatchObject({ code: 'STAGING_REQUIRED' });
  });

  it('only warn where the environment advises a backup', async () => {
    const trial = await new KpiTrial({ backup: 'advised' }).put(TABLES);
    const result = await trial.run();
    expect([result.exit, result.notices]).toEqual([
      0,
      [expect.stringMatching(/^No backup protects this run: /)],
    ]);
  });

  it('are nothing to a dry run, which writes nothing', async () => {
    const trial = await trialOf();
    const result = await trial.run({ dryRun: true });
    expect([result.exit, result.notices, wrote(trial)]).toEqual([0, [], 0]);
    expect(await trial.journal.runs('kpi', 10)).toEqual([]);
    const lease = await trial.leases.acquire({ plan: 'kpi', command: 'run', seconds: 30 });
    expect((await trial.run({ dryRun: true })).exit).toBe(0);
    await lease.release();
  });

  it('were passed by a run that is resumed: it needs no override again, but the confirmation', async () => {
    const trial = await trialOf();
    await trial
      .dying(is('after journal.saveCheckpoint links 0'))
      .dies((process) => process.run({ ...CONFIRMED, overrides: [STAGING, BACKUP] }));
    await expect(trial.run()).rejects.toMatchObject({ code: 'PRODUCTION_UNCONFIRMED' });
    const result = await trial.run(CONFIRMED);
    expect([result.resumed, result.exit]).toEqual([true, 0]);
    expect((await trial.journal.run(result.run))?.overrides).toEqual([STAGING, BACKUP]);
  });

  it('are mistyped where an override does not say who or why: exit 2, and no refusal on record', async () => {
    const trial = await trialOf();
    for (const override of [
      { ...STAGING, by: ' ' },
      { ...STAGING, why: '' },
    ]) {
      await expect(trial.run({ ...CONFIRMED, overrides: [override, BACKUP] })).rejects.toMatchObject({
        exit: 2,
      });
    }
    expect(await trial.journal.runs('kpi', 10)).toEqual([]);
    expect(wrote(trial)).toBe(0);
  });
});

describe('`status` and the comment', () => {
  const lease = async (trial: KpiTrial): Promise<string | undefined> =>
    (await trial.application.status({ plan: 'kpi' })).plans[0]?.lease?.command;

  it('show who is at work, and nobody once the lease is let go of', async () => {
    const trial = await new KpiTrial().put(TABLES);
    expect(await lease(trial)).toBeUndefined();
    const held = await trial.leases.acquire({ plan: 'kpi', command: 'rollback', seconds: 30 });
    expect(await lease(trial)).toBe('rollback');
    await held.release();
    expect(await lease(trial)).toBeUndefined();
  });

  it('do not take a process that is known to be dead for one at work', async () => {
    const trial = await new KpiTrial().put(TABLES);
    const held = await trial.leases.acquire({ plan: 'kpi', command: 'run', seconds: 30 });
    held.abandon();
    expect(await trial.leases.current('kpi')).toMatchObject({ released: false, abandoned: true });
    expect(await lease(trial)).toBeUndefined();
    expect((await trial.run()).exit).toBe(0);
    expect(await trial.leases.current('kpi')).not.toHaveProperty('abandoned');
  });

  it('tell of an unfinished run, however often somebody was refused since', async () => {
    const trial = await new KpiTrial().put(TABLES);
    await trial.dying(is('after journal.saveCheckpoint links 0')).dies((process) => process.run());
    const [killed] = await trial.journal.runs('kpi', 1);
    for (let time = 0; time < 12; time += 1)
      await expect(trial.run({ steps: ['readings'] })).rejects.toMatchObject({ code: 'RESUME_DIFFERENT' });
    const runs = (await trial.application.status({ plan: 'kpi' })).plans[0]?.runs ?? [];
    expect([runs.length, runs.at(-1)]).toEqual([11, killed]);
  });

  it('invariant 6: call a killed run abandoned once a later one began, and so does its report', async () => {
    for (const next of ['restart', 'rollback'] as const) {
      const trial = await new KpiTrial().put(TABLES);
      await trial.dying(is('after journal.saveCheckpoint links 0')).dies((process) => process.run());
      const standing = async (): Promise<string[]> =>
        ((await trial.application.status({ plan: 'kpi' })).plans[0]?.runs ?? []).map(({ status }) => status);
      const [killed] = await trial.journal.runs('kpi', 1);
      const report = async (): Promise<string> =>
        (await trial.application.report({ plan: 'kpi', run: killed!.run })).record.status;
      // a refusal is no later run: this one can still be resumed
      await expect(trial.run({ steps: ['readings'] })).rejects.toMatchObject({ code: 'RESUME_DIFFERENT' });
      expect([await standing(), await report()]).toEqual([['refused', 'running'], 'running']);
      if (next === 'restart') await trial.process().run({ resume: 'restart' });
      else await trial.application.rollback({ plan: 'kpi', dryRun: false, confirmProduction: false });
      expect([await standing(), await report()]).toEqual([['complete', 'refused', 'abandoned'], 'abandoned']);
      expect((await trial.journal.run(killed!.run))?.status).toBe('running');
    }
  });

  it('call a run that was stopped what it is, also once it was left behind', async () => {
    const trial = await new KpiTrial().put(TABLES);
    const { run } = await trial.run();
    await trial.journal.saveRun({ ...(await trial.journal.run(run))!, status: 'aborted' });
    await trial.run({ resume: 'restart' });
    const runs = (await trial.application.status({ plan: 'kpi' })).plans[0]?.runs ?? [];
    expect(runs.map(({ status }) => status)).toEqual(['complete', 'aborted']);
  });

  it('A-42: do not hold a refusal beside a run against it when it has come to its end', async () => {
    const trial = await new KpiTrial().put(TABLES);
    let amid: unknown;
    const process = trial.process({
      store: beforeInserts(async (rows) => {
        const isFirst = rows.some(({ item }) => textOf(item['dataCategory']) === 'Target');
        if (!isFirst) return;
        await expect(trial.process().run()).rejects.toMatchObject({ code: 'LEASE_HELD' });
        amid = (await trial.application.progress({ plan: 'kpi' })).status;
      }),
    });
    const result = await process.run();
    expect((await trial.journal.runs('kpi', 1))[0]).toMatchObject({ status: 'refused' });
    expect([amid, result.exit]).toEqual(['Blocked', 0]);
    const progress = await trial.application.progress({ plan: 'kpi' });
    expect([progress.status, progress.issues, progress.notes[0]]).toEqual([
      'Complete',
      [],
      expect.stringContaining(`${result.run} (complete)`),
    ]);
    await expect(trial.run({ resume: 'resume' })).rejects.toMatchObject({ code: 'NOTHING_TO_RESUME' });
    expect((await trial.application.progress({ plan: 'kpi' })).status).toBe('Blocked');
  });
});

describe('the report of no named run', () => {
  const reported = async (trial: KpiTrial) => {
    const report = await trial.application.report({ plan: 'kpi' });
    return [report.record.run, report.refusedSince?.run, report.refusedSince?.error?.code];
  };

  it('is that of the newest run that did anything, and tells of a refusal since', async () => {
    const trial = await new KpiTrial().put(TABLES);
    const first = await trial.run();
    expect(await reported(trial)).toEqual([first.run, undefined, undefined]);
    await expect(trial.run({ resume: 'resume' })).rejects.toMatchObject({ code: 'NOTHING_TO_RESUME' });
    const [refused] = await trial.journal.runs('kpi', 1);
    expect(await reported(trial)).toEqual([first.run, refused?.run, 'NOTHING_TO_RESUME']);
    const named = await trial.application.report({ plan: 'kpi', run: refused!.run });
    expect([named.record.status, named.refusedSince]).toEqual(['refused', undefined]);
    const second = await trial.run();
    expect(await reported(trial)).toEqual([second.run, undefined, undefined]);
  });

  it('is that of the newest refusal where nothing else is there', async () => {
    const trial = await new KpiTrial().put(TABLES);
    for (let time = 0; time < 2; time += 1)
      await expect(trial.run({ resume: 'resume' })).rejects.toMatchObject({ code: 'NOTHING_TO_RESUME' });
    const [newest] = await trial.journal.runs('kpi', 2);
    expect(await reported(trial)).toEqual([newest?.run, undefined, undefined]);
  });
});
