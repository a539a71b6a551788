import type { MigrationPlan } from '../../../src/migrations/contract/migration-plan.js';
import type { IMigrationStep } from '../../../src/migrations/contract/migration-step.js';
import type { Page, RecordReader } from '../../../src/migrations/contract/record-reader.js';
import {
  addCounters,
  noCounters,
  recordOutcome,
  unaccounted,
  type RowOutcome,
} from '../../../src/runner/engine/counters.js';
import { parallelScan } from '../../../src/runner/engine/parallel-scan.js';
import { runId } from '../../../src/runner/engine/run-id.js';
import { SetAside } from '../../../src/runner/engine/set-aside.js';
import { requirePrerequisites, selectSteps } from '../../../src/runner/engine/step-selection.js';
import type { StepState } from '../../../src/runner/ports/journal.js';

describe('the outcome of a record', () => {
  it.each<[RowOutcome[], string]>([
    [['created'], 'created'],
    [['unchanged'], 'unchanged'],
    [['updated'], 'updated'],
    [['created', 'created'], 'created'],
    [['unchanged', 'created'], 'updated'],
    [['created', 'updated', 'unchanged'], 'updated'],
    [['unchanged', 'conflict', 'updated'], 'conflict'],
    [['conflict', 'rejected'], 'quarantined'],
  ])('of rows %j is %s', (rows, expected) => {
    expect(recordOutcome(rows)).toBe(expected);
  });

  it('invariant 1: counters add up, and tell how many records nobody knows of', () => {
    const sum = addCounters(
      { ...noCounters(), read: 3, rows: 5, created: 2 },
      { ...noCounters(), read: 2, rows: 1, conflict: 1 },
    );
    expect(sum).toEqual({
      read: 5,
      rows: 6,
      created: 2,
      updated: 0,
      unchanged: 0,
      skipped: 0,
      quarantined: 0,
      conflict: 1,
    });
    expect(unaccounted(sum)).toBe(2);
  });
});

describe('the id of a run', () => {
  it('is its start in UTC and six hex digits', () => {
    expect(runId(new Date('2026-11-21T05:35:12.987Z'), () => 0.5)).toBe('20261121T053512Z-800000');
    expect(runId(new Date('2026-11-21T05:35:12Z'), () => 0)).toBe('20261121T053512Z-000000');
    expect(runId(new Date('2026-11-21T05:35:12Z'), () => 0.99999999)).toBe('20261121T053512Z-ffffff');
  });

  it('sorts by time as text', () => {
    const ids = ['2026-12-01T00:00:00Z', '2026-11-30T23:59:59Z', '2027-01-01T00:00:00Z'].map((at) =>
      runId(new Date(at), () => 0),
    );
    expect(ids.toSorted()).toEqual([ids[1], ids[0], ids[2]]);
  });
});

describe('the selection of steps', () => {
  const step = (name: string, ...requires: string[]): IMigrationStep =>
    ({ name, requires }) as unknown as IMigrationStep;
  const plan = {
    name: 'kpi',
    steps: [step('a'), step('b', 'a'), step('c', 'a')],
  } as unknown as MigrationPlan;
  const state = (name: string, status: StepState['status']): StepState => {
    return {
      plan: 'kpi',
      step: name,
      status,
      run: '20261121T053512Z-000000',
      planVersion: 'v',
      at: '2026-11-21T05:35:12Z',
    };
  };
  const names = (asked?: string[]): string[] => selectSteps(plan, asked).map(({ name }) => name);
  const check = (asked: string[], ...states: StepState[]): void =>
    requirePrerequisites(plan, selectSteps(plan, asked), states, { name: 'dev', production: false });

  it('is all of them for none, and in the order of the plan for some', () => {
    expect([names(), names([]), names(['c', 'a']), names(['b', 'b'])]).toEqual([
      ['a', 'b', 'c'],
      ['a', 'b', 'c'],
      ['a', 'c'],
      ['b'],
    ]);
  });

  it('refuses unknown names, all of them, and lists the valid ones', () => {
    expect(() => names(['x', 'a', 'y'])).toThrow(
      expect.objectContaining({
        exit: 2,
        code: 'STEP_UNKNOWN',
        message: 'plan kpi has no step x, y',
        next: 'Valid steps: a, b, c.',
      }),
    );
  });

  it('K-X21: wants each required step validated here, or earlier in the same run', () => {
    expect(() => check(['b'])).toThrow(
      expect.objectContaining({
        exit: 3,
        code: 'STEP_PREREQUISITE',
        message: 'step b needs a validated a step in dev, but a has not run here',
        next: 'Run it first: node runner --env dev --step a',
      }),
    );
    expect(() => check(['b'], state('a', 'failed'))).toThrow(
      'a has not passed its validation (run 20261121T053512Z-000000)',
    );
    expect(() => check(['b'], state('a', 'validated'))).not.toThrow();
    expect(() => check(['c', 'a'], state('a', 'failed'))).not.toThrow();
  });

  it('A-04: names a command for production that production takes', () => {
    const production = { name: 'production', production: true };
    expect(() => requirePrerequisites(plan, selectSteps(plan, ['b']), [], production)).toThrow(
      expect.objectContaining({
        next: 'Run it first: node runner --env production --step a --confirm-production',
      }),
    );
  });

  it('invariant 8: refuses whatever comes after a step whose validation failed, required or not; never the step itself', () => {
    expect(() => check(['c'], state('a', 'validated'), state('b', 'failed'))).toThrow(
      expect.objectContaining({ code: 'STEP_PREREQUISITE' }),
    );
    expect(() => check(['b', 'c'], state('a', 'validated'), state('b', 'failed'))).not.toThrow();
    expect(() => check(['b'], state('a', 'validated'), state('b', 'failed'))).not.toThrow();
    expect(() => check(['b'], state('a', 'validated'), state('c', 'failed'))).not.toThrow();
    expect(() => check(['c'], state('a', 'validated'))).not.toThrow();
  });
});

describe('a scan in parallel segments', () => {
  /** Segment n has n + 1 pages of one row each. */
  const reader = (onPage: (segment: number) => void = () => undefined): RecordReader => ({
    scan: async function* (_table, options = {}): AsyncGenerator<Page> {
      const index = options.segment?.index ?? 0;
      for (let page = 0; page <= index; page += 1) {
        await new Promise(setImmediate);
        onPage(index);
        yield { items: [{ id: { S: `${index}/${page}` } }] };
      }
    },
    get: () => Promise.resolve([]),
    positionBehind: (_table, row) => row,
  });

  it('hands every page of every segment over once', async () => {
    const seen: string[] = [];
    await parallelScan(reader(), 't', 3, ({ items }, segment) => {
      seen.push(...items.map(({ id }) => `${segment}:${id !== undefined && 'S' in id ? id.S : ''}`));
      return Promise.resolve();
    });
    expect(seen.sort()).toEqual(['0:0/0', '1:1/0', '1:1/1', '2:2/0', '2:2/1', '2:2/2']);
  });

  it('throws the first failure only after every segment has come to rest', async () => {
    let running = 0;
    const work = parallelScan(reader(), 't', 4, async (_page, segment) => {
      running += 1;
      for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
      running -= 1;
      if (segment === 1) throw new RangeError('the first');
    });
    await expect(work).rejects.toThrow('the first');
    expect(running).toBe(0);
  });

  it('stops the other segments at their next page', async () => {
    const pages: number[] = [];
    const work = parallelScan(
      reader((segment) => pages.push(segment)),
      't',
      9,
      (_page, segment) => (segment === 0 ? Promise.reject(new RangeError('no')) : Promise.resolve()),
    );
    await expect(work).rejects.toThrow('no');
    expect(pages.length).toBeLessThan(30);
  });
});

describe('what is set aside', () => {
  it('reports a warning that is meant once only once a step, for the table and not for a record', () => {
    const aside = new SetAside({ name: 'links', source: 'old-links' });
    const settled = (id: string): Parameters<SetAside['entriesOf']>[0] => {
      const warning = { code: 'UNKNOWN_ATTRIBUTE', field: 'colour', detail: 'carried', once: true };
      const decision = {
        kind: 'rows',
        rows: [],
        anchored: false,
        warnings: [warning, { code: 'ODD', detail: 'odd' }],
      } as const;
      return { record: {}, source: `old-links#${id}`, outcome: 'created', rows: [], decision };
    };
    expect([...aside.entriesOf(settled('1')), ...aside.entriesOf(settled('2'))]).toEqual([
      {
        kind: 'warning',
        step: 'links',
        source: 'old-links',
        reason: 'UNKNOWN_ATTRIBUTE',
        field: 'colour',
        detail: 'carried',
      },
      { kind: 'warning', step: 'links', source: 'old-links#1', reason: 'ODD', detail: 'odd' },
      { kind: 'warning', step: 'links', source: 'old-links#2', reason: 'ODD', detail: 'odd' },
    ]);
  });
});
