import type { ConformanceSubject } from '../../../src/conformance/index.js';
import { Trial } from '../../../src/conformance/trial/trial.js';
import { STAMP_ATTRIBUTE, stampOf } from '../../../src/domain/storage/stored.js';
import type { StoredItem } from '../../../src/domain/storage/stored-value.js';
import type { RowMapping } from '../../../src/migrations/contract/mapping-document.js';
import { isOwnRow } from '../../../src/migrations/contract/migration-step.js';
import { COMPANY_SUBJECT } from '../../conformance/company-subject.js';
import { CORE_TABLE_SUBJECT } from '../../conformance/core-table-subject.js';
import { KPI_SUBJECT } from '../../conformance/kpi-subject.js';
import { PERSONNEL_SUBJECT } from '../../conformance/personnel-subject.js';

interface Migrated {
  readonly mapping: RowMapping;
  /** names of attributes of the rows that the step wrote there, without the stamp */
  readonly written: ReadonlySet<string>;
  /** names of attributes of the records */
  readonly known: ReadonlySet<string>;
}

/** Runs the plan on the records of all its defects, and holds what it wrote beside what it says that it writes. */
async function migrated(subject: ConformanceSubject): Promise<Migrated[]> {
  const trial = new Trial(subject.plan, subject.tables);
  await trial.wholeRun();
  const tables = trial.tables();
  const mapping = await trial.plan.mapping?.();
  if (mapping === undefined) throw new Error(`plan ${trial.plan.name} declares no mapping`);
  return mapping.rows.map((rows) => {
    const step = trial.plan.steps.find(({ name }) => name === rows.step);
    if (step === undefined) throw new Error(`no step ${rows.step}`);
    const mine = (tables.get(rows.target) ?? []).filter((row) => isOwnRow(step, row, stampOf(row)?.source));
    const written = namesIn(mine);
    written.delete(STAMP_ATTRIBUTE);
    return { mapping: rows, written, known: namesIn(tables.get(rows.source) ?? []) };
  });
}

function namesIn(rows: readonly StoredItem[]): Set<string> {
  return new Set(rows.flatMap((row) => Object.keys(row)));
}

/** What no record of the defect cases happens to bring about; other tests do. */
const UNTRIED: Readonly<Record<string, readonly string[]>> = {
  kpi: [
    'links purposepath-kpi-links legacyAttributes',
    'milestones purposepath-kpi-data rationale',
    'actuals purposepath-kpi-data autoAdjustmentApplied',
  ],
  company: [
    'projects construction-expenses-company-projects legacyCreatedBy',
    'contractors construction-expenses-company-contractors legacyCreatedBy',
    'contractors construction-expenses-company-contractors createdAtDerived',
    'works construction-expenses-company-works legacyCreatedBy',
    'works construction-expenses-company-works createdAtDerived',
  ],
};

describe.each([
  ['kpi', KPI_SUBJECT],
  ['personnel', PERSONNEL_SUBJECT],
  ['core-table', CORE_TABLE_SUBJECT],
  ['company', COMPANY_SUBJECT],
] as const)('E-12: the mapping document of plan %s', (name, subject) => {
  let all: Migrated[];
  beforeAll(async () => {
    all = await migrated(subject);
  });

  it('is of every step, from and to tables that the plan has', async () => {
    const plan = subject.plan();
    const names = plan.tables.map(({ name }) => name);
    const { rows = [] } = (await plan.mapping?.()) ?? {};
    expect(new Set(rows.map(({ step }) => step))).toEqual(new Set(plan.steps.map(({ name }) => name)));
    expect(
      rows.flatMap(({ source, target }) => [source, target]).filter((name) => !names.includes(name)),
    ).toEqual([]);
  });

  it('names each attribute once, and none that no row has', () => {
    const idle = all.flatMap(({ mapping: { step, target, rules }, written }) => {
      const targets = rules.map((rule) => rule.target);
      const twice = targets.filter((name, index) => targets.indexOf(name) !== index);
      return [...twice, ...targets.filter((name) => !written.has(name))].map(
        (name) => `${step} ${target} ${name}`,
      );
    });
    expect(idle.filter((one) => !(UNTRIED[name] ?? []).includes(one))).toEqual([]);
  });

  it('names every attribute of the rows that is not carried from the record', () => {
    const untold = all.flatMap(({ mapping: { step, target, rules, others }, written, known }) => {
      const told = new Set(rules.map((rule) => rule.target));
      const isCarried = (name: string): boolean =>
        others !== 'none' && (known.has(name) || name.startsWith('legacy_'));
      return [...written]
        .filter((name) => !told.has(name) && !isCarried(name))
        .map((name) => `${step} ${target} ${name}`);
    });
    expect(untold).toEqual([]);
  });
});
