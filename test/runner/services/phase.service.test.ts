import type { Discrepancy, DiscrepancyReason } from '../../../src/cutover/dual-writes/discrepancies.js';
import { attested, elapsed, figure } from '../../../src/migrations/contract/checklist-items.js';
import { PhaseTrial } from '../phases/phase-trial.js';

const closed = (words: string) => ({
  code: 'PHASE_GATE',
  exit: 3,
  message: expect.stringContaining(words) as string,
});

function discrepancy(reason: DiscrepancyReason, at: string): Discrepancy {
  const what = {
    plan: 'kpi',
    step: 'links',
    source: 'old#1',
    version: 'v',
    truth: 'legacy',
    write: 'update',
  } as const;
  return { ...what, reason, at };
}

describe('a cutover by its commands', () => {
  it('P-10, E-13: begins with the legacy model and goes through every phase', async () => {
    const trial = new PhaseTrial();
    expect(await trial.show()).toMatchObject({
      phase: { name: 'legacy', share: 0 },
      conduct: { writes: 'legacy', truth: 'legacy', share: 0 },
      next: { phase: { name: 'dual-write' } },
      history: [],
    });
    await trial.until('archived');
    const { history, next, back, conduct } = await trial.show();
    expect(history.map(({ to }) => `${to.name} ${to.share}`)).toEqual([
      ...['dual-write 0', 'backfilled 0', 'verified 0', 'reading 10', 'reading 50', 'reading 100'],
      ...['new-only 100', 'archived 100'],
    ]);
    expect([next, back, conduct.writes]).toEqual([undefined, undefined, 'new']);
    await expect(trial.advance()).rejects.toMatchObject({ code: 'PHASE_LAST' });
  });

  it('E-X18: keeps who changed it, why and when, for good', async () => {
    const trial = new PhaseTrial();
    const { change } = await trial.advance({ by: ' ann ', why: ' CHG-1 ' });
    trial.passSeconds(1);
    await trial.back({ by: 'ben', why: 'INC-2' });
    expect(change).toEqual({
      from: { name: 'legacy', share: 0 },
      to: { name: 'dual-write', share: 0 },
      by: 'ann',
      why: 'CHG-1',
      at: '2026-11-21T09:00:00.000Z',
    });
    const { history } = await trial.show();
    expect(history).toEqual([
      change,
      {
        from: { name: 'dual-write', share: 0 },
        to: { name: 'legacy', share: 0 },
        by: 'ben',
        why: 'INC-2',
        at: '2026-11-21T09:00:01.000Z',
      },
    ]);
  });

  it('A-04: production is changed by nobody who does not say so', async () => {
    const trial = new PhaseTrial();
    const refused = { code: 'PRODUCTION_UNCONFIRMED', exit: 3 };
    await expect(trial.advance({ confirmProduction: false })).rejects.toMatchObject(refused);
    await expect(trial.back({ confirmProduction: false })).rejects.toMatchObject(refused);
    trial.production = false;
    await trial.advance({ confirmProduction: false });
  });

  it('E-X18: nobody changes it without a name and a reason', async () => {
    const trial = new PhaseTrial();
    await expect(trial.advance({ by: ' ' })).rejects.toMatchObject({ code: 'NAME_MISSING', exit: 2 });
    await expect(trial.back({ why: ' ' })).rejects.toMatchObject({ code: 'WHY_MISSING', exit: 2 });
  });

  it('E-X18: without a journal there is no phase, not even legacy', async () => {
    const trial = new PhaseTrial();
    trial.tables = ['new'];
    await expect(trial.show()).rejects.toMatchObject({ code: 'TABLE_MISSING', exit: 3 });
  });

  it('E-X18: of two operators at the same time one is told that the other was faster', async () => {
    const trial = await new PhaseTrial().until('verified');
    const codes = async (...work: readonly Promise<unknown>[]): Promise<unknown[]> => {
      const ended = await Promise.allSettled(work);
      return ended.map((one) =>
        one.status === 'rejected' ? (one.reason as { readonly code: string }).code : 'done',
      );
    };
    const backs = await codes(trial.back({ by: 'ann' }), trial.back({ by: 'ben' }));
    expect(backs.toSorted()).toEqual(['PHASE_CHANGED', 'done']);
    await trial.passSeconds(120).back();
    trial.passSeconds(120);
    const advances = await codes(trial.advance({ by: 'ann' }), trial.advance({ by: 'ben' }));
    expect(advances.toSorted()).toEqual(['LEASE_HELD', 'done']);
    expect((await trial.show()).history).toHaveLength(6);
  });

  it('P-40: nobody goes on while a run or a rollback is at work; back goes whoever is', async () => {
    const trial = await new PhaseTrial().until('verified');
    trial.passSeconds(60);
    const lease = await trial.leases.acquire({ plan: 'kpi', command: 'rollback', seconds: 30 });
    await expect(trial.advance()).rejects.toMatchObject({ code: 'LEASE_HELD', exit: 3 });
    expect((await trial.back()).phase.name).toBe('dual-write');
    await lease.release();
    await expect(trial.passSeconds(60).advance()).rejects.toMatchObject({ code: 'PHASE_GATE' });
  });

  it('E-X18: the next phase waits until every process acts on this one', async () => {
    const trial = await new PhaseTrial().until('verified');
    trial.passSeconds(59);
    await expect(trial.advance()).rejects.toMatchObject({ code: 'PHASE_NOT_SETTLED', exit: 3 });
    await trial.passSeconds(1).advance();
  });
});

describe('what the phases ask for', () => {
  it('P-10: dual writes need their tables', async () => {
    const trial = new PhaseTrial();
    trial.tables = ['waybill-journal'];
    await expect(trial.advance()).rejects.toMatchObject({
      ...closed('there is no table new-p'),
      next: 'node runner tables create --env production',
    });
  });

  it('P-10: backfilled needs a run of every step', async () => {
    const trial = await new PhaseTrial().until('dual-write');
    await expect(trial.passSeconds(60).advance()).rejects.toMatchObject({
      ...closed('links has not run; readings has not run'),
      next: 'node runner run --env production --confirm-production',
    });
  });

  it('P-10: a run that began before every process wrote to both models is no backfill', async () => {
    const trial = await new PhaseTrial().until('dual-write');
    await trial.passSeconds(59).run();
    await expect(trial.advance()).rejects.toMatchObject(
      closed('links was run before every process wrote to both models'),
    );
    await trial.run();
    await trial.advance();
  });

  it('P-10: a run of another version of the plan is no backfill and no verification', async () => {
    const trial = await new PhaseTrial().until('dual-write');
    await trial.passSeconds(60).run();
    trial.version = 'b'.repeat(64);
    await expect(trial.advance()).rejects.toMatchObject(
      closed('links was run with another version of the plan (aaaaaaaaaaaa, this is bbbbbbbbbbbb)'),
    );
    trial.version = 'a'.repeat(64);
    await trial.advance();
    trial.version = 'b'.repeat(64);
    await expect(trial.passSeconds(60).advance()).rejects.toMatchObject(closed('another version'));
  });

  it('P-10: a run that is complete is a backfill also where a later validation failed; verified it is not', async () => {
    const trial = await new PhaseTrial().until('dual-write');
    await trial.passSeconds(60).run();
    await trial.validate('failed');
    await trial.advance();
    await expect(trial.passSeconds(60).advance()).rejects.toMatchObject({
      ...closed('links is failed; readings is failed'),
      next: 'node runner validate --env production',
    });
    await trial.validate();
    await trial.advance();
  });

  it('E-45: open discrepancies close every way forwards from backfilled on', async () => {
    const trial = await new PhaseTrial().until('backfilled');
    for (const name of ['verified', 'reading 10', 'reading 50', 'reading 100', 'new-only']) {
      trial.passHours(168);
      trial.discrepancies = [discrepancy('CONFLICT', trial.now), discrepancy('SECOND_LEG_FAILED', trial.now)];
      await expect(trial.advance()).rejects.toMatchObject(closed('open discrepancies of dual writes: 2'));
      trial.discrepancies = [];
      const { phase } = await trial.advance();
      expect(`${phase.name} ${phase.share}`).toContain(name);
    }
  });

  it('E-45: a write that is under way is no discrepancy yet, one that was cut off is', async () => {
    const trial = await new PhaseTrial().until('backfilled');
    trial.discrepancies = [discrepancy('UNDER_WAY', trial.now)];
    await expect(trial.passSeconds(60).advance()).rejects.toMatchObject(
      closed('open discrepancies of dual writes: 1'),
    );
    const before = trial.now;
    trial.passSeconds(59).discrepancies = [discrepancy('UNDER_WAY', before)];
    const { next } = await trial.show();
    expect(next?.gates).toContainEqual({
      gate: 'discrepancies',
      met: true,
      evidence: 'open discrepancies of dual writes: 0, beside 1 under way',
    });
    await trial.advance();
  });

  it('E-24: a validation that fails stops the ramp', async () => {
    const trial = await new PhaseTrial().until('reading', 10);
    await trial.passSeconds(60).validate('failed');
    await expect(trial.advance()).rejects.toMatchObject(closed('links is failed'));
  });

  it('P-36, A-09: dual writes end after a week that counts from reading all', async () => {
    const trial = await new PhaseTrial().until('reading', 50);
    await trial.passHours(1_000).advance();
    await expect(trial.passSeconds(168 * 3600 - 1).advance()).rejects.toMatchObject(
      closed('time: 168 h since'),
    );
    await trial.passSeconds(1).advance();
    expect((await trial.show()).phase).toEqual({ name: 'new-only', share: 100 });
  });

  it('A-09: who falls back waits the whole week again', async () => {
    const trial = await new PhaseTrial().until('reading', 100);
    await trial.passHours(167).back({ share: 50 });
    await trial.passHours(1).advance();
    await expect(trial.passHours(2).advance()).rejects.toMatchObject(closed('time: 168 h since'));
  });

  it('P-37: the legacy model is archived after two weeks of single writes', async () => {
    const trial = await new PhaseTrial().until('new-only');
    await expect(trial.passSeconds(336 * 3600 - 1).advance()).rejects.toMatchObject(
      closed('time: 336 h since'),
    );
    await trial.passSeconds(1).advance();
  });

  it('A-09: environments name other times, and a rehearsal has none where it names none', async () => {
    const trial = await new PhaseTrial().until('reading', 100);
    trial.cutover = { readingHours: 24 };
    await expect(trial.passHours(23).advance()).rejects.toMatchObject(closed('time: 24 h since'));
    trial.cutover = undefined;
    trial.production = false;
    await trial.advance();
    await trial.passSeconds(60).advance();
    expect((await trial.show()).phase.name).toBe('archived');
  });

  it('E-24: environments name another ramp', async () => {
    const trial = new PhaseTrial();
    trial.cutover = { ramp: [1, 100] };
    await trial.until('reading');
    expect((await trial.show()).phase.share).toBe(1);
    expect((await trial.passSeconds(60).advance()).phase.share).toBe(100);
  });
});

describe('ways back', () => {
  it('P-40: an emergency takes reads back at once, whatever stands, and dual writes stay on', async () => {
    const trial = await new PhaseTrial().until('reading', 100);
    await trial.validate('failed');
    trial.discrepancies = [discrepancy('CONFLICT', trial.now)];
    const { phase, conduct } = await trial.passSeconds(1).back();
    expect([phase.name, conduct]).toEqual(['verified', { writes: 'both', truth: 'legacy', share: 0 }]);
  });

  it('P-40: two who take the reads back one after the other take them back once', async () => {
    const trial = await new PhaseTrial().until('reading', 100);
    await trial.back({ by: 'ann', share: 50 });
    await trial.back({ by: 'ann' });
    await expect(trial.passSeconds(59).back({ by: 'ben' })).rejects.toMatchObject({
      code: 'PHASE_NOT_SETTLED',
      exit: 3,
    });
    expect((await trial.passSeconds(2).back({ by: 'ben' })).phase.name).toBe('dual-write');
  });

  it('P-39: dual writes that do harm are off at once', async () => {
    const trial = await new PhaseTrial().until('dual-write');
    expect((await trial.back()).phase.name).toBe('legacy');
  });

  it('P-40: reads switch again only after a new validation', async () => {
    const trial = await new PhaseTrial().until('reading', 50);
    await trial.back();
    await expect(trial.passSeconds(61).advance()).rejects.toMatchObject(closed('links was validated before'));
    await trial.validate();
    expect((await trial.advance()).phase).toEqual({ name: 'reading', share: 10 });
  });

  it('P-39: from dual writes it is back to the legacy model, and the next attempt backfills again', async () => {
    const trial = await new PhaseTrial().until('verified');
    await trial.back();
    await expect(trial.passSeconds(61).advance()).rejects.toMatchObject(
      closed('links was run before every process wrote to both models'),
    );
    expect((await trial.back()).phase.name).toBe('legacy');
    await expect(trial.back()).rejects.toMatchObject({ code: 'PHASE_FIRST' });
  });

  it('P-X30: there is none from single writes', async () => {
    const trial = await new PhaseTrial().until('new-only');
    await expect(trial.back()).rejects.toMatchObject({ code: 'PHASE_FINAL', exit: 3 });
    expect((await trial.show()).back).toBeUndefined();
  });
});

describe('lists of the plan', () => {
  const lists = {
    lists: [
      {
        list: 'read-switch',
        title: 'Gate',
        gates: 'reading' as const,
        items: [
          figure('success', 'E-45 dev', 'Dual writes succeed', {
            measure: 'dualWriteSuccess',
            is: 'above',
            limit: '99.9',
          }),
          attested('team-ready', 'E-45 dev', 'The team is ready'),
        ],
      },
      {
        list: 'cleanup',
        title: 'Gate',
        gates: 'archived' as const,
        items: [
          attested('traffic', 'E-46 ops', 'All traffic is new'),
          elapsed('month', 'E-46 ops', 'A month of it', { hours: 720, since: { item: 'traffic' } }),
        ],
      },
      { list: 'other', title: 'Gates nothing', items: [attested('nobody', 'E-1 dev', 'Nobody says so')] },
    ],
    triggers: [
      {
        id: 'errors',
        requirement: 'E-26',
        text: 'Errors',
        when: { measure: 'errorRate' as const, is: 'above' as const, limit: '1' },
      },
    ],
  };
  const figures = (values: object): string =>
    JSON.stringify({ takenAt: '2026-11-21T09:00:00.000Z', figures: values });

  async function verified(): Promise<PhaseTrial> {
    const trial = await new PhaseTrial().until('verified');
    trial.lists = lists;
    return trial.passSeconds(60);
  }

  it.each([
    [99.9, false],
    [99.901, true],
  ])('E-45: %d %% of dual writes that succeed open the reads: %s', async (dualWriteSuccess, opens) => {
    const trial = await verified();
    await trial.attest('team-ready');
    const advance = trial.advance({ figures: figures({ dualWriteSuccess }) });
    if (opens) expect((await advance).phase.name).toBe('reading');
    else await expect(advance).rejects.toMatchObject(closed('read-switch: success (E-45: dualWriteSuccess'));
  });

  it('E-45: without figures and words of people the reads stay', async () => {
    const trial = await verified();
    await expect(trial.advance()).rejects.toMatchObject({
      ...closed('team-ready (E-45: nobody has attested it)'),
      next: 'Give figures of the live system: --figures FILE',
    });
    await expect(trial.advance({ figures: figures({ dualWriteSuccess: 100 }) })).rejects.toMatchObject({
      next: 'node runner attest --env production --item team-ready --by NAME',
    });
  });

  it('E-45: a rehearsal asks nobody, and a growing share does not ask again', async () => {
    const trial = await verified();
    trial.production = false;
    expect((await trial.advance()).phase.share).toBe(10);
    trial.production = true;
    expect((await trial.passSeconds(60).advance()).phase.share).toBe(50);
  });

  it('A-09, E-46: of two times the longer one counts', async () => {
    const trial = await new PhaseTrial().until('new-only');
    trial.lists = lists;
    await trial.attest('traffic');
    await expect(trial.passHours(336).advance()).rejects.toMatchObject(closed('cleanup: month (E-46: 720 h'));
    await trial.passHours(720 - 336).advance();
  });

  it('E-24: figures that call for a rollback stop the ramp everywhere', async () => {
    const trial = await verified();
    trial.production = false;
    await trial.advance();
    trial.passSeconds(60);
    await expect(trial.advance({ figures: figures({ errorRate: 1.1 }) })).rejects.toMatchObject(
      closed('triggers: errors (errorRate given as 1.1 %'),
    );
    expect((await trial.advance({ figures: figures({ errorRate: 1 }) })).phase.share).toBe(50);
  });
});
