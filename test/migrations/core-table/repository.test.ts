import { Membership } from '../../../src/domain/core-table/membership.js';
import { DEFAULT_ROLES } from '../../../src/domain/core-table/permissions.js';
import { Server } from '../../../src/domain/core-table/server.js';
import { User } from '../../../src/domain/core-table/user.js';
import { WORKFLOWS } from '../../../src/domain/core-table/workflows.js';
import { RestoreError } from '../../../src/domain/errors.js';
import type { StoredItem } from '../../../src/domain/storage/stored-value.js';
import { MemoryStore } from '../../../src/infrastructure/memory/memory-store.js';
import { DynamoCoreTableRows } from '../../../src/infrastructure/persistence/core-table/dynamo-core-table-rows.js';
import { MappedCoreTableRepository } from '../../../src/infrastructure/persistence/core-table/core-table.repository.js';
import { MembershipMapper } from '../../../src/infrastructure/persistence/core-table/membership.mapper.js';
import { MemoryCoreTableRows } from '../../../src/infrastructure/persistence/core-table/memory-core-table-rows.js';
import { ServerMapper } from '../../../src/infrastructure/persistence/core-table/server.mapper.js';
import { UserMapper } from '../../../src/infrastructure/persistence/core-table/user.mapper.js';
import { CORE_TABLE_TABLES } from '../../../src/migrations/core-table/core-table.tables.js';
import { createTestTables } from '../../support/dynamodb/test-tables.js';
import { aMembership, aServer, trialOn } from './core-table-trial.js';

function repositoryOn(rows: readonly StoredItem[] = []): MappedCoreTableRepository {
  const store = new MemoryStore(CORE_TABLE_TABLES);
  store.load('CoreTable', rows);
  return new MappedCoreTableRepository(new MemoryCoreTableRows(store));
}

const STAMP: StoredItem = {
  _migration: { M: { source: { S: 'ServersTable#s1' }, run: { S: 'r' }, digest: { S: 'd' } } },
};
const MEMBER: StoredItem = {
  ...{ PK: { S: 'USER#ann' }, SK: { S: 'SERVER#s1' }, Type: { S: 'UserServer' } },
  ...{ role: { S: 'viewer' }, permissions: { L: [{ S: 'read' }] } },
};

interface Opened {
  readonly table: MappedCoreTableRepository;
  close(): Promise<void>;
}

const STORES: readonly (readonly [string, () => Promise<Opened>])[] = [
  ['in memory', () => Promise.resolve({ table: repositoryOn(), close: () => Promise.resolve() })],
  ['in DynamoDB', () => inDynamo({})],
  [
    'in DynamoDB with renamed attributes',
    () => inDynamo({ CoreTable: { PK: 'name', SK: 'values', role: 'PK' } }),
  ],
];

async function inDynamo(names: Readonly<Record<string, Readonly<Record<string, string>>>>): Promise<Opened> {
  const { client, mapping, close } = await createTestTables(CORE_TABLE_TABLES, { attributes: names });
  const definition = CORE_TABLE_TABLES.find(({ name }) => name === 'CoreTable')!;
  const rows = new DynamoCoreTableRows(definition, { client, mapping, pageSize: 2 });
  return { table: new MappedCoreTableRepository(rows), close };
}

describe.each(STORES)('C-02: one data class for the application, %s', (_, open) => {
  let opened: Opened;
  beforeEach(async () => (opened = await open()));
  afterEach(() => opened.close());

  it('finds nothing in an empty table', async () => {
    const { table } = opened;
    expect(await table.findServer('s1')).toBeUndefined();
    expect(await table.findUser('ann')).toBeUndefined();
    expect(await table.findMembership('ann', 's1')).toBeUndefined();
    expect(await table.membershipsOf('ann')).toEqual([]);
    expect(await table.findUser('a'.repeat(3000))).toBeUndefined();
    expect(await table.membershipsOf('a'.repeat(3000))).toEqual([]);
  });

  it('gives back what it was given, and overwrites nothing', async () => {
    const { table } = opened;
    const server = { aggregate: Server.create('s1', 'One'), envelope: {} };
    const user = { aggregate: User.create('ann', 'ann@example.org', 'Ann'), envelope: {} };
    const memberships = ['s1', 's2', 's3', 's4', 's5'].map((id) => {
      return { aggregate: Membership.create('ann', id, 'viewer', DEFAULT_ROLES), envelope: {} };
    });
    for (const expected of ['inserted', 'exists']) {
      expect(await table.insertServer(server)).toBe(expected);
      expect(await table.insertUser(user)).toBe(expected);
      for (const one of memberships) expect(await table.insertMembership(one)).toBe(expected);
    }
    expect(await table.findServer('s1')).toEqual(server);
    expect(await table.findUser('ann')).toEqual(user);
    expect(await table.findMembership('ann', 's1')).toEqual(memberships[0]);
    const found = await table.membershipsOf('ann');
    expect(found).toHaveLength(5);
    expect(found).toEqual(expect.arrayContaining(memberships));
    expect(await table.membershipsOf('an')).toEqual([]);
  });

  it('says that an item can not be stored, without its values', async () => {
    const aggregate = Server.restore({ id: 'secret'.repeat(500) });
    const error: unknown = await opened.table
      .insertServer({ aggregate, envelope: {} })
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'STORE_FAILED' });
    expect(String(error)).not.toContain('secret');
  });
});

describe('rows of the core table', () => {
  it('keeps what the model does not know, and the stamp', () => {
    const rows = [
      [
        new ServerMapper(),
        { PK: { S: 'SERVER#s1' }, SK: { S: 'METADATA' }, Type: { S: 'Server' }, name: { N: '1' } },
      ],
      [
        new UserMapper(),
        {
          PK: { S: 'USER#a' },
          SK: { S: 'METADATA' },
          Type: { S: 'User' },
          email: { S: '' },
          name: { S: 'a' },
        },
      ],
      [new MembershipMapper(), MEMBER],
    ] as const;
    const odd = Object.fromEntries([
      ['__proto__', { NULL: true as const }],
      ['id', { S: 'x' }],
    ]);
    for (const [mapper, row] of rows) {
      const item: StoredItem = { ...row, ...STAMP, ...odd };
      const again = mapper.toItem(mapper.fromItem(item) as never);
      expect(Object.entries(again).sort()).toEqual(Object.entries(item).sort());
    }
  });

  it.each([
    ['Type', { Type: { S: 'User' } }],
    ['PK', { PK: { S: 'ann' } }],
    ['PK', { PK: { S: 'USER#' } }],
    ['SK', { SK: { S: 'METADATA' } }],
    ['role', { role: { N: '1' } }],
    ['permissions', { permissions: { SS: ['read'] } }],
    ['permissions', { permissions: { L: [{ N: '1' }] } }],
  ])('refuses a membership that is broken in %s %#', (field, change) => {
    const restore = (): unknown => new MembershipMapper().fromItem({ ...MEMBER, ...change });
    expect(restore).toThrow(RestoreError);
    expect(restore).toThrow(new RegExp(`UserServer\\.${field}`));
  });

  it('refuses users without a name or under a sort key that is none', () => {
    const user = {
      PK: { S: 'USER#a' },
      SK: { S: 'METADATA' },
      Type: { S: 'User' },
      email: { S: '' },
      name: { S: 'a' },
    };
    expect(() => new UserMapper().fromItem({ ...user, name: { N: '1' } })).toThrow(/User\.name/);
    expect(() => new UserMapper().fromItem({ ...user, SK: { S: 'PROFILE' } })).toThrow(/User\.SK/);
  });
});

describe('C-23, C-24: the key workflows, by keys alone', () => {
  const visit = { userId: 'ann', serverId: 's1', permissions: ['read'] };

  async function tried(rows: readonly StoredItem[]): Promise<Record<string, readonly string[]>> {
    const table = repositoryOn(rows);
    const entries = WORKFLOWS.map(async ({ name, tried: run }) => [name, await run(table, visit)] as const);
    return Object.fromEntries(await Promise.all(entries));
  }

  it('work on what a run has made', async () => {
    const trial = trialOn([aServer('s1')], [aMembership('ann', 's1')]);
    await trial.wholeRun();
    expect(await tried(trial.tables().get('CoreTable') ?? [])).toEqual({
      'my-servers': [],
      'my-profile': [],
      'server-detail': [],
      'permission-check': [],
    });
  });

  it('say what does not work', async () => {
    expect(await tried([])).toEqual({
      'my-servers': ['user ann does not see server s1'],
      'my-profile': ['user ann has no profile'],
      'server-detail': ["server s1 can't be opened"],
      'permission-check': ['user ann lacks 1 permissions for server s1'],
    });
    const wide = { ...MEMBER, permissions: { L: [{ S: 'read' }, { S: 'delete' }] } };
    expect(await tried([wide])).toMatchObject({
      'my-servers': ['user ann sees server s1, which is not there'],
      'permission-check': ['user ann has 1 permissions too many for server s1'],
    });
  });
});
