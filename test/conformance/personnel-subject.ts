import type { ConformanceSubject, TableRows } from '../../src/conformance/index.js';
import { textOf, type StoredItem, type StoredValue } from '../../src/domain/storage/stored-value.js';
import { EmployeeMapper } from '../../src/infrastructure/persistence/personnel/employee.mapper.js';
import type { MigrationPlan } from '../../src/migrations/contract/migration-plan.js';
import type { RecordPlanner, StepContext } from '../../src/migrations/contract/migration-step.js';
import { PersonnelDemoData } from '../../src/migrations/personnel/demo/personnel-demo-data.js';
import { EmployeesStep } from '../../src/migrations/personnel/employees.step.js';
import { personnelPlan } from '../../src/migrations/personnel/personnel.plan.js';

export const LEGACY = 'sitelogix-personnel';
export const PERSONNEL = 'sitelogix-personnel-v2';

/** Records of the demo beside those of the defects. */
const SCALE = 12;
/** Has the number of another one: every validation fails for the two, as it should (P-X05). */
const SHARES_NUMBER = 'EMPLOYEE#defect-x05-other';

export function personnelPlanInMemory(clock = '2025-01-02T03:04:05.678Z'): MigrationPlan {
  return personnelPlan([new EmployeesAt(clock)]);
}

/** The step at a time of our own, so that rows of different runs can be compared. */
class EmployeesAt extends EmployeesStep {
  constructor(private readonly time: string) {
    super(new EmployeeMapper());
  }

  override prepare(context: StepContext): Promise<RecordPlanner> {
    return super.prepare({ ...context, startedAt: this.time });
  }
}

/** An employee whom the application has made in the new table, with a number of the form that the step assigns. */
const NATIVE: StoredItem = {
  PK: { S: 'EMPLOYEE#native-1' },
  SK: { S: 'PROFILE' },
  employee_id: { S: 'native-1' },
  employee_number: { S: 'EMPXX574' },
  full_name: { S: 'Xiao Xu' },
  role: { S: 'user' },
  status: { S: 'active' },
};

/** Plan `personnel` on its demo with every defect but one, and what the application has made of it a month later. */
export const PERSONNEL_SUBJECT: ConformanceSubject = {
  plan: () => personnelPlanInMemory(),
  tables: {
    [LEGACY]: [...new PersonnelDemoData().rows({ defects: true, scale: SCALE })]
      .filter(({ table }) => table === LEGACY)
      .map(({ item }) => item)
      .filter(({ PK }) => textOf(PK) !== SHARES_NUMBER),
    [PERSONNEL]: [NATIVE],
  },
  change: monthLater,
};

/**
 * Rates and projects changed, which also mends what was set aside for its rate; names are there that were missing;
 * somebody is new, somebody is gone, and a copied row has changed. Nobody's initials change: numbers are pinned.
 */
function monthLater({ [LEGACY]: records = [], ...others }: TableRows): TableRows {
  const changed = records.map((row, n) => {
    const isProfile = row['active'] !== undefined || row['certifications'] !== undefined;
    if (!isProfile) return n % 2 === 0 ? { ...row, days: { N: '99' } } : row;
    const named = row['full_name'] === undefined ? { ...row, full_name: { S: 'Found Later' } } : row;
    return n % 3 === 0 ? { ...named, ...RAISED } : named;
  });
  const [first = {}] = records;
  const newcomer = {
    ...first,
    PK: { S: 'EMPLOYEE#newcomer' },
    employee_number: { NULL: true } as StoredValue,
    full_name: { S: 'Nadia Newcomer' },
  };
  return { ...others, [LEGACY]: [...changed.slice(1), newcomer] };
}

const RAISED: StoredItem = { hourly_rate: { N: '40.75' }, project_id: { S: 'project-99' } };
