import { Failpoints } from '../../../src/conformance/trial/failpoints.js';
import type { Trial } from '../../../src/conformance/trial/trial.js';
import {
  aCompany,
  aMember,
  anExpense,
  COMPANIES,
  contentOf,
  EXPENSES,
  MEMBERS,
  startOf,
  trialOn,
} from './mapping-trial.js';

const OF_ORPHAN = '869c7ff0-3c9e-5437-b3d8-c1aa6832bef9';
const MEMBER_KEY = `${OF_ORPHAN}|orphan`;
const ORPHAN = { [EXPENSES]: [anExpense('orphan', 'e1'), anExpense('orphan', 'e2')] };

const keysOf = (trial: Trial): [string[], string[]] => [
  Object.keys(contentOf(trial, COMPANIES)),
  Object.keys(contentOf(trial, MEMBERS)),
];
const ONE_OF_EACH = [[OF_ORPHAN], [MEMBER_KEY]];
const COMPANY_ALONE = [[OF_ORPHAN], []];

/** A process that is killed after the company was written and before its member was. */
async function killedBetween(trial = trialOn(ORPHAN)): Promise<Trial> {
  const deaths = new Failpoints(() => (keysOf(trial)[0].length > 0 ? 'crash' : undefined));
  expect(await trial.run({ failpoints: deaths })).toBeUndefined();
  expect(keysOf(trial)).toEqual(COMPANY_ALONE);
  return trial;
}

describe('E-X07, ADR 0021: a company and its member are two inserts', () => {
  it('killed at any point and run again, there is one company with one member', async () => {
    const whole = new Failpoints();
    await trialOn(ORPHAN).run({ failpoints: whole });
    const states = new Set<string>();
    for (let point = 0; point < whole.points.length; point += 1) {
      const trial = trialOn(ORPHAN);
      await trial.run({ failpoints: Failpoints.crashingAt(point) });
      states.add(JSON.stringify(keysOf(trial)));
      await trial.wholeRun();
      expect([point, keysOf(trial)]).toEqual([point, ONE_OF_EACH]);
      expect((await trial.validate()).passed).toBe(true);
    }
    // nothing yet, the company alone, both: and never a member alone
    expect(states).toEqual(new Set([[[], []], COMPANY_ALONE, ONE_OF_EACH].map((one) => JSON.stringify(one))));
  });

  it('killed between the two, the step stands unvalidated, so that nothing moves into a company without a member', async () => {
    const trial = await killedBetween();
    const { passed, findings } = await trial.validate();
    expect([passed, findings.map(({ kind, table }) => [kind, table])]).toEqual([
      false,
      [['missing', MEMBERS]],
    ]);
    await trial.wholeRun();
    expect(keysOf(trial)).toEqual(ONE_OF_EACH);
  });

  it('killed between the two, the company keeps the time of the run that made it', async () => {
    const trial = await killedBetween();
    const [before] = Object.values(contentOf(trial, COMPANIES));
    await trial.wholeRun();
    expect(contentOf(trial, COMPANIES)[OF_ORPHAN]).toEqual(before);
    await trial.wholeRun();
    expect(contentOf(trial, COMPANIES)[OF_ORPHAN]).toEqual(before);
    expect(before?.['createdAt']).not.toEqual({ S: await startOf(trial) });
  });

  it('what the application does between the two changes nothing: a new company, a new membership, another name', async () => {
    const trial = await killedBetween();
    trial.put(COMPANIES, [
      aCompany('c1', 'orphan'),
      ...(trial.tables().get(COMPANIES) ?? []).map((row) => ({ ...row, name: { S: 'Renamed' } })),
    ]);
    trial.put(MEMBERS, [aMember('c1', 'orphan')]);
    await trial.wholeRun();
    expect(keysOf(trial)).toEqual([
      [OF_ORPHAN, 'c1'],
      [MEMBER_KEY, 'c1|orphan'],
    ]);
    expect(contentOf(trial, COMPANIES)[OF_ORPHAN]).toMatchObject({ name: { S: 'Renamed' } });
  });

  it('a member whom the application has made itself between the two stays, and is the one member', async () => {
    const trial = await killedBetween();
    trial.put(MEMBERS, [aMember(OF_ORPHAN, 'orphan')]);
    await trial.wholeRun();
    expect(keysOf(trial)).toEqual(ONE_OF_EACH);
    expect(contentOf(trial, MEMBERS)[MEMBER_KEY]).toEqual(aMember(OF_ORPHAN, 'orphan'));
  });

  it.each([
    ['their last record is gone', {}],
    ['an override sends them elsewhere', { overrides: new Map([['orphan', 'c1']]) }],
  ])(
    'killed between the two, where %s: the company alone is told until it is rolled back',
    async (_, how) => {
      let options = {};
      const trial = await killedBetween(
        trialOn({ ...ORPHAN, [COMPANIES]: [] }, { overrides: { get: (user) => overrideOf(options, user) } }),
      );
      options = how;
      trial.put(COMPANIES, [aCompany('c1')]);
      if (!('overrides' in how)) trial.change({ [EXPENSES]: trial.tables().get(EXPENSES) ?? [] }, {});
      await trial.wholeRun();
      expect((await trial.validate()).findings.map(({ kind, key }) => [kind, key])).toEqual([
        ['extra', OF_ORPHAN],
      ]);
      await trial.rollback();
      expect(keysOf(trial)).toEqual([['c1'], []]);
    },
  );

  it('a rollback that leaves a company which somebody has edited leaves its member, too, and the next run finds both', async () => {
    const trial = trialOn(ORPHAN);
    await trial.wholeRun();
    const [row] = trial.tables().get(COMPANIES) ?? [];
    trial.put(COMPANIES, [{ ...row, name: { S: 'Renamed' } }]);
    await trial.rollback();
    expect(keysOf(trial)).toEqual(ONE_OF_EACH);
    await trial.wholeRun();
    expect(keysOf(trial)).toEqual(ONE_OF_EACH);
  });

  it('a user whose id can be no key of a membership gets no company either', async () => {
    // a partition key may be 2,048 bytes long, a sort key 1,024
    const trial = trialOn({
      [EXPENSES]: [anExpense('u'.repeat(1025), 'e1'), anExpense('u'.repeat(1024), 'e2')],
    });
    const { steps } = await trial.wholeRun();
    expect(steps[0]).toMatchObject({ reasons: { ITEM_TOO_LARGE: 1 }, counters: { created: 1 } });
    const [companies, members] = keysOf(trial);
    expect([companies.length, members]).toEqual([1, [expect.stringContaining('u'.repeat(1024)) as string]]);
  });
});

function overrideOf(
  { overrides }: { readonly overrides?: ReadonlyMap<string, string> },
  user: string,
): string | undefined {
  return overrides?.get(user);
}
