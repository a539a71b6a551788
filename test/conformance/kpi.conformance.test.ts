import { conformanceCases } from '../../src/conformance/index.js';
import { KPI_SUBJECT } from './kpi-subject.js';

describe('plan kpi on the rows of every defect case', () => {
  const told: string[] = [];
  for (const { name, run } of conformanceCases({ ...KPI_SUBJECT, tell: (line) => told.push(line) }))
    it(name, run);

  it('was killed at more than a hundred points', () => {
    const kills = told.map((line) => Number(/killed.*: (\d+) kills/.exec(line)?.[1] ?? 0));
    expect(kills.filter((count) => count > 0)).toHaveLength(3);
    expect(kills.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(100);
  });
});
