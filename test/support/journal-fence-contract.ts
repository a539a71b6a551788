import { RefusedError } from '../../src/runner/ports/errors.js';
import type { Journal } from '../../src/runner/ports/journal.js';
import type { Fence } from '../../src/runner/ports/lease.js';
import {
  acceptance,
  all,
  checkpoint,
  digested,
  fenceOf,
  hugeRecord,
  quarantined,
  RUN,
  runRecord,
  stepRecord,
  stepState,
} from './journal-samples.js';

/** Everything that writes. */
const WRITES: Readonly<Record<string, (journal: Journal, text: string) => Promise<unknown>>> = {
  saveRun: (journal, text) => journal.saveRun(runRecord({ planVersion: text })),
  saveStep: (journal, text) => journal.saveStep(stepRecord({ reasons: { [text]: 1 } })),
  saveState: (journal, text) => journal.saveState(stepState({ planVersion: text })),
  saveCheckpoint: (journal, text) => journal.saveCheckpoint(checkpoint({ announced: [text] })),
  append: (journal, text) => journal.append(RUN, [quarantined('t#1', { detail: text })]),
  prune: (journal) => journal.prune(RUN, 'links', 'quarantine', () => false),
  attest: (journal, text) => journal.attest('kpi', acceptance({ why: text })),
};

async function content(journal: Journal): Promise<unknown> {
  return {
    run: await journal.run(RUN),
    runs: await journal.runs('kpi', 5),
    steps: await journal.steps(RUN),
    states: await journal.states('kpi'),
    checkpoints: await journal.checkpoints(RUN, 'links'),
    entries: await all(journal.entries(RUN, 'links', 'quarantine', { images: true })),
    attestations: await journal.attestations('kpi', 'acceptance'),
  };
}

async function writeAll(journal: Journal, text: string): Promise<void> {
  for (const [name, write] of Object.entries(WRITES)) if (name !== 'prune') await write(journal, text);
}

/** Invariant 7: what the holder of a lease writes, and what it does not write any more. */
export function journalFenceContract(
  journal: () => Journal,
  takeOver: (plan: string, token: number) => Promise<void>,
): void {
  describe('fenced by a lease', () => {
    const lost = { name: 'RefusedError', code: 'LEASE_LOST', exit: 3 };

    it('shares everything with the journal that it is of', async () => {
      await takeOver('kpi', 3);
      const fenced = journal().fencedBy(fenceOf(3));
      await writeAll(fenced, 'mine');
      const written = {
        run: runRecord({ planVersion: 'mine' }),
        runs: [runRecord({ planVersion: 'mine' })],
        steps: [stepRecord({ reasons: { mine: 1 } })],
        states: [stepState({ planVersion: 'mine' })],
        checkpoints: [checkpoint({ announced: ['mine'] })],
        entries: [quarantined('t#1', { detail: 'mine' })],
        attestations: [acceptance({ why: 'mine' })],
      };
      expect(await content(journal())).toEqual(written);
      expect(await content(fenced)).toEqual(written);
      expect(await fenced.prune(RUN, 'links', 'quarantine', () => false)).toBe(1);
      expect(await all(journal().entries(RUN, 'links', 'quarantine'))).toEqual([]);
      await journal().append(RUN, [quarantined('t#2')]);
      expect(await all(fenced.entries(RUN, 'links', 'quarantine', { images: true }))).toEqual([
        quarantined('t#2'),
      ]);
    });

    it.each(Object.keys(WRITES))('%s changes nothing once somebody else has the lease', async (name) => {
      await takeOver('kpi', 3);
      const fenced = journal().fencedBy(fenceOf(3));
      await writeAll(fenced, 'before');
      const before = await content(journal());
      await takeOver('kpi', 4);
      const failure: unknown = await WRITES[name]!(fenced, 'after').catch((error: unknown) => error);
      expect(failure).toMatchObject(lost);
      expect((failure as RefusedError).message).toContain('kpi');
      expect((failure as RefusedError).message).toContain(
        'is lost: another runner took it over. Nothing more is written.',
      );
      expect((failure as RefusedError).next).toContain('node runner status');
      expect(await content(journal())).toEqual(before);
      expect(await content(fenced)).toEqual(before);
      await WRITES[name]!(journal().fencedBy(fenceOf(4)), 'theirs');
    });

    it('is fenced by the lease of its own plan only', async () => {
      await takeOver('kpi', 3);
      await takeOver('personnel', 9);
      await journal().fencedBy(fenceOf(3)).saveState(stepState());
      await journal()
        .fencedBy(fenceOf(9, 'personnel'))
        .saveState(stepState({ plan: 'personnel' }));
      expect(await journal().states('kpi')).toEqual([stepState()]);
      await expect(journal().fencedBy(fenceOf(8, 'personnel')).saveState(stepState())).rejects.toMatchObject(
        lost,
      );
    });

    it.each(Object.keys(WRITES))(
      '%s is not even tried when the lease is over by its own clock',
      async (name) => {
        await takeOver('kpi', 3);
        await writeAll(journal(), 'before');
        const before = await content(journal());
        const over = new RefusedError('LEASE_LOST', 'over by the clock', 'wait');
        const fence: Fence = {
          ...fenceOf(3),
          assertHeld: () => {
            throw over;
          },
        };
        await expect(WRITES[name]!(journal().fencedBy(fence), 'after')).rejects.toBe(over);
        expect(await content(journal())).toEqual(before);
      },
    );

    it('takes hundreds of entries at once, with images of any size, from several segments', async () => {
      await takeOver('kpi', 3);
      const fenced = journal().fencedBy(fenceOf(3));
      const small = Array.from({ length: 250 }, (_, i) => quarantined(`t#${String(1_000 + i)}`));
      const huge = Array.from({ length: 14 }, (_, i) =>
        quarantined(`t#${9_000 + i}`, { image: hugeRecord('x') }),
      );
      await Promise.all([
        fenced.append(RUN, small.slice(0, 120)),
        fenced.append(RUN, small.slice(120)),
        fenced.append(RUN, huge),
        ...[0, 1, 2, 3].map((segment) => fenced.saveCheckpoint(checkpoint({ segment }))),
      ]);
      const entries = await all(journal().entries(RUN, 'links', 'quarantine', { images: true }));
      expect(entries.map(({ source }) => source)).toEqual([...small, ...huge].map(({ source }) => source));
      expect(entries.map(digested)).toEqual([...small, ...huge].map(digested));
      expect(await journal().checkpoints(RUN, 'links')).toHaveLength(4);
      expect(await fenced.prune(RUN, 'links', 'quarantine', ({ source }) => source < 't#9')).toBe(14);
    });
  });
}
