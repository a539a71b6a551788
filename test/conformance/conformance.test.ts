import {
  BlockedCase,
  checkConformance,
  ConformanceError,
  conformanceCases,
  type CaseReport,
} from '../../src/conformance/index.js';
import { BROKEN_PLANS, LosesAWeight } from './broken-plans.js';
import { CratesStep, cratesSubject } from './crates-plan.js';

/** What compares with a plain run that has to validate. */
const COMPARING = [
  ...['killed', 'killed-after-change', 'throttled', 'source-changes', 'conflicts', 'rollback-killed'],
];

function idsOf(cases: readonly CaseReport[], wanted: CaseReport['status']): string[] {
  return cases.filter(({ status }) => status === wanted).map(({ id }) => id);
}

describe('the conformance kit', () => {
  it('passes a sound plan, and tells how much it has tried', async () => {
    const told: string[] = [];
    const report = await checkConformance({ ...cratesSubject(), tell: (line) => told.push(line) });
    expect(report.cases.flatMap(({ problems }) => problems)).toEqual([]);
    expect({ plan: report.plan, passed: report.passed }).toEqual({ plan: 'crates', passed: true });
    expect(told).toContainEqual(
      expect.stringMatching(/^killed: \d+ kills at (\d+) of \1 points, \d+ different ones$/),
    );
    expect(told).toContainEqual(expect.stringMatching(/^rollback-killed: 40 kills at 40 of \d+ points$/));
    expect(report.cases.map(({ id, told: line }) => `${id}: ${line}`)).toEqual(expect.arrayContaining(told));
  });

  it('gives cases to any test runner, whose messages say what differs and where to look, without values', async () => {
    const cases = conformanceCases(cratesSubject(() => new CratesStep(new LosesAWeight())));
    const messageOf = async (id: string): Promise<string> => {
      const error = await cases
        .find((one) => one.id === id)
        ?.run()
        .catch((thrown: unknown) => thrown);
      return error instanceof ConformanceError || error instanceof BlockedCase
        ? error.message
        : 'no error of ours';
    };
    expect(await messageOf('mappers')).toBe(
      [
        'writes rows that its mappers load and store again without a loss:',
        ...[0, 1, 2, 4, 6, 8, 9, 10].map(
          (n) => `  - step crates, lots#crate-${n}: is not the same in weight`,
        ),
        '  - and 9 more',
        'fromItem and toItem of the mapper must be inverse to each other, stamp and carried attributes included.',
      ].join('\n'),
    );
    expect(await messageOf('killed')).toBe(
      'Nothing can be said before the plain run validates: see the case `runs`.',
    );
    expect(await messageOf('order')).toBe('no error of ours');
  });

  it('leaves out what needs a change where none is given', () => {
    const { plan, tables } = cratesSubject();
    const ids = conformanceCases({ plan, tables }).map(({ id }) => id);
    expect(conformanceCases(cratesSubject()).map(({ id }) => id)).toEqual([
      ...['runs', 'decisions', 'mappers', 'repeats', 'dry-run', 'order', 'killed', 'killed-after-change'],
      ...['throttled', 'source-changes', 'conflicts', 'rollback', 'rollback-killed'],
    ]);
    expect(ids).not.toContain('killed-after-change');
    expect(ids).not.toContain('source-changes');
    expect(ids).toHaveLength(11);
  });

  it('passes a sound plan without a change, too', async () => {
    const { plan, tables } = cratesSubject();
    const { cases } = await checkConformance({ plan, tables });
    expect(cases.flatMap(({ problems }) => problems)).toEqual([]);
  });

  it('refuses rows that no table of the plan could hold', () => {
    const rows = { ...cratesSubject(), tables: { crates: [{ hold: { S: 'fore' } }] } };
    expect(() => conformanceCases(rows)).toThrow(/crates: id/);
  });

  it.each(BROKEN_PLANS)(
    'finds out a plan that $title',
    async ({ step, failing, consequences = [], blocks }) => {
      const { passed, cases } = await checkConformance(cratesSubject(step));
      expect(passed).toBe(false);
      const failed = idsOf(cases, 'failed');
      expect(failed).toEqual(expect.arrayContaining(Object.keys(failing)));
      expect([...Object.keys(failing), ...consequences]).toEqual(expect.arrayContaining(failed));
      expect(idsOf(cases, 'blocked')).toEqual(blocks === true ? COMPARING : []);
      for (const [id, line] of Object.entries(failing))
        expect(cases.find((one) => one.id === id)?.problems).toContainEqual(expect.stringMatching(line));
    },
  );
});
