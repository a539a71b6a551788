import { MemoryStore } from '../../../src/infrastructure/memory/memory-store.js';
import { MemoryIndexes } from '../../../src/migrations/contract/memory-indexes.js';
import { SampledReader } from '../../../src/runner/forecast/sampled-reader.js';
import { StepPlanning } from '../../../src/runner/forecast/step-planning.js';
import { quietProgress } from '../../support/engine/quiet.js';
import { entry, MOORINGS_TABLES, mooringsPlan, MooringsStep } from '../../support/moorings/moorings-plan.js';

describe('the planning of a sample', () => {
  it('finds the rows whose composite key is taken, and names the largest by their whole key', async () => {
    const store = new MemoryStore(MOORINGS_TABLES);
    const records = [entry('Ariel', '1'), entry('Ariel', '2'), entry('Boreas', '1', { legs: { N: '3' } })];
    store.load('port-log', records);
    for (const call of ['1/Ariel/1', '1/Boreas/2'])
      store.load('calls', [{ port: { S: 'Kiel' }, call: { S: call } }]);
    store.load('calls', [{ port: { S: 'Riga' }, call: { S: '2/Ariel/1' } }]);
    const step = new MooringsStep();
    const { tally } = await new StepPlanning({
      ...{
        plan: mooringsPlan(step),
        step,
        indexes: new MemoryIndexes(),
        progress: quietProgress,
        segments: 1,
      },
      store: { reader: new SampledReader(store, new Map([['port-log', records]])), sink: store },
      itemBytes: () => 100,
      sample: { records, complete: true, cut: false },
    }).execute();
    expect(tally.tables.get('calls')).toMatchObject({ existing: 2 });
    expect(tally.largestRows.list().map(({ id }) => id)).toContain('calls#Kiel|1/Ariel/1');
    expect(
      tally.largestRecords
        .list()
        .map(({ id }) => id)
        .sort(),
    ).toEqual(['port-log#Ariel|1', 'port-log#Ariel|2', 'port-log#Boreas|1']);
  });
});
