import type { Override } from '../../../src/runner/ports/attestation.js';
import { is } from '../../support/engine/interruptions.js';
import { KpiTrial } from '../../support/engine/kpi-trial.js';
import { actual, kpi, link, milestone, reading } from '../../support/engine/small-rows.js';
import { TABLE } from '../../support/kpi/tables.js';
import { LISTS } from './checklist-fixture.js';

const TABLES = {
  [TABLE.kpis]: [kpi(1)],
  [TABLE.people]: [],
  [TABLE.links]: [link(1)],
  [TABLE.milestones]: [milestone(1)],
  [TABLE.actuals]: [actual(1)],
  [TABLE.readings]: [reading(1)],
};
const PRODUCTION = { name: 'production', production: true, backup: 'required', after: 'staging' } as const;
const OVERRIDES: Override[] = [
  { gate: 'staging', by: 'ann', why: 'rehearsed elsewhere' },
  { gate: 'backup', by: 'bob', why: 'nightly dump' },
];
const RUN = { confirmProduction: true, overrides: OVERRIDES };
const GATED = { plan: { checklists: () => Promise.resolve(LISTS) } };

const trialOf = (environment: object = PRODUCTION): Promise<KpiTrial> =>
  new KpiTrial(environment, GATED).put(TABLES);
const attest = (trial: KpiTrial, item: string) =>
  trial.application.attest({ plan: 'kpi', item, by: 'cleo', withdraw: false });

describe('a run of a plan that demands attestations', () => {
  it('A-39: is refused in production, on record, and before anything is written, until they are given', async () => {
    const trial = await trialOf();
    await attest(trial, 'approved');
    await expect(trial.run(RUN)).rejects.toMatchObject({
      exit: 3,
      code: 'ATTESTATION_REQUIRED',
      next: 'Whoever may say so types: node runner attest --env production --item window --by NAME',
    });
    expect(await trial.rows(TABLE.kpiLinks)).toEqual([]);
    expect((await trial.journal.runs('kpi', 10)).map(({ status, error }) => [status, error?.code])).toEqual([
      ['refused', 'ATTESTATION_REQUIRED'],
    ]);
    await attest(trial, 'window');
    const { exit, run } = await trial.run(RUN);
    expect(exit).toBe(0);

    const { plans } = await trial.application.status({ plan: 'kpi' });
    expect(plans[0]?.attested?.map(({ item, by }) => [item, by])).toEqual([
      ['window', 'cleo'],
      ['approved', 'cleo'],
    ]);
    expect((await trial.application.report({ plan: 'kpi', run })).attested).toHaveLength(2);
    const { lists } = await trial.application.checklist({ plan: 'kpi', lists: ['post'] });
    expect(lists[0]?.lines.slice(0, 3).map(({ id, status, basis }) => [id, status, basis])).toEqual([
      ['migrated', 'done', 'measured'],
      ['validated', 'done', 'measured'],
      ['nothing-open', 'done', 'measured'],
    ]);
  });

  it('needs none outside of production, for a dry run, or to be resumed', async () => {
    expect((await (await trialOf({})).run()).exit).toBe(0);
    const trial = await trialOf();
    expect((await trial.run({ ...RUN, dryRun: true })).exit).toBe(0);
    await attest(trial, 'approved');
    await attest(trial, 'window');
    await trial.dying(is('after journal.saveCheckpoint links 0'), GATED).dies((process) => process.run(RUN));
    await trial.application.attest({ plan: 'kpi', item: 'window', by: 'ben', withdraw: true });
    expect((await trial.process(GATED).run(RUN)).resumed).toBe(true);
  });

  it('K-08: a validation that finds nothing keeps the time since when all stands validated', async () => {
    const trial = await trialOf({});
    await trial.run();
    const [before] = await trial.journal.states('kpi');
    await trial.validate();
    const [after] = await trial.journal.states('kpi');
    expect(after?.since).toBe(before?.at);
    expect(after?.at).not.toBe(before?.at);
    await trial.validate();
    expect((await trial.journal.states('kpi'))[0]?.since).toBe(before?.at);
    for (const row of await trial.rows(TABLE.kpiLinks))
      await trial.store.replace({ table: TABLE.kpiLinks, item: { ...row, kpiId: { S: 'x' } } }, row);
    await trial.validate();
    const failed = (await trial.journal.states('kpi')).find(({ step }) => step === 'links');
    expect([failed?.status, failed?.since]).toEqual(['failed', undefined]);
  });
});
