import { conformanceCases } from '../../src/conformance/index.js';
import { COMPANY_SUBJECT } from './company-subject.js';

/**
 * E-X07: no run makes another company, wherever one was killed (`killed`, `repeats`). E-X09: a later run changes nothing
 * (`repeats`). E-X15: a run that was killed goes on (`killed`). E-20: a dry run writes nothing (`dry-run`). E-41: a rollback
 * ends where it began (`rollback`).
 */
describe('plan company on the rows of every defect, beside rows of the application', () => {
  const told: string[] = [];
  for (const { name, run } of conformanceCases({ ...COMPANY_SUBJECT, tell: (line) => told.push(line) }))
    it(name, run);

  it('was killed at more than a hundred points', () => {
    const kills = told.map((line) => Number(/killed.*: (\d+) kills/.exec(line)?.[1] ?? 0));
    expect(kills.filter((count) => count > 0)).toHaveLength(3);
    expect(kills.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(100);
  });
});
