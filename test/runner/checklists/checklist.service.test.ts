import { past, NOTHING, PLAN, RUN } from '../acceptance/journal-fixture.js';
import { BACKUP, ChecklistTrial, STAGING } from './checklist-fixture.js';

let trial: ChecklistTrial;

beforeEach(() => {
  trial = new ChecklistTrial();
});

const DRY_RUN = {
  run: '20261121T080000Z-d00000',
  plan: 'kpi',
  env: 'production',
  planVersion: 'v',
  dryRun: true,
  status: 'complete' as const,
  startedAt: '2026-11-21T08:00:00.000Z',
  endedAt: '2026-11-21T08:10:00.000Z',
  steps: ['links', 'readings'],
  flags: [],
};

async function migrated(): Promise<void> {
  await past(trial.journal, { step: 'links' });
  await past(trial.journal, { step: 'readings' });
}

describe('a checklist', () => {
  it('E-X36: on an empty journal claims nothing: every line is open, and says that nothing is known', async () => {
    const { lists, triggers } = await trial.checklist();
    expect(lists.map(({ list, done, open, expired }) => [list, done, open, expired])).toEqual([
      ['pre', 0, 6, 0],
      ['post', 0, 6, 0],
      ['final', 0, 2, 0],
    ]);
    const lines = lists.flatMap((list) => list.lines);
    expect(lines.map(({ id, basis }) => [id, basis])).toEqual([
      ['backup', 'not measured'],
      ['dry-run', 'not measured'],
      ['staging-passed', 'not measured'],
      ['rehearsed', 'not measured'],
      ['approved', 'not attested'],
      ['window', 'not attested'],
      ['migrated', 'not measured'],
      ['validated', 'not measured'],
      ['nothing-open', 'not measured'],
      ['errors', 'not measured'],
      ['traffic', 'not attested'],
      ['day', 'not measured'],
      ['seven-days', 'not measured'],
      ['stable', 'not attested'],
    ]);
    expect(triggers.map(({ fired, basis }) => [fired, basis])).toEqual([[undefined, 'not measured']]);
  });

  it('shows the lists asked for, in the order of the plan, and refuses others with those that there are', async () => {
    const { lists } = await trial.checklist({ lists: ['final', 'pre'] });
    expect(lists.map(({ list }) => list)).toEqual(['pre', 'final']);
    await expect(trial.checklist({ lists: ['pre', 'past'] })).rejects.toMatchObject({
      exit: 2,
      code: 'LIST_UNKNOWN',
      next: 'Valid lists: pre, post, final.',
    });
  });

  it('is refused where there is no journal, or the plan has none', async () => {
    trial.hasTable = false;
    await expect(trial.checklist()).rejects.toMatchObject({ exit: 3, code: 'TABLE_MISSING' });
    trial.hasTable = true;
    trial.plan = PLAN;
    await expect(trial.checklist()).rejects.toMatchObject({ exit: 2, code: 'CHECKLIST_MISSING' });
  });

  it('K-05: knows a verified backup of every source and target table, until it is too old', async () => {
    await trial.journal.attest('kpi', { ...BACKUP, tables: BACKUP.tables.slice(1) });
    expect(await trial.line('backup')).toMatchObject({ status: 'open', basis: 'measured' });
    await trial.journal.attest('kpi', BACKUP);
    expect(await trial.line('backup')).toMatchObject({
      status: 'done',
      basis: 'measured',
      at: '2026-11-21T06:30:00.000Z',
      evidence: 'backup b-1, begun 2026-11-21T06:00:00.000Z, read again 2026-11-21T06:30:00.000Z',
    });
    trial.now = new Date('2026-11-22T06:00:00.000Z');
    expect((await trial.line('backup')).status).toBe('done');
    trial.now = new Date('2026-11-22T06:00:00.001Z');
    expect(await trial.line('backup')).toMatchObject({ status: 'expired', basis: 'measured' });
  });

  it('goes by the newest dry run of all steps', async () => {
    await trial.dry.saveRun(DRY_RUN);
    expect(await trial.line('dry-run')).toMatchObject({
      status: 'done',
      basis: 'measured',
      run: DRY_RUN.run,
    });
    await trial.dry.saveRun({ ...DRY_RUN, run: '20261121T081000Z-d00001', steps: ['links'] });
    expect((await trial.line('dry-run')).status).toBe('open');
    await trial.dry.saveRun({ ...DRY_RUN, run: '20261121T082000Z-d00002', status: 'failed' });
    expect(await trial.line('dry-run')).toMatchObject({
      status: 'open',
      basis: 'measured',
      evidence: 'dry run 20261121T082000Z-d00002 is failed',
    });
  });

  it('K-06: asks for this very version in the environment before', async () => {
    trial.before = { ...STAGING, planVersion: 'e'.repeat(64) };
    expect(await trial.line('staging-passed')).toMatchObject({ status: 'open', basis: 'measured' });
    await trial.journal.attest('kpi', { ...STAGING, at: '2026-11-19T08:00:00.000Z', env: 'dev' });
    expect((await trial.line('staging-passed')).status).toBe('open');
    await trial.journal.attest('kpi', { ...STAGING, at: '2026-11-19T08:00:00.000Z' });
    expect(await trial.line('staging-passed')).toMatchObject({
      status: 'done',
      at: '2026-11-19T08:00:00.000Z',
    });
    [trial.after, trial.before] = [undefined, undefined];
    expect((await trial.line('staging-passed')).status).toBe('done');
  });

  it('K-09: knows the newest rollback, a dry one too', async () => {
    await trial.journal.saveRun({ ...DRY_RUN, dryRun: false, kind: 'rollback', status: 'aborted' });
    expect(await trial.line('rehearsed')).toMatchObject({ status: 'open', basis: 'measured' });
    await trial.dry.saveRun({ ...DRY_RUN, run: '20261121T083000Z-d00003', kind: 'rollback' });
    expect(await trial.line('rehearsed')).toMatchObject({
      status: 'done',
      evidence: 'dry rollback 20261121T083000Z-d00003 is complete',
    });
  });

  it('tells a migration that stands from one with records open, and from one with a failed validation', async () => {
    await past(trial.journal, { step: 'links' });
    expect(await trial.line('migrated')).toMatchObject({ status: 'open', basis: 'measured' });
    expect(await trial.line('validated')).toMatchObject({ status: 'open', basis: 'not measured' });
    await past(trial.journal, { step: 'readings' });
    expect(await trial.line('migrated')).toMatchObject({ status: 'done', run: RUN });
    expect(await trial.line('validated')).toMatchObject({ status: 'done', at: '2026-11-21T05:40:00.000Z' });
    expect(await trial.line('nothing-open')).toMatchObject({ status: 'done', basis: 'measured' });
    expect((await trial.checklist()).triggers[0]).toMatchObject({ fired: false, basis: 'measured' });
    await past(trial.journal, {
      step: 'readings',
      state: { status: 'failed' },
      record: { counters: { ...NOTHING, read: 3, quarantined: 2, conflict: 1 }, reasons: { KPI_MISSING: 2 } },
    });
    expect(await trial.line('migrated')).toMatchObject({ status: 'open', basis: 'measured' });
    expect(await trial.line('validated')).toMatchObject({
      status: 'open',
      basis: 'measured',
      evidence: 'the validation of readings failed',
    });
    expect(await trial.line('nothing-open')).toMatchObject({
      status: 'open',
      evidence: '3 records set aside that nobody accepted',
    });
    expect((await trial.checklist()).triggers[0]).toMatchObject({ fired: true, basis: 'measured' });
    await trial.journal.attest('kpi', { gate: 'acceptance', at: 'x', by: 'ann', reason: 'KPI_MISSING' });
    await trial.journal.attest('kpi', { gate: 'acceptance', at: 'x', by: 'ann', reason: 'CONFLICT' });
    expect((await trial.line('nothing-open')).status).toBe('done');
  });

  it('E-47: judges given figures and calls them given', async () => {
    const figures = (errorRate: string): string =>
      JSON.stringify({ takenAt: '2026-11-21T08:00:00Z', from: 'dashboard 7', figures: { errorRate } });
    expect(await trial.line('errors', figures('0.009'))).toMatchObject({ status: 'done', basis: 'given' });
    expect(await trial.line('errors', figures('0.01'))).toMatchObject({
      status: 'open',
      basis: 'given',
      evidence:
        'errorRate given as 0.01 % from dashboard 7, taken 2026-11-21T08:00:00.000Z; the limit is below 0.01 %',
    });
  });

  it('K-08: counts 7 days from when all stood validated, through later clean validations', async () => {
    await migrated();
    await past(trial.journal, {
      step: 'links',
      state: { at: '2026-11-27T05:40:00.000Z', since: '2026-11-21T05:39:00.000Z' },
    });
    trial.now = new Date('2026-11-28T05:39:59.999Z');
    expect(await trial.line('seven-days')).toMatchObject({ status: 'open', basis: 'measured' });
    trial.now = new Date('2026-11-28T05:40:00.000Z');
    expect(await trial.line('seven-days')).toMatchObject({ status: 'done', basis: 'measured' });
    await past(trial.journal, { step: 'links', state: { status: 'failed' } });
    expect(await trial.line('seven-days')).toMatchObject({ status: 'open', basis: 'not measured' });
  });

  it("E-46, E-X26: counts a day from somebody's word, and calls that attested", async () => {
    await trial.attest('traffic');
    trial.now = new Date('2026-11-22T08:59:59.999Z');
    expect(await trial.line('day')).toMatchObject({
      status: 'open',
      basis: 'attested',
      evidence: '24 h since traffic are over at 2026-11-22T09:00:00.000Z',
    });
    trial.now = new Date('2026-11-22T09:00:00.000Z');
    expect(await trial.line('day')).toMatchObject({ status: 'done', basis: 'attested' });
    await trial.attest('traffic', { withdraw: true });
    expect(await trial.line('day')).toMatchObject({ status: 'open', basis: 'not measured' });
  });
});
