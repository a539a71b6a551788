import { MemoryStore } from '../../../src/infrastructure/memory/memory-store.js';
import type { MigrationPlan } from '../../../src/migrations/contract/migration-plan.js';
import type { TableDefinition } from '../../../src/migrations/contract/table.js';
import { preflight, requirePassed } from '../../../src/runner/preflight/preflight.js';
import type { TableAdmin, TableDescription } from '../../../src/runner/ports/table-admin.js';

const SOURCE: TableDefinition = { name: 'cargo', role: 'source', partitionKey: 'id', indexes: [] };
const TARGET: TableDefinition = {
  name: 'crates',
  role: 'target',
  partitionKey: 'id',
  indexes: [{ name: 'berth-index', partitionKey: 'berth', sortKey: 'id' }],
};
const JOURNAL: TableDefinition = {
  name: 'journal',
  role: 'target',
  partitionKey: 'pk',
  sortKey: 'sk',
  indexes: [],
};
const PLAN = { name: 'harbour', tables: [SOURCE, TARGET] } as unknown as MigrationPlan;

type Change = (table: TableDescription) => TableDescription | undefined;

/** All tables as they should be, one of them changed. */
function admin(name = '', change: Change = (table) => table): TableAdmin {
  const store = new MemoryStore([SOURCE, TARGET, JOURNAL]);
  return {
    physicalName: (table) => `${table}-dev`,
    pointInTimeRecovery: () => Promise.resolve(undefined),
    create: () => Promise.reject(new Error('preflight creates nothing')),
    describe: async (table) => {
      const found = await store.describe(table);
      return table === name && found !== undefined ? change(found) : found;
    },
  };
}

async function differences(name: string, change: Change): Promise<string[]> {
  const { checks } = await preflight(admin(name, change), PLAN, JOURNAL, 'dev');
  return checks
    .filter(({ passed }) => !passed)
    .map(({ name: check, expected, found }) => `${check}: ${expected} / ${found}`);
}

const index = (
  table: TableDescription,
  changes: Partial<TableDescription['indexes'][number]>,
): TableDescription => {
  return { ...table, indexes: table.indexes.map((one) => ({ ...one, ...changes })) };
};

describe('preflight', () => {
  it('K-10, P-X32: passes where every table, key and index is as the plan says', async () => {
    const result = await preflight(admin(), PLAN, JOURNAL, 'dev');
    expect([result.plan, result.env, result.passed]).toEqual(['harbour', 'dev', true]);
    expect(result.checks.map(({ name }) => name)).toEqual(
      expect.arrayContaining([
        'table cargo-dev',
        'table crates-dev',
        'index berth-index of crates-dev',
        'table journal-dev',
      ]),
    );
    expect(() => requirePassed(result)).not.toThrow();
  });

  it.each<[string, string, Change, string[]]>([
    ['a table that is not there', 'crates', () => undefined, ['table crates-dev: ACTIVE / no such table']],
    [
      'a table that is not ready',
      'cargo',
      (table) => ({ ...table, status: 'UPDATING' }),
      ['table cargo-dev: ACTIVE / UPDATING'],
    ],
    [
      'another partition key',
      'cargo',
      (table) => ({ ...table, partitionKey: 'pk' }),
      ['key of cargo-dev: id / pk'],
    ],
    [
      'a sort key that should not be',
      'cargo',
      (table) => ({ ...table, sortKey: 'sk' }),
      ['key of cargo-dev: id / id, sk'],
    ],
    [
      'a sort key that is missing',
      'journal',
      ({ sortKey: _, ...table }) => table,
      ['key of journal-dev: pk, sk / pk'],
    ],
    [
      'a key of another type',
      'cargo',
      (table) => ({ ...table, keyTypes: new Map([['id', 'N']]) }),
      ['type of cargo-dev.id: S / N'],
    ],
    [
      'an index that is missing',
      'crates',
      (table) => ({ ...table, indexes: [] }),
      ['index berth-index of crates-dev: (berth, id) / no such index'],
    ],
    [
      'an index with other keys',
      'crates',
      (table) => ({ ...table, indexes: table.indexes.map(({ sortKey: _, ...one }) => one) }),
      ['index berth-index of crates-dev: (berth, id) projecting ALL / (berth) projecting ALL'],
    ],
    [
      'an index that projects less',
      'crates',
      (table) => index(table, { projection: 'KEYS_ONLY' }),
      ['index berth-index of crates-dev: (berth, id) projecting ALL / (berth, id) projecting KEYS_ONLY'],
    ],
    [
      'an index that is not ready',
      'crates',
      (table) => index(table, { status: 'CREATING' }),
      ['index berth-index of crates-dev: status: ACTIVE / CREATING'],
    ],
  ])('K-10: names %s, and nothing else', async (_case, table, change, expected) => {
    expect(await differences(table, change)).toEqual(expected);
  });

  it('does not mind indexes that the plan does not ask for', async () => {
    const more = (table: TableDescription): TableDescription => ({
      ...table,
      indexes: [
        ...table.indexes,
        { name: 'other', partitionKey: 'x', status: 'CREATING', projection: 'KEYS_ONLY' },
      ],
    });
    expect(await differences('crates', more)).toEqual([]);
  });

  it('invariant 10: refuses with exit 3, names each difference, and says how to make target tables', async () => {
    const result = await preflight(
      admin('crates', () => undefined),
      PLAN,
      JOURNAL,
      'dev',
    );
    expect(() => requirePassed(result)).toThrow(
      expect.objectContaining({
        exit: 3,
        code: 'PREFLIGHT_FAILED',
        message: '1 preflight check failed: table crates-dev: expected ACTIVE, found no such table',
        next: 'Create the target tables: node runner tables create --env dev',
      }),
    );
  });

  it('does not suggest to create a legacy table', async () => {
    const result = await preflight(
      admin('cargo', () => undefined),
      PLAN,
      JOURNAL,
      'dev',
    );
    expect(() => requirePassed(result)).toThrow(
      expect.objectContaining({
        next: expect.stringContaining('cargo is a legacy or look-up table') as string,
      }),
    );
  });
});
