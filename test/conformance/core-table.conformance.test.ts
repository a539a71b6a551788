import { conformanceCases } from '../../src/conformance/index.js';
import { CORE_TABLE_SUBJECT } from './core-table-subject.js';

/**
 * C-X10: no record asks for a row that another one asks for (`order`). C-X12: a run that was killed goes on (`killed`).
 * C-X13: a run on changed tables comes to what a first one comes to (`source-changes`). C-20: run again after a rollback.
 */
describe('plan core-table on the rows of every defect, beside items of the application', () => {
  const told: string[] = [];
  for (const { name, run } of conformanceCases({ ...CORE_TABLE_SUBJECT, tell: (line) => told.push(line) }))
    it(name, run);

  it('was killed at more than a hundred points', () => {
    const kills = told.map((line) => Number(/killed.*: (\d+) kills/.exec(line)?.[1] ?? 0));
    expect(kills.filter((count) => count > 0)).toHaveLength(3);
    expect(kills.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(100);
  });
});
