import { KpiTrial } from '../../support/engine/kpi-trial.js';
import { kpi, link, onKpi, person } from '../../support/engine/small-rows.js';
import { TABLE } from '../../support/kpi/tables.js';

/** One good link, and one whose KPI is not there. */
const TABLES = {
  [TABLE.kpis]: [kpi(1)],
  [TABLE.people]: [person(1)],
  [TABLE.links]: [link(1), link(2, onKpi(9))],
};

const REASON = 'KPI_MISSING';

describe('a run with records that are set aside', () => {
  it('A-38: ends with 1 until somebody accepts the reason, and with 1 again when that is taken back', async () => {
    const trial = await new KpiTrial().put(TABLES);
    expect(await trial.run()).toMatchObject({ exit: 1, status: 'failed', acceptances: [] });

    const decision = { plan: 'kpi', reason: REASON, by: 'ann', revoke: false };
    expect(await trial.application.accept(decision)).toMatchObject({ records: 1, open: 0 });
    expect(await trial.run()).toMatchObject({
      exit: 0,
      status: 'complete',
      acceptances: [{ reason: REASON, by: 'ann' }],
    });
    expect((await trial.application.report({ plan: 'kpi' })).acceptances).toMatchObject([{ reason: REASON }]);

    expect(await trial.application.accept({ ...decision, revoke: true })).toMatchObject({ open: 1 });
    expect(await trial.run()).toMatchObject({ exit: 1, status: 'failed', acceptances: [] });
  });

  it('proves nothing to the next environment before they are accepted', async () => {
    const trial = await new KpiTrial().put(TABLES);
    await trial.run();
    const proof = (): Promise<unknown> => trial.application.evidence({ plan: 'kpi' });
    await expect(proof()).rejects.toMatchObject({ code: 'EVIDENCE_MISSING' });
    await trial.application.accept({ plan: 'kpi', reason: REASON, by: 'ann', revoke: false });
    // the decision alone does not make a complete run of the one that failed
    await expect(proof()).rejects.toMatchObject({ message: expect.stringContaining('failed, not complete') });
    await trial.run();
    expect(await proof()).toMatchObject({ plan: 'kpi', env: 'dev', planVersion: 'f'.repeat(64) });
  });
});
