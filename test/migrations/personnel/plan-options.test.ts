import { Trial } from '../../../src/conformance/trial/trial.js';
import { textOf, type StoredItem } from '../../../src/domain/storage/stored-value.js';
import { plans } from '../../../src/runner/composition/plans.js';
import { LEGACY, PERSONNEL } from '../../conformance/personnel-subject.js';

function row(id: string, sort: string, more: StoredItem = {}): StoredItem {
  return { PK: { S: `EMPLOYEE#${id}` }, SK: { S: sort }, full_name: { S: 'Ada Byron' }, ...more };
}

/** Which rows became employees, and which were copied as they are. */
async function became(options: Record<string, unknown>, rows: readonly StoredItem[]) {
  const made = () =>
    plans({ plans: { personnel: options } }).find(({ plan }) => plan.name === 'personnel')!.plan;
  const trial = new Trial(made, { [LEGACY]: rows, [PERSONNEL]: [] });
  const { steps } = await trial.wholeRun();
  const stored = trial.tables().get(PERSONNEL) ?? [];
  const keys = (are: boolean): string[] =>
    stored
      .filter((one) => Object.hasOwn(one, 'employee_number') === are)
      .map(({ PK, SK }) => `${textOf(PK) ?? ''}|${textOf(SK) ?? ''}`)
      .sort();
  expect((await trial.validate()).passed).toBe(true);
  return { employees: keys(true), copied: keys(false), reasons: steps[0]?.reasons };
}

const ROWS = [
  row('1', 'MAIN'),
  row('1', 'PROFILE'),
  row('2', 'PROFILE'),
  row('3', 'ALT'),
  row('4', 'ALT'),
  row('4', 'MAIN'),
];

describe('the options of plan personnel', () => {
  it('A-08, P-X06: configured sort keys alone make a profile, the best one of an employee', async () => {
    expect(await became({ profileKeys: ['MAIN', 'ALT'] }, ROWS)).toEqual({
      employees: ['EMPLOYEE#1|MAIN', 'EMPLOYEE#3|ALT', 'EMPLOYEE#4|MAIN'],
      copied: ['EMPLOYEE#1|PROFILE', 'EMPLOYEE#2|PROFILE', 'EMPLOYEE#4|ALT'],
      reasons: {},
    });
  });

  it('A-08: an employee of whom no row is a profile is told as such, and from rows beside one', async () => {
    const options = { profileKeys: ['MAIN', 'ALT'], otherRows: 'quarantine' };
    // employee 2; the other rows of 1 and 4
    expect((await became(options, ROWS)).reasons).toEqual({ PROFILE_MISSING: 1, NOT_A_PROFILE: 2 });
  });

  it('A-08: without them any row does that is the only one', async () => {
    const { employees } = await became({}, ROWS);
    expect(employees).toEqual(['EMPLOYEE#1|PROFILE', 'EMPLOYEE#2|PROFILE', 'EMPLOYEE#3|ALT']);
  });

  it('P-X06: other rows are set aside where the environment says so', async () => {
    const other = { PK: { S: 'PROJECT#9' }, SK: { S: 'X' } };
    expect(await became({ otherRows: 'quarantine' }, [...ROWS, other])).toEqual({
      employees: ['EMPLOYEE#1|PROFILE', 'EMPLOYEE#2|PROFILE', 'EMPLOYEE#3|ALT'],
      copied: [],
      reasons: { NOT_A_PROFILE: 2, PROFILE_MISSING: 2 },
    });
  });
});
