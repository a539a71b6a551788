import { createDynamoClient } from '../../../src/infrastructure/dynamodb/client.js';
import { DemoSeeder } from '../../../src/infrastructure/dynamodb/demo-seeder.js';
import { DynamoTableAdmin } from '../../../src/infrastructure/dynamodb/dynamodb-table-admin.js';
import { CompanyDemoData } from '../../../src/migrations/company/demo/company-demo-data.js';
import { COMPANY_TABLES } from '../../../src/migrations/company/company.tables.js';
import { createTestTables } from '../../support/dynamodb/test-tables.js';
import { T } from './entities-trial.js';

describe('seeding plan company', () => {
  it('E-02, E-X30: also fills target tables, with the application’s own rows, and the archived one, and seeding again changes nothing', async () => {
    const { client, mapping, endpoint, close } = await createTestTables([
      ...COMPANY_TABLES,
      ...new CompanyDemoData().beside,
    ]);
    const admin = new DynamoTableAdmin({ client, mapping, deletionProtection: false, interval: 20 });
    const own = createDynamoClient({ endpoint, maxSockets: 8, requestTimeout: 20_000 });
    const parts = { plan: 'company', demo: new CompanyDemoData(), tables: COMPANY_TABLES, admin, mapping };
    const seeder = new DemoSeeder({ ...parts, client: own });
    try {
      const expected = [
        ...[T.oldUsers, T.oldProjects, T.oldContractors, T.oldWorks, T.oldExpenses],
        ...[T.companies, T.users, T.projects, T.contractors, T.works, T.expenses],
        'construction-expenses-production-table',
      ].map((table, index) => ({ table, rows: [0, 1, 1, 1, 7, 5, 6, 23, 18, 12, 37, 4][index] }));
      for (let time = 0; time < 2; time += 1) {
        expect((await seeder.seed({ defects: false })).tables).toEqual(expected);
        const stored = await Promise.all(expected.map(({ table }) => admin.describe(table)));
        expect(stored.map((one) => one?.itemCount ?? 0)).toEqual(expected.map(({ rows }) => rows));
      }
    } finally {
      own.destroy();
      await close();
    }
  });
});
