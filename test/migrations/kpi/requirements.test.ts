import type { StoredItem } from '../../../src/domain/storage/stored-value.js';
import type { StepResult } from '../../../src/runner/application.js';
import type { ServiceParts } from '../../../src/runner/services/service-parts.js';
import type { MemoryStore } from '../../../src/infrastructure/memory/memory-store.js';
import type { RecordReader } from '../../../src/migrations/contract/record-reader.js';
import type { RecordSink } from '../../../src/runner/ports/record-sink.js';
import { KpiTrial, kpiPlanInMemory } from '../../support/engine/kpi-trial.js';
import { column, migrated, outcomes, rowOf, told, withSource } from '../../support/engine/observed.js';
import {
  actual,
  changed,
  id,
  kpi,
  link,
  milestone,
  onKpi,
  person,
  reading,
} from '../../support/engine/small-rows.js';
import { TABLE } from '../../support/kpi/tables.js';

// Computed with Python's hashlib and struct from the published recipe.
const M1_ON_LINK_2 = '8dd1b5e0-e2a6-5bc8-96d3-6c3ffcfb4391';
const A1_ON_LINK_2 = 'b7784646-239d-5b11-bf7a-c614fb284d48';
const R1_ON_LINK_2 = 'e03660d3-70df-56c2-88a9-2e5accfb5886';

const TABLES = {
  [TABLE.kpis]: [kpi(1), kpi(2)],
  [TABLE.people]: [person(1)],
  [TABLE.links]: [link(1), link(2)],
  [TABLE.milestones]: [milestone(1)],
  [TABLE.actuals]: [actual(1)],
  [TABLE.readings]: [reading(1)],
};
const STEPS = ['links', 'milestones', 'actuals', 'readings'];

interface Event {
  readonly event: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

function spyLog(): { readonly log: ServiceParts['log']; readonly events: Event[] } {
  const events: Event[] = [];
  const log = {
    event: (_level: string, event: string, fields: Readonly<Record<string, unknown>> = {}): void =>
      void events.push({ event, fields }),
    toFile: () => undefined,
  };
  return { log, events };
}

async function logged(): Promise<Event[]> {
  const { log, events } = spyLog();
  await (await new KpiTrial({}, { log }).put(TABLES)).run();
  return events;
}

const checkOf = (step: StepResult | undefined, name: string): unknown =>
  step?.checks.find((check) => check.name === `${step.step}: ${name}`);

describe('what each kind becomes', () => {
  it('K-01, K-11, K-13: a link gets the person of the owner, and no strategy', async () => {
    const { trial } = await migrated({
      ...TABLES,
      [TABLE.people]: [person(1), person(2)],
      [TABLE.links]: [link(1, { createdBy: { S: id('a5', 2) } })],
    });
    const [row] = trial.store.rows(TABLE.kpiLinks);
    expect(row).toMatchObject({
      personId: { S: id('be', 1) },
      createdBy: { S: id('a5', 2) },
      isPrimary: { BOOL: false },
    });
    expect(Object.keys(row ?? {})).not.toContain('strategyId');
  });

  it('K-11: a KPI without an owner leaves the link to its creator', async () => {
    const { trial } = await migrated({
      ...TABLES,
      [TABLE.kpis]: [changed(kpi(1), { ownerId: undefined })],
      [TABLE.people]: [person(1), person(2)],
      [TABLE.links]: [link(1, { createdBy: { S: id('a5', 2) } })],
    });
    expect(column(trial, TABLE.kpiLinks, 'personId')).toEqual([id('be', 2)]);
  });

  it('K-02, K-16, K-17, K-18: a milestone becomes the target of each link', async () => {
    const { trial } = await migrated({
      ...TABLES,
      [TABLE.milestones]: [
        milestone(1, {
          targetValue: { N: '1250.75' },
          label: { S: 'Half-year' },
          confidenceLevel: { N: '85' },
          rationale: { S: 'Last year plus ten' },
          createdBy: { S: 'A5000000-0000-4000-8000-000000000002' },
          updatedBy: { S: 'a5000000-0000-4000-8000-000000000003' },
          updatedAt: { S: '2024-01-05T11:15:00Z' },
        }),
      ],
    });
    const expected = (rowId: string, linkId: string): unknown => ({
      id: { S: rowId },
      tenantId: { S: '7e000000-0000-4000-8000-000000000001' },
      kpiLinkId: { S: linkId },
      dataCategory: { S: 'Target' },
      targetSubtype: { S: 'Expected' },
      postValue: { N: '1250.75' },
      postDate: { S: '2024-06-30' },
      label: { S: 'Half-year' },
      confidenceLevel: { N: '85' },
      rationale: { S: 'Last year plus ten' },
      isManualOverride: { BOOL: false },
      dataSource: { S: 'Manual' },
      triggersReplan: { BOOL: false },
      replanThresholdExceeded: { BOOL: false },
      recordedBy: { S: 'a5000000-0000-4000-8000-000000000002' },
      recordedAt: { S: '2024-01-01T00:00:00Z' },
      createdBy: { S: 'a5000000-0000-4000-8000-000000000002' },
      createdAt: { S: '2024-01-01T00:00:00Z' },
      updatedBy: { S: 'a5000000-0000-4000-8000-000000000003' },
      updatedAt: { S: '2024-01-05T11:15:00Z' },
      _migration: 'purposepath-kpi-milestones#d1000000-0000-4000-8000-000000000001',
    });
    expect(withSource(rowOf(trial, TABLE.kpiData, id('d1', 1)))).toEqual(expected(id('d1', 1), id('11', 1)));
    expect(withSource(rowOf(trial, TABLE.kpiData, M1_ON_LINK_2))).toEqual(
      expected(M1_ON_LINK_2, id('11', 2)),
    );
  });

  it('K-03, K-20, K-21, K-22: an actual becomes the measured value of each link', async () => {
    const { trial } = await migrated({
      ...TABLES,
      [TABLE.actuals]: [
        actual(1, {
          originalValue: { N: '18' },
          isManualOverride: { BOOL: true },
          overrideComment: { S: 'Late invoice' },
          dataSource: { S: 'Integration' },
          sourceReferenceId: { S: 'erp-4711' },
          triggersReplan: { BOOL: true },
          replanThresholdExceeded: { BOOL: true },
          autoAdjustmentApplied: { BOOL: false },
        }),
      ],
    });
    expect(withSource(rowOf(trial, TABLE.kpiData, A1_ON_LINK_2))).toEqual({
      id: { S: A1_ON_LINK_2 },
      tenantId: { S: '7e000000-0000-4000-8000-000000000001' },
      kpiLinkId: { S: '11000000-0000-4000-8000-000000000002' },
      dataCategory: { S: 'Actual' },
      actualSubtype: { S: 'Measured' },
      postValue: { N: '20' },
      postDate: { S: '2024-06-30' },
      originalValue: { N: '18' },
      isManualOverride: { BOOL: true },
      overrideComment: { S: 'Late invoice' },
      dataSource: { S: 'Integration' },
      sourceReferenceId: { S: 'erp-4711' },
      triggersReplan: { BOOL: true },
      replanThresholdExceeded: { BOOL: true },
      autoAdjustmentApplied: { BOOL: false },
      recordedBy: { S: 'a5000000-0000-4000-8000-000000000001' },
      recordedAt: { S: '2024-07-01T00:00:00Z' },
      createdBy: { S: 'a5000000-0000-4000-8000-000000000001' },
      createdAt: { S: '2024-07-01T00:00:00Z' },
      _migration: 'purposepath-kpi-actuals#d2000000-0000-4000-8000-000000000001',
    });
  });
});

describe('the log of what was migrated', () => {
  const pairs = (events: readonly Event[], step: string): unknown[] =>
    events.flatMap(({ event, fields }) =>
      event === 'records.migrated' && fields['step'] === step ? (fields['pairs'] as unknown[]) : [],
    );

  it('K-15, K-22: names the old and the new ids of each record', async () => {
    const events = await logged();
    const link1 = {
      source: `purposepath-goal-kpi-links#${id('11', 1)}`,
      outcome: 'created',
      ids: [id('11', 1)],
    };
    expect(pairs(events, 'links')).toEqual(expect.arrayContaining([expect.objectContaining(link1)]));
    expect(pairs(events, 'links')).toHaveLength(2);
    const actual1 = {
      source: `purposepath-kpi-actuals#${id('d2', 1)}`,
      outcome: 'created',
      ids: [id('d2', 1), A1_ON_LINK_2],
    };
    expect(pairs(events, 'actuals')).toEqual([expect.objectContaining(actual1)]);
    const reading1 = {
      source: `purposepath-kpi-readings#${id('d3', 1)}`,
      outcome: 'created',
      ids: [id('d3', 1), R1_ON_LINK_2],
    };
    expect(pairs(events, 'readings')).toEqual([expect.objectContaining(reading1)]);
  });

  it('K-19: names milestone, data and link ids of each milestone', async () => {
    const text = JSON.stringify(pairs(await logged(), 'milestones'));
    for (const part of [id('d1', 1), M1_ON_LINK_2, id('11', 1), id('11', 2)]) expect(text).toContain(part);
  });

  it('invariant 11: holds no attribute value', async () => {
    const { log, events } = spyLog();
    const secret = {
      label: { S: 'secret words' },
      rationale: { S: 'secret words' },
      createdBy: { S: 'secret words' },
      odd: { S: 'secret words' },
    };
    const trial = await new KpiTrial({}, { log }).put({
      ...TABLES,
      [TABLE.milestones]: [
        milestone(1, secret),
        milestone(2, { ...secret, targetValue: { S: 'secret words' } }),
        milestone(3, { ...secret, ...onKpi(2) }),
      ],
    });
    await trial.run();
    trial.store.load(TABLE.kpiData, [
      changed(rowOf(trial, TABLE.kpiData, id('d1', 1)), { label: { S: 'secret words too' } }),
    ]);
    await trial.run();
    const { findings } = await trial.validate();
    const details = [
      ...(await trial.entries('quarantine')),
      ...(await trial.entries('conflict')),
      ...(await trial.entries('warning')),
    ];
    expect(details.length).toBeGreaterThan(3);
    expect(JSON.stringify([events, findings, details])).not.toContain('secret');
  });
});

describe('validation', () => {
  it('K-07, K-29: follows each step before the next one starts, in the order of the plan', async () => {
    const events = (await logged()).filter(({ event }) => event.startsWith('step.'));
    expect(
      events.map(({ event, fields }) => `${event} ${String(fields['step'])} ${String(fields['status'])}`),
    ).toEqual(STEPS.flatMap((step) => [`step.started ${step} undefined`, `step.ended ${step} validated`]));
  });

  it('K-29: runs the steps in the order of the plan whatever order they are asked for in', async () => {
    const trial = await new KpiTrial().put(TABLES);
    const result = await trial.run({ steps: ['readings', 'links', 'readings'] });
    expect(result.steps.map(({ step, status }) => `${step} ${status}`)).toEqual([
      'links validated',
      'readings validated',
    ]);
  });

  it('K-23: compares links old and new by their keys, and tells the numbers', async () => {
    const { result } = await migrated(TABLES);
    expect(checkOf(result.steps[0], 'every source record accounted for')).toEqual({
      name: 'links: every source record accounted for',
      passed: true,
      expected: 2,
      found: 2,
    });
    expect(checkOf(result.steps[0], 'no row extra')).toMatchObject({ passed: true, expected: 0, found: 0 });
  });

  it('K-24: judges targets, actuals and readings exactly, each for itself', async () => {
    const { result } = await migrated(TABLES);
    expect(result.steps.map((step) => checkOf(step, 'records read by the run'))).toMatchObject([
      { expected: 2, found: 2, passed: true },
      { expected: 1, found: 1, passed: true },
      { expected: 1, found: 1, passed: true },
      { expected: 1, found: 1, passed: true },
    ]);
    expect(result.steps.map(({ counters }) => counters.rows)).toEqual([2, 2, 2, 2]);
  });

  it('K-25: compares every link, not a hundred of them', async () => {
    const { trial } = await migrated({
      ...TABLES,
      [TABLE.links]: Array.from({ length: 150 }, (_, at) => link(1, { id: { S: id('11', at + 1) } })),
    });
    for (const row of trial.store.rows(TABLE.kpiLinks))
      trial.store.load(TABLE.kpiLinks, [changed(row, { goalId: { S: id('90', 9) } })]);
    expect((await trial.validate({ steps: ['links'] })).findings).toHaveLength(150);
  });

  it('K-26: fails for data without its link', async () => {
    const { trial } = await migrated(TABLES);
    const row = rowOf(trial, TABLE.kpiData, id('d3', 1));
    trial.store.load(TABLE.kpiData, [
      changed(row, { id: { S: id('e0', 1) }, kpiLinkId: { S: id('11', 9) } }),
    ]);
    const { passed, findings } = await trial.validate();
    expect([passed, told(findings)]).toEqual([false, [`readings orphan ${id('e0', 1)} kpiLinkId`]]);
  });

  it('K-27: gives the same named checks for each step, passed or not', async () => {
    const names = [
      ...[
        'every source record accounted for',
        'rows of this kind of record',
        'no row missing',
        'no row extra',
      ],
      ...['every field equal', 'ids preserved', 'no orphans', 'one tenant along every chain'],
    ];
    const afterRun = ['records read by the run', 'records without an outcome', 'quarantined by the run'];
    const { trial, result } = await migrated(TABLES);
    expect(result.steps.map(({ checks }) => checks.map(({ name }) => name))).toEqual(
      STEPS.map((step) => [...names, ...afterRun].map((name) => `${step}: ${name}`)),
    );
    trial.store.erase(TABLE.kpiData, { id: { S: id('d3', 1) } });
    const { checks } = await trial.validate({ steps: ['readings'] });
    expect(checks.map(({ name, passed }) => `${name} ${passed}`)).toEqual(
      names.map(
        (name) =>
          `readings: ${name} ${!['every source record accounted for', 'rows of this kind of record', 'no row missing'].includes(name)}`,
      ),
    );
  });

  it('K-29, K-31: stops after a step that fails, marks it, and leaves the later steps not run', async () => {
    const trial = await new KpiTrial().put(TABLES);
    await trial.run({ steps: ['links', 'milestones'] });
    trial.store.erase(TABLE.milestones, { id: { S: id('d1', 1) } });
    const result = await trial.run();
    expect([result.exit, result.status]).toEqual([1, 'failed']);
    expect(result.steps.map(({ step, status }) => `${step} ${status}`)).toEqual([
      'links validated',
      'milestones failed',
      'actuals not-run',
      'readings not-run',
    ]);
    expect(told(result.steps[1]?.findings ?? [])).toEqual([
      `milestones extra ${M1_ON_LINK_2}`,
      `milestones extra ${id('d1', 1)}`,
    ]);
    expect(column(trial, TABLE.kpiData, 'dataCategory')).toEqual(['Target', 'Target']);
    expect((await trial.journal.states('kpi')).map(({ step, status }) => `${step} ${status}`)).toEqual([
      'links validated',
      'milestones failed',
    ]);
    expect(await trial.entries('finding')).toMatchObject([
      { source: `purposepath-kpi-data#${M1_ON_LINK_2}`, reason: 'extra' },
      { source: `purposepath-kpi-data#${id('d1', 1)}`, reason: 'extra' },
    ]);
  });

  it('K-31: a failed step blocks every step behind it until a validation is clean; the step itself may run again', async () => {
    const { trial } = await migrated(TABLES);
    const lost = rowOf(trial, TABLE.milestones, id('d1', 1));
    trial.store.erase(TABLE.milestones, { id: { S: id('d1', 1) } });
    expect((await trial.run({ steps: ['milestones'] })).exit).toBe(1);
    await expect(trial.run({ steps: ['actuals'] })).rejects.toMatchObject({
      code: 'STEP_PREREQUISITE',
      exit: 3,
    });
    expect((await trial.run({ steps: ['links'] })).exit).toBe(0);
    expect((await trial.run({ steps: ['milestones'] })).exit).toBe(1);
    trial.store.load(TABLE.milestones, [lost]);
    await trial.validate();
    expect((await trial.run({ steps: ['actuals'] })).exit).toBe(0);
  });
});

describe('the plan', () => {
  it('K-33: has one step per entity, in this order', () => {
    expect(kpiPlanInMemory().steps.map(({ name, phase }) => [phase.number, name])).toEqual([
      [2, 'links'],
      [3, 'milestones'],
      [4, 'actuals'],
      [5, 'readings'],
    ]);
  });

  it('K-10: writes to the two target tables, inserts people, and reads everything else', () => {
    const writable = kpiPlanInMemory().tables.filter(
      ({ role, insertable }) => role === 'target' || insertable === true,
    );
    expect(writable.map(({ name, role }) => `${name} ${role}`)).toEqual([
      'purposepath-people lookup',
      'purposepath-kpi-links target',
      'purposepath-kpi-data target',
    ]);
  });
});

describe('the progress comment', () => {
  const progress = (trial: KpiTrial): ReturnType<KpiTrial['application']['progress']> =>
    trial.application.progress({ plan: 'kpi' });
  const phases = (one: { done: boolean; records: number }[]): unknown =>
    one.map(({ done, records }) => [done, records]);

  it('K-36, K-37: says In Progress and ticks nothing before anything has run', async () => {
    const summary = await progress(await new KpiTrial().put(TABLES));
    expect(summary).toMatchObject({
      status: 'In Progress',
      env: 'Dev',
      date: '2026-11-21',
      notes: ['Nothing has run in this environment yet.'],
    });
    expect(summary.phases).toEqual([
      { number: 2, title: 'GoalKpiLink migration', done: false, records: 0 },
      { number: 3, title: 'KpiMilestone migration', done: false, records: 0 },
      { number: 4, title: 'KpiActual migration', done: false, records: 0 },
      { number: 5, title: 'KpiReading migration', done: false, records: 0 },
    ]);
    expect(summary.checks).toEqual({ total: 0, passed: 0, failed: 0 });
  });

  it('K-36, K-37, K-38: says Complete with the records of each phase after a clean run', async () => {
    const { trial } = await migrated(TABLES);
    const summary = await progress(trial);
    expect([summary.status, phases([...summary.phases])]).toEqual([
      'Complete',
      [
        [true, 2],
        [true, 1],
        [true, 1],
        [true, 1],
      ],
    ]);
    expect(summary.checks).toEqual({ total: 44, passed: 44, failed: 0 });
    expect(summary.issues).toEqual([]);
  });

  it('K-37: leaves the phases unticked that were not run, with no records', async () => {
    const trial = await new KpiTrial().put(TABLES);
    await trial.run({ steps: ['links'] });
    const summary = await progress(trial);
    expect([summary.status, phases([...summary.phases])]).toEqual([
      'In Progress',
      [
        [true, 2],
        [false, 0],
        [false, 0],
        [false, 0],
      ],
    ]);
  });

  it('K-36, K-38: says Blocked with the issues after a run with quarantined records and a conflict', async () => {
    const own: StoredItem = { ...milestone(1), kpiLinkId: { S: id('11', 1) } };
    const { trial, result } = await migrated({
      ...TABLES,
      [TABLE.actuals]: [actual(1), actual(2, onKpi(2))],
      [TABLE.kpiData]: [own],
    });
    expect(outcomes(result)).toMatchObject({
      milestones: { conflict: 1 },
      actuals: { created: 1, quarantined: 1 },
    });
    const summary = await progress(trial);
    expect(summary.status).toBe('Blocked');
    expect(phases([...summary.phases])).toEqual([
      [true, 2],
      [true, 0],
      [true, 1],
      [true, 1],
    ]);
    expect(summary.issues).toEqual([
      'milestones: 1 record in conflict with existing rows',
      'actuals: 1 record quarantined as KPI_UNLINKED',
    ]);
  });

  it('A-42: says Blocked with the reason after a refused run, and In Progress after one that was stopped', async () => {
    const controller = new AbortController();
    const store = (memory: MemoryStore): { reader: RecordReader; sink: RecordSink } => {
      const insert: RecordSink['insert'] = (rows) => {
        controller.abort();
        return memory.insert(rows);
      };
      const sink: RecordSink = {
        insert,
        check: (row) => memory.check(row),
        replace: (row, image) => memory.replace(row, image),
        remove: (table, image) => memory.remove(table, image),
      };
      return { reader: memory, sink };
    };
    const trial = await new KpiTrial({}, { store }).put(TABLES);
    await expect(trial.run({ steps: ['milestones'] })).rejects.toMatchObject({ code: 'STEP_PREREQUISITE' });
    const refused = await progress(trial);
    expect([refused.status, refused.issues]).toEqual([
      'Blocked',
      [
        expect.stringContaining(
          'last run refused: STEP_PREREQUISITE: step milestones needs a validated links step',
        ),
      ],
    ]);
    expect((await trial.run({ signal: controller.signal })).exit).toBe(4);
    const stopped = await progress(trial);
    expect([stopped.status, stopped.issues]).toEqual(['In Progress', []]);
  });

  it('K-38: counts failed checks and names them', async () => {
    const { trial } = await migrated(TABLES);
    trial.store.erase(TABLE.readings, { id: { S: id('d3', 1) } });
    await trial.run({ steps: ['readings'] });
    const summary = await progress(trial);
    expect([summary.status, summary.checks]).toEqual(['Blocked', { total: 44, passed: 42, failed: 2 }]);
    expect(phases([...summary.phases])).toEqual([
      [true, 2],
      [true, 1],
      [true, 1],
      [false, 0],
    ]);
    expect(summary.issues).toEqual([
      'check failed: readings: rows of this kind of record (expected 0, found 2)',
      'check failed: readings: no row extra (expected 0, found 2)',
    ]);
  });
});
