import { companies, monthLater } from '../support/faults/company-data.js';
import {
  interrupted,
  mendedMeanwhile,
  pointsOfWrites,
  uninterrupted,
  type Interrupted,
  type Uninterrupted,
} from '../support/faults/crash-everywhere.js';
import { TABLE } from '../support/kpi/tables.js';
import { MemoryTrial, type StoredTables } from '../support/faults/memory-trial.js';

/** Cases that are set aside, warned of, or need a row beside their own. */
const DEFECTS = ['K-X00', 'K-X01', 'K-X02', 'K-X05', 'K-X06', 'K-X13', 'K-X19'];

/** Tables after a first run and a month of work on both sides. */
async function secondGeneration(tables: StoredTables): Promise<StoredTables> {
  const trial = new MemoryTrial(tables);
  await trial.run();
  trial.load(monthLater(trial.tables()));
  return trial.tables();
}

function told(all: readonly Interrupted[]): string[] {
  return all.flatMap(({ points, differences }) =>
    differences.map((one) => `${points.join(', then ')}: ${one}`),
  );
}

describe('invariant 6: a process that dies anywhere leaves what a later one ends where an uninterrupted run ends', () => {
  let first: Uninterrupted;
  let second: Uninterrupted;

  beforeAll(async () => {
    const tables = companies(12, DEFECTS);
    first = await uninterrupted(tables);
    second = await uninterrupted(await secondGeneration(tables));
  });

  it('has every kind of point and of outcome to die at', () => {
    const kinds = new Set(
      [...first.points, ...second.points].map((point) => point.split(' ').slice(0, 2).join(' ')),
    );
    for (const kind of [
      'leases.acquire',
      'journal.saveRun',
      'journal.saveStep',
      'journal.saveState',
      'journal.append',
      'journal.saveCheckpoint',
      'sink.insert',
      'sink.replace',
      'lease.release',
    ]) {
      expect(kinds).toContain(`before ${kind}`);
      expect(kinds).toContain(`after ${kind}`);
    }
    expect(kinds).toContain('amid sink.insert');
    expect(kinds).toContain('amid journal.append');
    const outcomes = second.result.steps.reduce(
      (sum, { counters }) => ({
        created: sum.created + counters.created,
        updated: sum.updated + counters.updated,
        unchanged: sum.unchanged + counters.unchanged,
        quarantined: sum.quarantined + counters.quarantined,
        conflict: sum.conflict + counters.conflict,
      }),
      { created: 0, updated: 0, unchanged: 0, quarantined: 0, conflict: 0 },
    );
    for (const count of Object.values(outcomes)) expect(count).toBeGreaterThan(1);
    expect(second.result.steps.map(({ status }) => status)).toEqual(Array(4).fill('validated'));
  });

  it('at every write, checkpoint and lease operation of a first run', async () => {
    const all: Interrupted[] = [];
    for (const point of pointsOfWrites(first)) all.push(await interrupted(first, [point]));
    expect(told(all)).toEqual([]);
    expect(all.every(({ points }) => points.length === 1)).toBe(true);
    expect(all.length).toBeGreaterThan(100);
  });

  it('at every write, checkpoint and lease operation of a run that replaces rows and finds conflicts', async () => {
    const all: Interrupted[] = [];
    for (const point of pointsOfWrites(second)) all.push(await interrupted(second, [point]));
    expect(told(all)).toEqual([]);
    expect(all.every(({ points }) => points.length === 1)).toBe(true);
    expect(all.length).toBeGreaterThan(100);
  });

  it('also where a quarantined record is repaired meanwhile: the journal tells of as many as it counts', async () => {
    const milestones = first.tables.get(TABLE.milestones) ?? [];
    const repaired = milestones.map((row) => ({ ...row, targetValue: { N: '1' } }));
    const all: string[] = [];
    for (const point of pointsOfWrites(first)) {
      all.push(...(await mendedMeanwhile(first, point, new Map([[TABLE.milestones, repaired]]))));
    }
    expect(all).toEqual([]);
  });
});
