import { sampleMisses } from '../../../src/runner/verification/sample-verification.js';
import type { KpiTrial } from '../../support/engine/kpi-trial.js';
import { migrated } from '../../support/engine/observed.js';
import { id, kpi, link, milestone, person } from '../../support/engine/small-rows.js';
import { TABLE } from '../../support/kpi/tables.js';

const MILESTONES = Array.from({ length: 60 }, (_, at) => milestone(at + 1));

async function spoilt(order: 'up' | 'down' = 'up'): Promise<KpiTrial> {
  const { trial } = await migrated({
    [TABLE.kpis]: [kpi(1)],
    [TABLE.people]: [person(1)],
    [TABLE.links]: [link(1)],
    [TABLE.milestones]: order === 'up' ? MILESTONES : MILESTONES.toReversed(),
  });
  for (const { id: key } of MILESTONES) if (key !== undefined) trial.store.erase(TABLE.kpiData, { id: key });
  return trial;
}

/** The records that a sample drew: all of their rows are gone, so each is told. */
async function drawn(trial: KpiTrial, sample: number, seed?: string): Promise<string[]> {
  const { findings } = await trial.validate({
    steps: ['milestones'],
    sample,
    ...(seed === undefined ? {} : { seed }),
  });
  return findings.map(({ key }) => key).sort();
}

describe('a sample', () => {
  it('A-37, P-X21: is a function of its seed and the records, not of the order or the number of segments they are read in', async () => {
    const [up, down] = [await spoilt('up'), await spoilt('down')];
    const first = await drawn(up, 10, 'x');
    expect(first).toHaveLength(10);
    expect(await drawn(up, 10, 'x')).toEqual(first);
    expect(await drawn(down, 10, 'x')).toEqual(first);
    expect(await drawn(up, 10, 'y')).not.toEqual(first);
    expect(await drawn(up, 10)).toEqual(await drawn(up, 10, '1'));
  });

  it('A-37: grows without losing what a smaller one has, up to all records', async () => {
    const trial = await spoilt();
    const small = await drawn(trial, 5, 'x');
    expect(await drawn(trial, 20, 'x')).toEqual(expect.arrayContaining(small));
    expect(await drawn(trial, 1000, 'x')).toHaveLength(60);
  });

  it('A-37: says how likely it misses shares of one in a hundred, a thousand and ten thousand', () => {
    const { size, seed, misses } = sampleMisses(300, 'x');
    expect([size, seed, misses.map(({ share }) => share)]).toEqual([300, 'x', [0.01, 0.001, 0.0001]]);
    // 0.99^300, 0.999^300, 0.9999^300
    expect(misses[0]?.chance).toBeCloseTo(0.0490408941, 9);
    expect(misses[1]?.chance).toBeCloseTo(0.7407070321, 9);
    expect(misses[2]?.chance).toBeCloseTo(0.9704440778, 9);
  });

  it('A-37: comes with what it cannot see; a whole validation does not', async () => {
    const trial = await spoilt();
    expect((await trial.validate({ sample: 10, seed: 'x' })).sample).toEqual(sampleMisses(10, 'x'));
    expect((await trial.validate()).sample).toBeUndefined();
  });

  it('cannot see an extra row', async () => {
    const trial = await spoilt();
    const row = trial.store.rows(TABLE.kpiLinks)[0];
    trial.store.load(TABLE.kpiLinks, [{ ...row, id: { S: id('11', 99) } }]);
    expect((await trial.validate({ steps: ['links'], sample: 10 })).findings).toEqual([]);
    expect((await trial.validate({ steps: ['links'] })).findings).toHaveLength(1);
  });
});
