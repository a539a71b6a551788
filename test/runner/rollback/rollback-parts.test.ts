import { contentDigest } from '../../../src/domain/storage/canonical-digest.js';
import type { StoredItem } from '../../../src/domain/storage/stored-value.js';
import { withStamp } from '../../../src/domain/storage/stored.js';
import type { MigrationPlan } from '../../../src/migrations/contract/migration-plan.js';
import type { SegmentCheckpoint, StepState } from '../../../src/runner/ports/journal.js';
import { inParallel } from '../../../src/runner/rollback/in-parallel.js';
import { requireNoDependents } from '../../../src/runner/rollback/rollback-admission.js';
import { NOTHING, RollbackCheckpoints } from '../../../src/runner/rollback/rollback-checkpoints.js';
import { ownershipOf } from '../../../src/runner/rollback/row-ownership.js';

/** The row after somebody added something to its stamp, which its digest leaves out. */
function noted(row: StoredItem): StoredItem {
  const stamp = row['_migration'];
  return { ...row, _migration: { M: { ...(stamp && 'M' in stamp ? stamp.M : {}), note: { S: 'checked' } } } };
}

describe('whose a row is', () => {
  const content = { id: { S: '1' }, size: { N: '1' } };
  const stamped = (source: string): ReturnType<typeof withStamp> =>
    withStamp(content, { source, run: 'run-1', digest: contentDigest(content) });

  it.each([
    ['ours', stamped('cargo#1'), {}],
    ['ours', stamped('cargo#1#2'), { ofRun: 'run-1' }],
    ['foreign', stamped('cargo#1'), { ofRun: 'run-2' }],
    ['foreign', stamped('cargo-old#1'), {}],
    ['foreign', stamped('carg'), {}],
    ['foreign', content, {}],
    ['foreign', { ...content, _migration: { S: 'cargo#1' } }, {}],
    ['edited', { ...stamped('cargo#1'), size: { N: '2' } }, {}],
    ['edited', { ...stamped('cargo#1'), added: { NULL: true } as const }, {}],
    ['ours', { ...stamped('cargo#1'), size: { N: '1.0' } }, {}],
    ['edited', noted(stamped('cargo#1')), {}],
    ['foreign', noted(stamped('cargo#1')), { ofRun: 'run-2' }],
  ] as const)(
    'invariant 9: is %s by its stamp and the digest of its content (%#)',
    (ownership, row, scope) => {
      expect(ownershipOf(row, { source: 'cargo', ...scope })).toBe(ownership);
    },
  );
});

describe('steps that stand on others', () => {
  const step = (name: string, ...requires: string[]) => ({ name, requires });
  const steps = [step('a'), step('b', 'a'), step('c', 'b'), step('d')];
  const plan = { name: 'kpi', steps } as unknown as MigrationPlan;
  const validated = (...names: string[]): StepState[] =>
    names.map((name) => ({
      ...{
        plan: 'kpi',
        step: name,
        status: 'validated',
        run: 'r',
        planVersion: 'v',
        at: '2026-11-21T08:00:00Z',
      },
    }));
  const required = (states: readonly StepState[], production = false): void => {
    requireNoDependents(plan, { steps: ['a'] }, states, { name: 'dev', production });
  };

  it('are named to the last, and the command that rolls all of them back', () => {
    expect(() => required(validated('a', 'b', 'c', 'd'))).toThrow(
      expect.objectContaining({
        code: 'ROLLBACK_DEPENDENTS',
        message: 'rows of b, c hang on those of a and are not to be rolled back',
        next: 'Roll them back, too: node runner rollback --env dev --step a --step b --step c',
      }),
    );
    expect(() => required(validated('b'), true)).toThrow(
      expect.objectContaining({ next: expect.stringMatching(/--step a --step b --confirm-production$/) }),
    );
  });

  it('are no obstacle where they never ran, or are rolled back', () => {
    expect(() => required(validated('a', 'd'))).not.toThrow();
    const [b] = validated('b');
    expect(() => required([{ ...(b as StepState), status: 'rolled-back' }])).not.toThrow();
    expect(() => required([{ ...(b as StepState), status: 'failed' }])).toThrow();
  });
});

describe('work in parallel', () => {
  it('does everything, at most so much at a time', async () => {
    let [now, most] = [0, 0];
    const done: number[] = [];
    await inParallel([1, 2, 3, 4, 5, 6, 7], 3, async (item) => {
      most = Math.max(most, (now += 1));
      await new Promise(setImmediate);
      now -= 1;
      done.push(item);
    });
    expect(done.sort()).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(most).toBe(3);
  });

  it('begins nothing after a failure, and throws it once all is at rest', async () => {
    const [begun, ended]: [number[], number[]] = [[], []];
    const work = inParallel([1, 2, 3, 4, 5, 6], 2, async (item) => {
      begun.push(item);
      if (item === 2) throw new Error('second');
      await new Promise((resolve) => setTimeout(resolve, 5));
      ended.push(item);
    });
    await expect(work).rejects.toThrow('second');
    expect(begun).toEqual([1, 2]);
    expect(ended).toEqual([1]);
  });
});

describe('the checkpoints of a rollback', () => {
  const cursor = { id: { S: 'x' } };
  const open = (stored: readonly SegmentCheckpoint[] = [], parts = 1) => {
    const saved: SegmentCheckpoint[] = [];
    const journal = {
      saveCheckpoint: (checkpoint: SegmentCheckpoint) => Promise.resolve(void saved.push(checkpoint)),
    };
    return { saved, checkpoints: new RollbackCheckpoints(journal, 'run', 'step', parts, stored) };
  };

  it('invariant 6: announce rows before they go, and forget them when they are counted', async () => {
    const { saved, checkpoints } = open();
    await checkpoints.announce(0, ['a', 'b']);
    expect(saved.at(-1)).toMatchObject({ slices: 0, announced: ['a', 'b'], counters: {}, done: false });
    await checkpoints.cover(0, { removed: 2, kept: 1, foreign: 3 }, cursor);
    expect(saved.at(-1)).toEqual({
      ...{ run: 'run', step: 'step', segment: 0, slices: 1, done: false, reasons: {}, announced: [], cursor },
      counters: { removed: 2, kept: 1, foreign: 3 },
    });
    await checkpoints.cover(0, NOTHING, undefined);
    expect(saved.at(-1)).toMatchObject({ slices: 2, done: true, counters: { removed: 2 } });
    expect(saved.at(-1)).not.toHaveProperty('cursor');
    expect(checkpoints.from(0)).toBe('done');
  });

  it('invariant 6: count what a killed process had announced and the scan does not meet again, once', async () => {
    const first = open();
    await first.checkpoints.announce(0, ['a', 'b', 'c']);
    const second = open(first.saved.slice(-1));
    second.checkpoints.met(0, ['b'], (row) => row);
    await second.checkpoints.announce(0, ['b']);
    // killed once more, after b is gone, too
    const third = open(second.saved.slice(-1));
    expect(third.checkpoints.tally().removed).toBe(0);
    third.checkpoints.met(0, [], (row: string) => row);
    await third.checkpoints.cover(0, NOTHING, cursor);
    expect(third.checkpoints.tally().removed).toBe(3);
    expect(third.saved.at(-1)).toMatchObject({ announced: ['a', 'c', 'b'], counters: { removed: 0 } });
    // c was not gone: the application had put rows before it
    third.checkpoints.met(0, ['c'], (row) => row);
    await third.checkpoints.cover(0, { removed: 1, kept: 0, foreign: 0 }, undefined);
    expect(third.saved.at(-1)).toMatchObject({ announced: [], counters: { removed: 3 } });
    expect(third.checkpoints.tally().removed).toBe(3);
  });

  it('invariant 12: name no more rows than a journal item holds, whatever happens', async () => {
    const names = Array.from({ length: 10_000 }, (_, index) => `row-${index}`);
    const first = open();
    await first.checkpoints.announce(0, names);
    const second = open(first.saved.slice(-1));
    await second.checkpoints.cover(0, NOTHING, cursor);
    expect(second.saved.at(-1)?.announced).toHaveLength(4_000);
    expect(second.saved.at(-1)?.announced.at(-1)).toBe('row-9999');
    expect(second.checkpoints.tally().removed).toBe(10_000);
    await second.checkpoints.cover(0, NOTHING, undefined);
    expect(second.saved.at(-1)?.counters).toMatchObject({ removed: 10_000 });
  });

  it('cover the entries of slices that they count', async () => {
    const { checkpoints } = open([], 2);
    await checkpoints.cover(1, NOTHING, cursor);
    const entry = { kind: 'kept', step: 's', source: 't#1', reason: 'EDITED', detail: 'd' } as const;
    const covers = (segment: number, number: number): boolean =>
      checkpoints.covers({ ...entry, slice: { segment, number } });
    expect([covers(1, 0), covers(1, 1), covers(0, 0)]).toEqual([true, false, false]);
    expect(checkpoints.slice(1)).toBe(1);
  });
});
