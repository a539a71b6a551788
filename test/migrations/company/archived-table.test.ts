import { join } from 'node:path';
import { servedApplication, type ServedApplication } from '../../support/dynamodb/served-application.js';

const PRODUCTION = 'construction-expenses-production-table';
const COMPANY = { plan: 'company' };

describe('E-04, E-X30, A-45: the production table of the demo', () => {
  let served: ServedApplication;

  beforeAll(async () => {
    served = await servedApplication({ suffix: '-archived-test' });
    await served.application.createTables(COMPANY);
    await served.application.seed({ ...COMPANY, defects: false, scale: 10 });
  });
  afterAll(() => served.close());

  const found = async (): Promise<unknown> =>
    (await served.application.analyze(COMPANY)).tables.find(({ table }) => table === PRODUCTION);

  it('is in the inventory with its four items, and with its share of every backup', async () => {
    expect(await found()).toMatchObject({ group: 'archived', found: true, counted: 'store', items: 4 });
    const to = join(served.folder, 'backups');
    const { tables } = await served.application.backup({ ...COMPANY, by: 'ann', to });
    expect(tables.find(({ table }) => table === PRODUCTION)).toMatchObject({ items: 4 });
    expect(tables).toHaveLength(12);
  });

  it('is as it was after a run, of which none of its items is a record', async () => {
    const was = await found();
    const result = await served.application.run({
      ...{ ...COMPANY, dryRun: false, accept: [], confirmProduction: false, resume: 'auto', overrides: [] },
    });
    expect(result.exit).toBe(0);
    expect(result.steps.map(({ counters }) => counters.read)).toEqual([1, 1, 1, 1, 7]);
    expect(await found()).toEqual(was);
  });
});
