import { Contractor } from '../../../src/domain/company/contractor.js';
import { Expense } from '../../../src/domain/company/expense.js';
import { Project } from '../../../src/domain/company/project.js';
import { Work } from '../../../src/domain/company/work.js';
import { DomainRuleError, RestoreError } from '../../../src/domain/errors.js';
import { ExactNumber } from '../../../src/domain/values/exact-number.js';
import { Instant, LocalDate, Moment } from '../../../src/domain/values/moment.js';

const NOW = Instant.read('2025-01-02T03:04:05Z')!;
const BY = { userId: 'ann' };
const ORIGIN = { createdBy: 'ann', createdAt: NOW, updatedAt: NOW };

const NEW_EXPENSE = {
  ...{ companyId: 'acme', expenseId: 'e1', amount: ExactNumber.of('-0.10') },
  date: LocalDate.read('2025-01-01')!,
};

describe('Expense', () => {
  it('.create says who made it and when', () => {
    const expense = Expense.create(NEW_EXPENSE, BY, NOW);
    expect(expense.state()).toEqual({ ...NEW_EXPENSE, ...ORIGIN });
    expect([expense.companyId, expense.id]).toEqual(['acme', 'e1']);
  });

  it.each([
    { companyId: '' },
    { expenseId: ' ' },
    { invoiceNum: '' },
    { projectId: ' ' },
    { contractorId: '' },
    { workId: '' },
  ])('.create refuses a blank key: %j', (blank) => {
    expect(() => Expense.create({ ...NEW_EXPENSE, ...blank }, BY, NOW)).toThrow(DomainRuleError);
  });

  it('.create refuses a blank creator', () => {
    expect(() => Expense.create(NEW_EXPENSE, { userId: '' }, NOW)).toThrow(DomainRuleError);
  });

  it('.restore takes history as it is', () => {
    const history = {
      ...{
        companyId: 'acme',
        expenseId: 'e1',
        amount: ExactNumber.of('0'),
        date: Moment.restore('in spring'),
      },
      ...{ description: '', status: 'whatever', createdBy: 'ann', createdAtDerived: true },
      ...{ createdAt: Moment.restore('2024-01-01'), updatedAt: Moment.restore('never') },
    };
    expect(Expense.restore(history).state()).toEqual(history);
  });

  it.each(['companyId', 'expenseId', 'amount', 'date', 'createdBy', 'createdAt', 'updatedAt'])(
    '.restore needs %s',
    (field) => {
      const state = { ...NEW_EXPENSE, ...ORIGIN, [field]: undefined };
      expect(() => Expense.restore(state as never)).toThrow(RestoreError);
    },
  );
});

describe('Project, Contractor and Work', () => {
  it('.create names them and says who made them', () => {
    const project = Project.create({ companyId: 'acme', projectId: 'p1', name: 'House' }, BY, NOW);
    const contractor = Contractor.create({ companyId: 'acme', contractorId: 'c1', name: 'Roofer' }, BY, NOW);
    const work = Work.create({ companyId: 'acme', workId: 'w1', name: 'Roof', projectId: 'p1' }, BY, NOW);
    expect([project, contractor, work].map(({ companyId, id }) => `${companyId} ${id}`)).toEqual([
      'acme p1',
      'acme c1',
      'acme w1',
    ]);
    for (const one of [project, contractor, work]) expect(one.state()).toMatchObject(ORIGIN);
  });

  it('.create refuses those without a name, and references to nothing', () => {
    expect(() => Project.create({ companyId: 'acme', projectId: 'p1' }, BY, NOW)).toThrow(DomainRuleError);
    expect(() => Contractor.create({ companyId: '', contractorId: 'c1', name: 'Roofer' }, BY, NOW)).toThrow(
      DomainRuleError,
    );
    const work = { companyId: 'acme', workId: 'w1', name: 'Roof', expenseId: ' ' };
    expect(() => Work.create(work, BY, NOW)).toThrow(DomainRuleError);
  });

  it('.restore needs no name', () => {
    expect(Project.restore({ companyId: 'acme', projectId: 'p1', ...ORIGIN }).state()).not.toHaveProperty(
      'name',
    );
    expect(() => Work.restore({ companyId: 'acme', ...ORIGIN } as never)).toThrow(RestoreError);
    expect(() => Contractor.restore({ companyId: ' ', contractorId: 'c1', ...ORIGIN })).toThrow(RestoreError);
  });
});
