import { observedLeases } from '../../../src/conformance/trial/mortal-leases.js';
import { textOf } from '../../../src/domain/storage/stored-value.js';
import { noCounters } from '../../../src/runner/engine/counters.js';
import type { RecordReader } from '../../../src/migrations/contract/record-reader.js';
import type { Journal } from '../../../src/runner/ports/journal.js';
import { differences } from '../../support/faults/end-state.js';
import { endOf } from '../../support/engine/interruptions.js';
import { beforeInserts } from '../../support/engine/inserts.js';
import { KpiTrial, type Surroundings } from '../../support/engine/kpi-trial.js';
import { outcomes } from '../../support/engine/observed.js';
import { actual, id, kpi, link, milestone, reading } from '../../support/engine/small-rows.js';
import { TABLE } from '../../support/kpi/tables.js';

const all = <T>(count: number, make: (n: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index + 1));

type StoreAround = NonNullable<Surroundings['store']>;

const MILESTONES = 700;
const TABLES = {
  [TABLE.kpis]: [kpi(1)],
  [TABLE.people]: [],
  [TABLE.links]: [link(1)],
  [TABLE.milestones]: [
    ...all(MILESTONES - 1, (n) => milestone(n)),
    milestone(MILESTONES, { targetValue: { S: 'many' } }),
  ],
  [TABLE.actuals]: all(3, (n) => actual(n)),
  [TABLE.readings]: all(3, (n) => reading(n)),
};

/** One segment with one page of all milestones, which goes in chunks of 250. */
const trialOf = (segments = 1): Promise<KpiTrial> =>
  new KpiTrial({ segments }, { pageSize: 10_000 }).put(TABLES);

/** Rows for the data table that are sent, and a call before the n-th batch of them. */
function sending(sent: string[], n: number, call: () => unknown): StoreAround {
  let batches = 0;
  return beforeInserts(async (rows) => {
    const data = rows.filter(({ table }) => table === TABLE.kpiData);
    if (data.length > 0 && (batches += 1) === n) await call();
    sent.push(...data.map(({ item }) => textOf(item['id']) ?? ''));
  });
}

/** Calls when a table is scanned for the n-th time. */
const scanning =
  (table: string, n: number, call: () => unknown): StoreAround =>
  (store) => {
    let scans = 0;
    const reader: RecordReader = {
      get: (name, keys) => store.get(name, keys),
      positionBehind: (name, row) => store.positionBehind(name, row),
      scan: (name, options) => {
        if (name === table && (options?.segment?.index ?? 0) === 0 && (scans += 1) === n) call();
        return store.scan(name, options);
      },
    };
    return { reader, sink: store };
  };

describe('a run that the operator stops in the middle of a page', () => {
  const stopped = async (trial: KpiTrial, sent: string[]) => {
    const controller = new AbortController();
    const process = trial.process({ store: sending(sent, 2, () => controller.abort()) });
    return process.run({ signal: controller.signal });
  };

  it('invariant 10: finishes the chunk, ends as aborted with exit 4, and says what is left', async () => {
    const trial = await trialOf();
    const result = await stopped(trial, []);
    expect(result).toMatchObject({
      status: 'aborted',
      exit: 4,
      error: {
        code: 'ABORTED',
        message:
          'the run was stopped; where it stands: links validated, milestones begun, 500 records settled, ' +
          'actuals not begun, readings not begun',
        next: `Go on with run ${result.run}: node runner run --env dev --resume`,
      },
    });
    expect(trial.store.rows(TABLE.kpiData)).toHaveLength(499);
    expect(await trial.entries('quarantine')).toHaveLength(1);
    expect(await trial.journal.run(result.run)).toMatchObject({
      status: 'aborted',
      error: { code: 'ABORTED' },
    });
    expect((await trial.leases.current('kpi'))?.released).toBe(true);
  });

  it('invariant 6: covers what is settled, so that nothing of it is sent again when it is resumed', async () => {
    const uninterrupted = await trialOf();
    await uninterrupted.run();
    const trial = await trialOf();
    const sent: string[] = [];
    const { run } = await stopped(trial, sent);
    expect(sent).toHaveLength(499);
    const [checkpoint] = await trial.journal.checkpoints(run, 'milestones');
    expect(checkpoint).toMatchObject({
      slices: 1,
      done: false,
      counters: { read: 500, created: 499, quarantined: 1 },
    });
    const process = trial.process({ store: sending(sent, 0, () => undefined) });
    const result = await process.run();
    expect([result.run, outcomes(result)['milestones']]).toEqual([
      run,
      { created: MILESTONES - 1, quarantined: 1 },
    ]);
    expect(new Set(sent).size).toBe(sent.length);
    expect(differences(await endOf(uninterrupted), await endOf(trial))).toEqual([]);
  });

  it('covers the part of each segment that is settled, where there are several', async () => {
    const trial = await trialOf(3);
    const sent: string[] = [];
    const { steps } = await stopped(trial, sent);
    expect(steps[1]?.counters.read).toBe(sent.length + (steps[1]?.counters.quarantined ?? 0));
    const result = await trial.process({ store: sending(sent, 0, () => undefined) }).run();
    expect(new Set(sent).size).toBe(sent.length);
    expect(outcomes(result)['milestones']).toEqual({ created: MILESTONES - 1, quarantined: 1 });
  });

  it('is resumed as often as it is stopped', async () => {
    const trial = await trialOf();
    const sent: string[] = [];
    for (let time = 0; time < 4; time += 1) {
      const controller = new AbortController();
      const process = trial.process({ store: sending(sent, 1, () => controller.abort()) });
      expect((await process.run({ signal: controller.signal })).exit).toBe(4);
    }
    const result = await trial.process({ store: sending(sent, 0, () => undefined) }).run();
    expect([result.exit, outcomes(result)['milestones']]).toEqual([
      1,
      { created: MILESTONES - 1, quarantined: 1 },
    ]);
    expect(new Set(sent).size).toBe(sent.length);
    expect((await trial.journal.run(result.run))?.resumedAt).toHaveLength(4);
  });
});

describe('a run that somebody elsewhere asks to stop', () => {
  it('ends like one that its own operator stops', async () => {
    const trial = await new KpiTrial({ segments: 1 }, { pageSize: 10_000 }).put(TABLES);
    // seen at the next heartbeat, which is soon for a lease of a second
    const waiting = async (): Promise<void> => {
      const asked = await trial.application.stop({ plan: 'kpi' });
      expect(asked.asked).toMatchObject({ plan: 'kpi', command: 'run', stopRequested: true });
      await new Promise((resolve) => setTimeout(resolve, 400));
    };
    const result = await trial.process({ store: sending([], 1, waiting) }).run({ leaseSeconds: 1 });
    expect([result.exit, result.error?.code, result.steps[1]?.counters.read]).toEqual([4, 'ABORTED', 250]);
    expect((await trial.process().run()).exit).toBe(1);
  });

  it('is not asked where nobody is at work', async () => {
    const trial = await trialOf();
    expect(await trial.application.stop({ plan: 'kpi' })).toEqual({ plan: 'kpi', env: 'dev' });
    await trial.run();
    expect(await trial.application.stop({ plan: 'kpi' })).toEqual({ plan: 'kpi', env: 'dev' });
  });
});

describe('a stop outside of a page', () => {
  it('before the lease leaves nothing begun: exit 4, no run, nothing read of the lease', async () => {
    const trial = await trialOf();
    const process = trial.process();
    await expect(process.run({ signal: AbortSignal.abort() })).rejects.toMatchObject({
      exit: 4,
      code: 'ABORTED',
      message: 'stopped before run began',
    });
    expect([await trial.journal.runs('kpi', 10), await trial.leases.current('kpi')]).toEqual([[], undefined]);
  });

  it('during a survey writes nothing of the step', async () => {
    const trial = await trialOf();
    const controller = new AbortController();
    // the look-ups of the links step read the table of links once before the survey does
    const process = trial.process({ store: scanning(TABLE.links, 2, () => controller.abort()) });
    const result = await process.run({ signal: controller.signal });
    expect([result.exit, result.error?.message]).toEqual([
      4,
      'the run was stopped; where it stands: links begun, 0 records settled, milestones not begun, actuals not begun, readings not begun',
    ]);
    expect([trial.store.rows(TABLE.people), trial.store.rows(TABLE.kpiLinks)]).toEqual([[], []]);
    const again = await trial.process().run();
    expect([again.run, outcomes(again)['links']]).toEqual([result.run, { created: 1 }]);
  });

  it('during the companions writes no more than the batch on its way', async () => {
    const kpis = all(1200, (n) => kpi(n, { ownerId: { S: id('a5', n) } }));
    const links = all(1200, (n) =>
      link(n, { kpiId: { S: id('c1', n) }, createdAt: { S: '2023-01-01T00:00:00Z' } }),
    );
    const trial = await new KpiTrial({ segments: 1 }, { pageSize: 10_000 }).put({
      ...TABLES,
      [TABLE.kpis]: kpis,
      [TABLE.links]: links,
    });
    const controller = new AbortController();
    const process = trial.process({
      store: beforeInserts(() => {
        controller.abort();
      }),
    });
    const result = await process.run({ signal: controller.signal });
    expect([result.exit, trial.store.rows(TABLE.people).length, trial.store.rows(TABLE.kpiLinks)]).toEqual([
      4,
      500,
      [],
    ]);
    expect(
      outcomes(await trial.process().run({ steps: ['links', 'milestones', 'actuals', 'readings'] }))['links'],
    ).toEqual({
      created: 1200,
    });
    expect(trial.store.rows(TABLE.people)).toHaveLength(1200);
  });

  it('during a verification keeps what is executed; only the verification is done again', async () => {
    const trial = await trialOf();
    const controller = new AbortController();
    let validating = false;
    const process = trial.process({
      journal: (journal) => noticing(journal, () => (validating = true)),
      store: (store) => ({
        sink: store,
        reader: {
          get: (table, keys) => store.get(table, keys),
          positionBehind: (table, row) => store.positionBehind(table, row),
          scan: (table, options) => {
            if (validating) controller.abort();
            return store.scan(table, options);
          },
        },
      }),
    });
    const result = await process.run({ signal: controller.signal });
    expect(result.error?.message).toMatch(/milestones begun, 700 records settled, actuals not begun/);
    const sent: string[] = [];
    const again = await trial.process({ store: sending(sent, 0, () => undefined) }).run();
    expect(again.steps[1]?.counters.read).toBe(MILESTONES);
    expect(sent.filter((row) => row.startsWith('d1'))).toEqual([]);
  });

  it('between two steps leaves the verdict on the next one as it was', async () => {
    const trial = await trialOf();
    await trial.run();
    const before = await trial.journal.states('kpi');
    const controller = new AbortController();
    const process = trial.process({
      journal: (journal) => noticing(journal, () => controller.abort(), 'links', 'validated'),
    });
    const result = await process.run({ signal: controller.signal });
    expect(result.steps.map(({ step, status }) => `${step} ${status}`)).toEqual([
      'links validated',
      'milestones not-run',
      'actuals not-run',
      'readings not-run',
    ]);
    const states = await trial.journal.states('kpi');
    expect(states.filter(({ step }) => step !== 'links')).toEqual(
      before.filter(({ step }) => step !== 'links'),
    );
    expect((await trial.process().run()).run).toBe(result.run);
  });
});

/** Calls when a step is journalled as settled to its end (or with a status) for the first time. */
function noticing(journal: Journal, call: () => unknown, step = 'milestones', status = 'running'): Journal {
  let done = false;
  const around = (inner: Journal): Journal =>
    new Proxy(inner, {
      get(target, property): unknown {
        const value = Reflect.get(target, property, target) as (...args: unknown[]) => unknown;
        if (property === 'fencedBy')
          return (...args: unknown[]) => around(value.apply(target, args) as Journal);
        if (property !== 'saveStep') return value.bind(target);
        return async (record: Parameters<Journal['saveStep']>[0]): Promise<void> => {
          await (value.call(target, record) as Promise<void>);
          const isIt = record.step === step && record.status === status && record.counters.read > 0;
          if (!isIt || done) return;
          done = true;
          call();
        };
      },
    });
  return around(journal);
}

describe('a runner that loses its lease', () => {
  /** Steals the lease at the n-th batch of data rows. */
  const robbed = async (
    trial: KpiTrial,
    n: number,
    then: () => Promise<unknown> = () => Promise.resolve(),
  ) => {
    const process = trial.process({
      store: sending([], n, async () => {
        await trial.leases.steal('kpi');
        await then();
      }),
    });
    return process.run();
  };

  it('invariant 7: ends with exit 3 LEASE_LOST, and writes nothing to the journal any more', async () => {
    const trial = await trialOf();
    let left: unknown;
    const snapshot = async (): Promise<unknown> => {
      const runs = await trial.journal.runs('kpi', 10);
      const steps = await Promise.all(runs.map(({ run }) => trial.journal.steps(run)));
      const checkpoints = await trial.journal.checkpoints(runs[0]?.run ?? '', 'milestones');
      return { runs, steps, checkpoints, states: await trial.journal.states('kpi') };
    };
    const result = await robbed(trial, 2, async () => {
      left = await snapshot();
    });
    expect(result).toMatchObject({ status: 'aborted', exit: 3, error: { code: 'LEASE_LOST' } });
    expect(await snapshot()).toEqual(left);
    expect((await trial.journal.run(result.run))?.status).toBe('running');
  });

  it('invariant 7: is told so also where it loses it before its first step; no refusal is noted down', async () => {
    const trial = await trialOf();
    const process = trial.process({
      leases: (leases) =>
        observedLeases(leases, async () => {
          await leases.steal('kpi');
        }),
    });
    await expect(process.run()).rejects.toMatchObject({ exit: 3, code: 'LEASE_LOST' });
    expect(await trial.journal.runs('kpi', 10)).toEqual([]);
  });

  it('invariant 7: does not harm the run of the new holder, who goes on with it', async () => {
    const uninterrupted = await trialOf();
    await uninterrupted.run();
    const trial = await trialOf();
    let second: Awaited<ReturnType<KpiTrial['run']>> | undefined;
    const first = await robbed(trial, 2, async () => {
      (await trial.leases.steal('kpi')).abandon();
      second = await trial.process().run();
    });
    expect([first.exit, first.error?.code]).toEqual([3, 'LEASE_LOST']);
    expect([second?.run, second?.resumed, second?.exit]).toEqual([first.run, true, 1]);
    expect(differences(await endOf(uninterrupted), await endOf(trial))).toEqual([]);
  });

  it('is refused beside a live runner, with who holds the lease and until when', async () => {
    const trial = await trialOf();
    let refusal: unknown;
    const process = trial.process({
      store: sending([], 1, async () => {
        refusal = await trial
          .process()
          .run()
          .catch((error: unknown) => error);
      }),
    });
    await process.run();
    expect(refusal).toMatchObject({
      exit: 3,
      code: 'LEASE_HELD',
      message: expect.stringMatching(/run by .* \(process \d+\) since .*Its lease ends at \d{4}-/),
    });
  });
});

describe('counters of a run that is cut off', () => {
  it('never tell more than what checkpoints cover once it is resumed', async () => {
    const trial = await trialOf();
    const controller = new AbortController();
    const result = await trial
      .process({ store: sending([], 1, () => controller.abort()) })
      .run({ signal: controller.signal });
    const [record] = (await trial.journal.steps(result.run)).filter(({ step }) => step === 'milestones');
    expect(record).toMatchObject({
      status: 'running',
      counters: { ...noCounters(), read: 250, rows: 249, created: 249, quarantined: 1 },
    });
  });
});
