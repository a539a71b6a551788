import { MemoryJournal } from '../../../src/infrastructure/journal/memory-journal.js';
import { gatherEvidence } from '../../../src/runner/ladder/gather-evidence.js';
import {
  acceptance,
  NOTHING,
  past,
  PLAN,
  RUN,
  VERSION,
  type PastStep,
} from '../acceptance/journal-fixture.js';

const SECOND = '20261121T070000Z-000001';

async function journalOf(...steps: readonly PastStep[]): Promise<MemoryJournal> {
  const journal = new MemoryJournal();
  for (const step of steps) await past(journal, step);
  return journal;
}

async function lack(journal: MemoryJournal): Promise<{ code: string; message: string; next: string }> {
  try {
    await gatherEvidence(PLAN, 'staging', journal);
  } catch (error) {
    return error as Awaited<ReturnType<typeof lack>>;
  }
  throw new Error('there was evidence');
}

describe('the evidence of an environment', () => {
  it('names the version, and of each step the run, its checks and its records', async () => {
    const journal = await journalOf(
      { step: 'links' },
      {
        step: 'readings',
        run: { run: SECOND },
        // validated anew since, with one check more than the run made
        state: {
          at: '2026-11-22T10:00:00.000Z',
          checks: ['a', 'b', 'c'].map((name) => ({ name, passed: true, expected: 0, found: 0 })),
        },
      },
    );
    expect(await gatherEvidence(PLAN, 'staging', journal)).toEqual({
      gate: 'staging',
      at: '2026-11-22T10:00:00.000Z',
      plan: 'kpi',
      env: 'staging',
      planVersion: VERSION,
      steps: [
        { step: 'links', run: RUN, validatedAt: '2026-11-21T05:40:00.000Z', checks: 2, records: 10 },
        { step: 'readings', run: SECOND, validatedAt: '2026-11-22T10:00:00.000Z', checks: 3, records: 10 },
      ],
    });
  });

  it('counts records that are set aside where they are accepted, by a flag or a decision', async () => {
    const counters = { ...NOTHING, read: 10, created: 7, quarantined: 2, conflict: 1 };
    const journal = await journalOf(
      {
        step: 'links',
        run: { flags: ['allow-unlinked'] },
        record: { counters, reasons: { KPI_UNLINKED: 1, KPI_MISSING: 1 } },
      },
      { step: 'readings', run: { run: SECOND } },
    );
    expect((await lack(journal)).message).toBe(
      `plan kpi has not passed in staging: links has 2 records set aside that nobody accepted (run ${RUN})`,
    );
    await journal.attest('kpi', acceptance());
    await journal.attest('kpi', acceptance({ reason: 'CONFLICT' }));
    expect((await gatherEvidence(PLAN, 'staging', journal)).steps).toHaveLength(2);
  });

  it('is missing where a step lacks something, and says of each step what', async () => {
    const error = await lack(await journalOf({ step: 'links', state: { status: 'failed' } }));
    expect(error).toMatchObject({
      code: 'EVIDENCE_MISSING',
      exit: 3,
      message: `plan kpi has not passed in staging: links has not passed its validation (run ${RUN}); readings has not run there`,
      next: 'Run all of it there until it ends with exit 0: node runner run --env staging',
    });
  });

  it.each<[string, Omit<PastStep, 'step'>, string]>([
    ['is under way or was killed', { state: { status: 'running' } }, 'did not finish'],
    ['was rolled back', { state: { status: 'rolled-back' } }, 'was rolled back'],
    ['was settled by a rollback', { run: { kind: 'rollback' } }, 'was not migrated by'],
    ['was settled by a retry only', { run: { kind: 'retry' } }, 'was not migrated by'],
    ['only ran dry', { run: { dryRun: true } }, 'was not migrated by'],
    [
      'ran in a run that failed',
      { run: { status: 'failed' } },
      'was run by a run that is failed, not complete',
    ],
    ['ran in a run that was stopped', { run: { status: 'aborted' } }, 'was run by a run that is aborted'],
  ])('is missing where a step %s', async (_, how, expected) => {
    const journal = await journalOf(
      { step: 'links' },
      { step: 'readings', ...how, run: { run: SECOND, ...how.run } },
    );
    expect((await lack(journal)).message).toContain(
      `plan kpi has not passed in staging: readings ${expected}`,
    );
  });

  it('is missing where the journal has a state and no record of the run', async () => {
    const journal = await journalOf({ step: 'links' });
    await journal.saveState({
      plan: 'kpi',
      step: 'readings',
      status: 'validated',
      run: SECOND,
      planVersion: VERSION,
      at: '2026-11-21T05:40:00.000Z',
    });
    expect((await lack(journal)).message).toContain(`readings has no record of its run ${SECOND}`);
  });

  it('is missing where the steps ran under different plan versions', async () => {
    const journal = await journalOf(
      { step: 'links' },
      { step: 'readings', run: { run: SECOND }, state: { planVersion: 'b'.repeat(64) } },
    );
    expect((await lack(journal)).message).toBe(
      'plan kpi has not passed in staging: the steps ran under different plan versions (links aaaaaaaaaaaa, readings bbbbbbbbbbbb)',
    );
  });
});
