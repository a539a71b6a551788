import { MemoryJournal } from '../../../src/infrastructure/journal/memory-journal.js';
import { AcceptService, type AcceptParts } from '../../../src/runner/acceptance/accept.service.js';
import type { AcceptRequest } from '../../../src/runner/application.js';
import type { Environment } from '../../../src/runner/ports/environment.js';
import type { TableAdmin } from '../../../src/runner/ports/table-admin.js';
import { acceptance, NOTHING, past, PLAN, RETRY, RUN } from './journal-fixture.js';

const NOW = new Date('2026-11-21T09:00:00.000Z');

let journal: MemoryJournal;
let dry: MemoryJournal | undefined;
let hasTable: boolean;
let now: Date;

beforeEach(async () => {
  [journal, dry, hasTable, now] = [new MemoryJournal(), undefined, true, NOW];
  await past(journal, {
    step: 'links',
    run: { flags: ['allow-unlinked'], status: 'failed' },
    record: {
      counters: { ...NOTHING, read: 10, created: 3, quarantined: 6, conflict: 1 },
      reasons: { KPI_MISSING: 5, KPI_UNLINKED: 1 },
    },
  });
  await past(journal, {
    step: 'readings',
    run: { run: '20261121T070000Z-000001' },
    record: {
      counters: { ...NOTHING, read: 10, created: 8, quarantined: 2 },
      reasons: { KPI_MISSING: 2 },
    },
  });
});

function service(): AcceptService {
  const admin = {
    physicalName: (table: string) => `${table}-staging`,
    describe: () => Promise.resolve(hasTable ? {} : undefined),
  };
  const parts: AcceptParts = {
    environment: { name: 'staging' } as Environment,
    plans: [PLAN],
    admin: admin as unknown as TableAdmin,
    journal,
    journalTable: { name: 'waybill-journal', role: 'target', partitionKey: 'pk', indexes: [] },
    dryRuns: {
      create: () => new MemoryJournal(),
      open: () => Promise.resolve(dry),
      runs: async () => (dry === undefined ? [] : dry.runs('kpi', 10)),
    },
    now: () => now,
  };
  return new AcceptService(parts);
}

function accept(fields: Partial<AcceptRequest> = {}) {
  return service().accept({ plan: 'kpi', reason: 'KPI_MISSING', by: 'ann', revoke: false, ...fields });
}

async function refusal(
  fields: Partial<AcceptRequest>,
): Promise<{ code: string; message: string; next: string }> {
  try {
    await accept(fields);
  } catch (error) {
    return error as Awaited<ReturnType<typeof refusal>>;
  }
  throw new Error('it was accepted');
}

const decided = () => journal.attestations('kpi', 'acceptance');

describe('quarantine accept', () => {
  it('records the decision and tells what it covers and what is still open', async () => {
    const expected = {
      gate: 'acceptance',
      at: '2026-11-21T09:00:00.000Z',
      by: 'ann',
      why: 'checked with the owners',
      reason: 'KPI_MISSING',
    };
    expect(await accept({ by: ' ann ', why: ' checked with the owners ' })).toEqual({
      plan: 'kpi',
      env: 'staging',
      acceptance: expected,
      records: 7,
      // the conflict; the unlinked one was accepted by a flag of its run
      open: 1,
    });
    expect(await decided()).toEqual([expected]);
  });

  it('covers one step only where it says so', async () => {
    expect(await accept({ step: 'readings' })).toMatchObject({
      acceptance: { reason: 'KPI_MISSING', step: 'readings' },
      records: 2,
      open: 6,
    });
  });

  it('accepts conflicts as CONFLICT, and adds to earlier decisions', async () => {
    await accept();
    expect(await accept({ reason: 'CONFLICT' })).toMatchObject({ records: 1, open: 0 });
  });

  it('counts what retries left', async () => {
    const [links] = await journal.steps(RUN);
    await journal.saveStep({ ...links!, amendments: [RETRY] });
    expect(await accept()).toMatchObject({ records: 4, open: 1 });
  });

  it('takes a decision back, and its records are open again', async () => {
    await accept();
    expect(await accept({ revoke: true, by: 'ben' })).toMatchObject({
      acceptance: { by: 'ben', revoked: true },
      records: 7,
      open: 8,
    });
    expect(await decided()).toHaveLength(2);
  });

  it('counts as the newest decision also where the clock of this machine runs behind', async () => {
    await journal.attest('kpi', acceptance({ at: '2026-11-21T12:00:00.000Z' }));
    expect(await accept({ revoke: true })).toMatchObject({
      acceptance: { at: '2026-11-21T12:00:00.001Z' },
      open: 8,
    });
  });

  it('counts as the newest of two decisions of one millisecond', async () => {
    await accept();
    expect((await accept({ revoke: true })).open).toBe(8);
    expect((await accept()).open).toBe(1);
  });

  it('knows the reasons of the plan, and those of the latest dry run, before anything is set aside', async () => {
    journal = new MemoryJournal();
    expect(await accept({ reason: 'KPI_UNLINKED' })).toMatchObject({ records: 0, open: 0 });
    expect((await refusal({ reason: 'PERSON_AMBIGUOUS' })).code).toBe('REASON_UNKNOWN');
    dry = new MemoryJournal();
    await past(dry, { step: 'links', record: { reasons: { PERSON_AMBIGUOUS: 1 } } });
    expect(await accept({ reason: 'PERSON_AMBIGUOUS' })).toMatchObject({ records: 0, open: 0 });
  });
});

describe('quarantine accept refuses', () => {
  it('a reason for which nothing is set aside, and lists those that there are', async () => {
    expect(await refusal({ reason: 'KPI_MISING' })).toMatchObject({
      code: 'REASON_UNKNOWN',
      exit: 2,
      message: 'no record of plan kpi is set aside as KPI_MISING in staging',
      next: 'There are: CONFLICT (1 record), KPI_MISSING (7 records), KPI_UNLINKED (1 record). See node runner quarantine list --env staging',
    });
    expect(await decided()).toEqual([]);
  });

  it('a reason that only another step has', async () => {
    await journal.saveStep({ ...(await journal.steps(RUN))[0]!, reasons: { ID_INVALID: 6 } });
    expect(await refusal({ reason: 'ID_INVALID', step: 'readings' })).toMatchObject({
      code: 'REASON_UNKNOWN',
      message: 'no record of step readings is set aside as ID_INVALID in staging',
    });
  });

  it('an unknown step, an unknown plan, nobody', async () => {
    expect((await refusal({ step: 'reading' })).code).toBe('STEP_UNKNOWN');
    expect((await refusal({ plan: 'kpis' })).code).toBe('PLAN_UNKNOWN');
    expect(await refusal({ by: ' ' })).toMatchObject({ code: 'NAME_MISSING', exit: 2 });
  });

  it('to take back what is not accepted, and lists what is', async () => {
    expect(await refusal({ revoke: true })).toMatchObject({
      code: 'NOT_ACCEPTED',
      exit: 2,
      message: 'KPI_MISSING in any step is not accepted for plan kpi in staging',
      next: 'Nothing is accepted there.',
    });
    await accept({ step: 'links' });
    expect((await refusal({ revoke: true })).next).toBe('Accepted are: KPI_MISSING in links (by ann).');
    expect(await decided()).toHaveLength(1);
  });

  it('where there is no journal', async () => {
    hasTable = false;
    expect(await refusal({})).toMatchObject({
      code: 'TABLE_MISSING',
      exit: 3,
      message: 'there is no table waybill-journal-staging, so nothing has run in staging',
    });
  });
});
