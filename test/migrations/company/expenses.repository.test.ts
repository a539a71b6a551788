import { Expense } from '../../../src/domain/company/expense.js';
import { DomainRuleError, RestoreError } from '../../../src/domain/errors.js';
import type { StoredItem } from '../../../src/domain/storage/stored-value.js';
import { ExactNumber } from '../../../src/domain/values/exact-number.js';
import { Instant, LocalDate } from '../../../src/domain/values/moment.js';
import { MemoryStore } from '../../../src/infrastructure/memory/memory-store.js';
import { MappedExpenses } from '../../../src/infrastructure/persistence/company/company-records.repository.js';
import type { CompanyRows } from '../../../src/infrastructure/persistence/company/company-rows.js';
import { DynamoCompanyRows } from '../../../src/infrastructure/persistence/company/dynamo-company-rows.js';
import { MemoryCompanyRows } from '../../../src/infrastructure/persistence/company/memory-company-rows.js';
import { COMPANY_TABLES } from '../../../src/migrations/company/company.tables.js';
import { createTestTables } from '../../support/dynamodb/test-tables.js';
import { T } from './entities-trial.js';

const DEFINITION = COMPANY_TABLES.find(({ name }) => name === T.expenses)!;
const NOW = Instant.read('2025-01-02T03:04:05Z')!;

interface Opened {
  readonly expenses: MappedExpenses;
  close(): Promise<void>;
}

const STORES: readonly (readonly [string, () => Promise<Opened>])[] = [
  [
    'in memory',
    () => {
      const rows = new MemoryCompanyRows(DEFINITION, new MemoryStore([DEFINITION]));
      return Promise.resolve({ expenses: new MappedExpenses(rows), close: () => Promise.resolve() });
    },
  ],
  ['in DynamoDB', () => inDynamo({})],
  [
    'in DynamoDB with renamed attributes',
    () => inDynamo({ [T.expenses]: { companyId: 'name', invoiceNum: 'values' } }),
  ],
];

async function inDynamo(
  attributes: Readonly<Record<string, Readonly<Record<string, string>>>>,
): Promise<Opened> {
  const { client, mapping, close } = await createTestTables([DEFINITION], { attributes });
  const rows = new DynamoCompanyRows(DEFINITION, { client, mapping, pageSize: 2 });
  return { expenses: new MappedExpenses(rows), close };
}

function anExpense(companyId: string, expenseId: string, invoiceNum?: string) {
  const amount = ExactNumber.of('12345678901234567890.123456789012345678');
  const date = LocalDate.read('2025-01-01')!;
  const aggregate = Expense.create(
    { companyId, expenseId, amount, date, invoiceNum },
    { userId: 'ann' },
    NOW,
  );
  return { aggregate, envelope: { otherAttributes: { tags: { SS: ['a'] } } } };
}

describe.each(STORES)('E-08: expenses of a company, %s', (_, open) => {
  let opened: Opened;
  beforeEach(async () => (opened = await open()));
  afterEach(() => opened.close());

  it('are found by the company that has them, and by no other', async () => {
    const { expenses } = opened;
    expect(await expenses.insertIfAbsent(anExpense('acme', 'e1'))).toBe('inserted');
    expect(await expenses.find('acme', 'e1')).toEqual(anExpense('acme', 'e1'));
    expect(await expenses.find('zeta', 'e1')).toBeUndefined();
    expect(await expenses.insertIfAbsent(anExpense('acme', 'e1', 'R1'))).toBe('exists');
    expect(await expenses.insertIfAbsent(anExpense('zeta', 'e1'))).toBe('inserted');
  });

  it('are listed company by company, over many pages', async () => {
    const { expenses } = opened;
    for (const id of ['e1', 'e2', 'e3', 'e4', 'e5']) await expenses.insertIfAbsent(anExpense('acme', id));
    await expenses.insertIfAbsent(anExpense('zeta', 'e6'));
    const ids: string[] = [];
    for await (const { aggregate } of expenses.all('acme')) ids.push(aggregate.id);
    expect(ids.sort()).toEqual(['e1', 'e2', 'e3', 'e4', 'e5']);
  });

  it('E-X33: are found by invoice number within the company only', async () => {
    const { expenses } = opened;
    for (const [company, id] of [
      ['acme', 'e1'],
      ['acme', 'e2'],
      ['zeta', 'e3'],
    ] as const)
      await expenses.insertIfAbsent(anExpense(company, id, 'R1'));
    const found = await expenses.findByInvoice('acme', 'R1');
    expect(found.map(({ aggregate }) => aggregate.id).sort()).toEqual(['e1', 'e2']);
    expect(await expenses.findByInvoice('acme', 'R2')).toEqual([]);
  });

  it('are asked for in the name of a company, or not at all', async () => {
    const { expenses } = opened;
    await expect(expenses.find(' ', 'e1')).rejects.toThrow(DomainRuleError);
    await expect(expenses.findByInvoice('', 'R1')).rejects.toThrow(DomainRuleError);
    await expect(expenses.all('').next()).rejects.toThrow(DomainRuleError);
  });
});

describe('E-X33, A-13: an index by invoice number alone', () => {
  it('gives other companies’ rows, and the repository none of them', async () => {
    const row = (companyId: string): StoredItem => ({
      ...{
        companyId: { S: companyId },
        expenseId: { S: 'e1' },
        amount: { N: '1' },
        date: { S: '2025-01-01' },
      },
      ...{ createdBy: { S: 'ann' }, createdAt: { S: '2025-01-01' }, updatedAt: { S: '2025-01-01' } },
      invoiceNum: { S: 'R1' },
    });
    const rows = {
      async *indexed() {
        yield* await Promise.resolve([row('acme'), row('zeta')]);
      },
    } as unknown as CompanyRows;
    const found = await new MappedExpenses(rows).findByInvoice('acme', 'R1');
    expect(found.map(({ aggregate }) => aggregate.companyId)).toEqual(['acme']);
  });
});

describe('a row that is no expense', () => {
  it('is told from one', async () => {
    const store = new MemoryStore([DEFINITION]);
    store.load(T.expenses, [{ companyId: { S: 'acme' }, expenseId: { S: 'e1' }, amount: { S: 'much' } }]);
    const expenses = new MappedExpenses(new MemoryCompanyRows(DEFINITION, store));
    await expect(expenses.find('acme', 'e1')).rejects.toThrow(RestoreError);
  });
});
