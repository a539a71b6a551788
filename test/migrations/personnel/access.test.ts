import { MemoryIndexes } from '../../../src/migrations/contract/memory-indexes.js';
import { NO_PROGRESS } from '../../../src/conformance/trial/surroundings.js';
import { Trial } from '../../../src/conformance/trial/trial.js';
import { textOf, type StoredItem } from '../../../src/domain/storage/stored-value.js';
import { ScannedAccess } from '../../../src/infrastructure/memory/scanned-access.js';
import type { AccessReader } from '../../../src/migrations/contract/access-pattern.js';
import { rowKeys } from '../../../src/migrations/contract/row-key.js';
import type { Finding } from '../../../src/runner/application.js';
import { verifyAccess } from '../../../src/runner/verification/verify-access.js';
import type { VerificationResult } from '../../../src/runner/verification/verification-parts.js';
import { verifySteps } from '../../../src/runner/verification/verify-steps.js';
import { LEGACY, PERSONNEL, personnelPlanInMemory } from '../../conformance/personnel-subject.js';

const CHECKS = [
  'employees: an employee by id',
  'employees: employees of a name by GSI1-NameIndex',
  'employees: the employee with a number by GSI2-EmployeeNumberIndex',
  'employees: the members of a team by GSI3-TeamIndex',
  'employees: everybody of a role and status by GSI4-RoleStatusIndex',
];

function employee(id: string, more: StoredItem = {}): StoredItem {
  return { PK: { S: `EMPLOYEE#${id}` }, SK: { S: 'PROFILE' }, full_name: { S: 'Ada Byron' }, ...more };
}

async function migrated(): Promise<Trial> {
  const rows = [
    employee('1', { project_id: { S: 'p' } }),
    employee('2'),
    { PK: { S: 'PROJECT#9' }, SK: { S: 'X' } },
  ];
  const trial = new Trial(() => personnelPlanInMemory(), { [LEGACY]: rows, [PERSONNEL]: [] });
  expect((await trial.wholeRun()).exit).toBe(0);
  return trial;
}

/** The tables of a trial, whose answers by index are ours to change. */
function asking(
  trial: Trial,
  change: (index: string, row: StoredItem) => StoredItem | undefined,
): AccessReader {
  const whole = new ScannedAccess(trial.reader);
  return {
    lag: { total: 20, base: 5, cap: 10 },
    get: (table, keys) => whole.get(table, keys),
    async *query(table, key, index = '') {
      for await (const row of whole.query(table, key)) {
        const found = change(index, row);
        if (found !== undefined) yield found;
      }
    },
  };
}

/** What a validation of the step says if the tables answer so. */
async function validated(
  trial: Trial,
  access: AccessReader,
): Promise<{ readonly failed: Record<string, [unknown, unknown]>; readonly findings: readonly Finding[] }> {
  const [step] = trial.plan.steps;
  const results: VerificationResult[] = [];
  const told: Finding[] = [];
  const tell = (finding: Finding): Promise<void> => Promise.resolve(void told.push(finding));
  const steps = [{ step: step!, conflicts: () => false, isStray: () => false, onFinding: tell }];
  const common = { indexes: new MemoryIndexes(), check: () => undefined, segments: 2, progress: NO_PROGRESS };
  const parts = { ...common, reader: trial.reader, keys: rowKeys(trial.plan.tables) };
  await verifyAccess(
    parts,
    steps,
    { access },
    (joint, settled) => verifySteps(joint, steps, settled),
    (_step, result) => Promise.resolve(void results.push(result)),
  );
  const [{ checks, findings, findingsTotal }] = results as [VerificationResult];
  expect(told).toEqual(findings);
  expect(findingsTotal).toBe(findings.length);
  const failed = checks
    .filter(({ passed }) => !passed)
    .map(({ name, expected, found }) => [name, [expected, found]]);
  return { failed: Object.fromEntries(failed) as Record<string, [unknown, unknown]>, findings };
}

const isOfAda = (row: StoredItem): boolean => textOf(row['PK']) === 'EMPLOYEE#1';

describe('how the application asks for employees (P-08, P-32, P-X24)', () => {
  it('is tried by id and through all four indexes, by every run and every validation', async () => {
    const trial = await migrated();
    const result = await trial.wholeRun();
    const told = (result.steps[0]?.checks ?? []).slice(-CHECKS.length);
    expect(told.map(({ name }) => name)).toEqual(CHECKS);
    // three rows; two of them are employees, one of whom has a team (P-X04: the other one is not in that index)
    expect(told.map(({ passed, expected, found }) => [passed, expected, found])).toEqual([
      [true, 3, 3],
      [true, 2, 2],
      [true, 2, 2],
      [true, 1, 1],
      [true, 2, 2],
    ]);
    const { checks } = await trial.validate();
    expect(checks.map(({ name }) => name)).toEqual(expect.arrayContaining(CHECKS));
  });

  it('is not tried by a dry run, whose rows are in no table', async () => {
    const trial = new Trial(() => personnelPlanInMemory(), { [LEGACY]: [employee('1')], [PERSONNEL]: [] });
    const { steps } = await trial.wholeRun({ dryRun: true });
    expect(steps[0]?.status).toBe('validated');
    expect(steps[0]?.checks.map(({ name }) => name)).not.toContain(CHECKS[0]);
  });

  it.each(['GSI1-NameIndex', 'GSI2-EmployeeNumberIndex', 'GSI3-TeamIndex', 'GSI4-RoleStatusIndex'])(
    'P-32: fails where a row is missing in %s',
    async (index) => {
      const trial = await migrated();
      const access = asking(trial, (asked, row) => (asked === index && isOfAda(row) ? undefined : row));
      const { failed, findings } = await validated(trial, access);
      const [name] = CHECKS.filter((one) => one.endsWith(index));
      const all = index === 'GSI3-TeamIndex' ? 1 : 2;
      expect(failed).toEqual({ [name!]: [all, all - 1] });
      expect(findings).toEqual([
        {
          ...{ kind: 'missing', step: 'employees', table: PERSONNEL, key: 'EMPLOYEE#1|PROFILE' },
          detail: `${name!.slice('employees: '.length)}: the row is not found by index ${index}`,
        },
      ]);
    },
  );

  it('P-32: fails where an index has another row than the table', async () => {
    const trial = await migrated();
    const access = asking(trial, (_index, row) => (isOfAda(row) ? { ...row, phone: { S: '0' } } : row));
    const { failed, findings } = await validated(trial, access);
    expect(Object.keys(failed)).toEqual(CHECKS.slice(1));
    expect(findings.map(({ kind, key }) => [kind, key])).toEqual(
      Array(4).fill(['different', 'EMPLOYEE#1|PROFILE']),
    );
    expect(JSON.stringify(findings)).not.toContain('Ada');
  });

  it('P-X24: waits for an index that lags, and asks for the row as it stands by then', async () => {
    const trial = await migrated();
    let asked = 0;
    const access = asking(trial, (index, row) => {
      if (index !== 'GSI2-EmployeeNumberIndex' || !isOfAda(row)) return row;
      asked += 1;
      if (asked === 1) trial.put(PERSONNEL, [{ ...row, employee_number: { S: 'NEW-1' } }]);
      return asked < 3 ? undefined : row;
    });
    expect(await validated(trial, access)).toEqual({ failed: {}, findings: [] });
    expect(asked).toBe(3);
  });

  it('reads rows where the verification has read none in this process', async () => {
    const trial = await migrated();
    const [step] = trial.plan.steps;
    const results: VerificationResult[] = [];
    const steps = [{ step: step!, conflicts: () => false, isStray: () => false }];
    const common = {
      indexes: new MemoryIndexes(),
      check: () => undefined,
      segments: 2,
      progress: NO_PROGRESS,
    };
    const told: VerificationResult = { checks: [], findings: [], findingsTotal: 0, warnings: [] };
    await verifyAccess(
      { ...common, reader: trial.reader, keys: rowKeys(trial.plan.tables) },
      steps,
      { access: asking(trial, (_index, row) => row) },
      (_joint, settled) => settled(step!, told),
      (_step, result) => Promise.resolve(void results.push(result)),
    );
    expect(results[0]?.checks.map(({ found }) => found)).toEqual([3, 2, 2, 1, 2]);
  });

  it('tries nothing where rows are not as they should be: that is told already', async () => {
    const trial = await migrated();
    const [row] = (trial.tables().get(PERSONNEL) ?? []).filter(isOfAda);
    trial.put(PERSONNEL, [{ ...row, phone: { S: '1' } }]);
    const result = await trial.validate();
    expect(result.findings).toHaveLength(1);
    expect(result.checks.map(({ name }) => name)).not.toContain(CHECKS[0]);
    expect(result.warnings).toContain(
      'employees: how its rows are asked for was not tried, because rows are not as they should be',
    );
  });
});
