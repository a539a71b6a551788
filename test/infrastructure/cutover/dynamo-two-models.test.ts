import type { StoredItem } from '../../../src/domain/storage/stored-value.js';
import type { Discrepancy } from '../../../src/cutover/dual-writes/discrepancies.js';
import type { DualWriter } from '../../../src/cutover/dual-writes/dual-writer.js';
import { openDiscrepancies, openPersonnelDualWriter } from '../../../src/cutover/open-dual-writer.js';
import { DynamoTwoModels } from '../../../src/infrastructure/cutover/dynamo-two-models.js';
import { JOURNAL_TABLE } from '../../../src/infrastructure/journal/journal-layout.js';
import { DynamoReader } from '../../../src/infrastructure/dynamodb/dynamodb-reader.js';
import { NEW_TABLE, PERSONNEL_TABLES } from '../../../src/migrations/personnel/personnel.tables.js';
import { BOTH, employee, keyOf, sourceOf } from '../../cutover/dual-writes/stage.js';
import { instantRetries } from '../../support/dynamodb/instant-retries.js';
import { createTestTables, type TestTables } from '../../support/dynamodb/test-tables.js';

const [LEGACY_TABLE = NEW_TABLE] = PERSONNEL_TABLES;
const [LEGACY, CURRENT] = [LEGACY_TABLE.name, NEW_TABLE.name];

/** Every type that a row can have, a number of 38 digits and a name that objects have of their own. */
const RICH: StoredItem = employee('rich', {
  hourly_rate: { N: '12345678901234567890.123456789012345678' },
  badges: { NS: ['1', '2.5'] },
  photo: { B: Uint8Array.from([0, 1, 255]) },
  skills: { SS: ['crane', 'forklift'] },
  ...Object.fromEntries([['__proto__', { S: 'odd' }]]),
  nested: { M: { list: { L: [{ N: '1' }, { NULL: true }] } } },
});

describe('dual writes in DynamoDB', () => {
  let tables: TestTables;
  let writer: DualWriter;

  beforeAll(async () => {
    tables = await createTestTables([...PERSONNEL_TABLES, JOURNAL_TABLE]);
    writer = openPersonnelDualWriter(settings());
  });
  afterAll(() => tables.close());

  function settings(more: { client?: TestTables['client']; legacyClient?: TestTables['client'] } = {}) {
    const { mapping, client } = tables;
    const names = [LEGACY, CURRENT].map((name) => [name, mapping.physicalName(name)] as const);
    return {
      ...{ client, suffix: '', tables: Object.fromEntries(names), conduct: () => Promise.resolve(BOTH) },
      journalTable: mapping.physicalName(JOURNAL_TABLE.name),
      ...more,
    };
  }

  async function stored(table: string, id: string): Promise<StoredItem | undefined> {
    const { client, mapping } = tables;
    const reader = new DynamoReader({ client, mapping, tables: PERSONNEL_TABLES });
    return (await reader.get(table, [keyOf(id)]))[0];
  }

  function models(client = tables.client): DynamoTwoModels {
    return new DynamoTwoModels({
      ...{ plan: 'personnel', client, mapping: tables.mapping, legacy: LEGACY_TABLE, current: NEW_TABLE },
      journalTable: tables.mapping.physicalName(JOURNAL_TABLE.name),
      retries: instantRetries(),
    });
  }

  async function open(): Promise<Discrepancy[]> {
    const found: Discrepancy[] = [];
    for await (const one of openDiscrepancies(tables.client, settings().journalTable).list('personnel'))
      found.push(one);
    return found.sort((a, b) => (a.source < b.source ? -1 : 1));
  }

  /** The client, whose next transaction ends otherwise than it should. */
  function once(misfortune: (send: () => Promise<unknown>) => Promise<unknown>): TestTables['client'] {
    let isOver = false;
    return new Proxy(tables.client, {
      get: (client, name): unknown => {
        if (name !== 'send') return Reflect.get(client, name) as unknown;
        return (command: { constructor: { name: string } }) => {
          const send = (): Promise<unknown> => client.send(command as never);
          if (isOver || command.constructor.name !== 'TransactWriteItemsCommand') return send();
          isOver = true;
          return misfortune(send);
        };
      },
    });
  }

  it('P-11, P-12: writes both rows exactly and changes only what was asked for', async () => {
    await writer.create(RICH);
    expect(await stored(LEGACY, 'rich')).toEqual(RICH);
    const created = await stored(CURRENT, 'rich');
    expect(created).toMatchObject({
      hourly_rate: RICH['hourly_rate'],
      ...{ badges: RICH['badges'], photo: RICH['photo'], skills: RICH['skills'], nested: RICH['nested'] },
    });
    await writer.update(keyOf('rich'), { set: { phone: { S: '5' } }, remove: ['photo'] });
    expect(await stored(LEGACY, 'rich')).toMatchObject({ phone: { S: '5' }, badges: RICH['badges'] });
    expect(Object.keys((await stored(CURRENT, 'rich')) ?? {})).not.toContain('photo');
    expect((await stored(CURRENT, 'rich'))?.['phone']).toEqual({ S: '5' });
  });

  it('P-X28: removes both, remembers it, and forgets it when the record is created again', async () => {
    await writer.create(employee('gone'));
    await writer.remove(keyOf('gone'));
    expect([await stored(LEGACY, 'gone'), await stored(CURRENT, 'gone')]).toEqual([undefined, undefined]);
    expect((await models().notes(sourceOf('gone'))).buried).toMatch(/^20\d\d-/);
    await writer.create(employee('gone'));
    expect(await models().notes(sourceOf('gone'))).toEqual({});
  });

  it('P-X27, E-21: notes records without rows, lists them over all partitions, and works them off', async () => {
    const ids = Array.from({ length: 12 }, (_, n) => `late${String(n).padStart(2, '0')}`);
    for (const id of ids) {
      await models().commit([{ kind: 'insert', table: LEGACY, item: employee(id) }], []);
      await writer.update(keyOf(id), { set: { phone: { S: id } } });
    }
    const found = await open();
    expect(found.map(({ source, reason }) => [source, reason])).toEqual(
      ids.map((id) => [sourceOf(id), 'NOT_BACKFILLED']),
    );
    const list = openDiscrepancies(tables.client, settings().journalTable);
    expect(await list.count('personnel')).toBe(12);
    expect(await list.count('person')).toBe(0);
    for (const { source } of found) expect(await writer.reconcile(source)).toBe('repaired');
    expect(await list.count('personnel')).toBe(0);
    expect((await stored(CURRENT, 'late07'))?.['phone']).toEqual({ S: 'late07' });
  });

  it('P-X26: writes nothing at all where one thing that has to hold does not', async () => {
    await writer.create(employee('held'));
    const [record = {}, row = {}] = [await stored(LEGACY, 'held'), await stored(CURRENT, 'held')];
    const changed = { ...record, phone: { S: '1' } };
    const replace = { kind: 'replace', table: LEGACY, item: changed, image: record } as const;
    const source = sourceOf('held');
    const lost = [
      await models().commit([replace, { kind: 'absent', table: CURRENT, key: keyOf('held') }], []),
      await models().commit(
        [replace, { kind: 'still', table: CURRENT, image: { ...row, role: { S: 'x' } } }],
        [],
      ),
      await models().commit([replace, { kind: 'insert', table: CURRENT, item: row }], []),
      await models().commit([replace], [{ kind: 'held', source, version: 'v' }]),
      await models().commit([replace], [{ kind: 'close', source, version: 'v' }]),
    ];
    expect(lost).toEqual([false, false, false, false, false]);
    expect(await stored(LEGACY, 'held')).toEqual(record);
    expect(await models().commit([replace, { kind: 'still', table: CURRENT, image: row }], [])).toBe(true);
    expect(await stored(LEGACY, 'held')).toEqual(changed);
  });

  it('replaces a note only over the version that was read', async () => {
    const source = sourceOf('noted');
    const discrepancy: Discrepancy = {
      ...{ plan: 'personnel', step: 'employees', source, version: 'one', reason: 'UNDER_WAY' },
      ...{ truth: 'legacy', write: 'update', at: '2025-01-01T00:00:00.000Z' },
    };
    const next = { ...discrepancy, version: 'two' };
    const over = { version: 'one' };
    expect([
      await models().commit([], [{ kind: 'open', discrepancy, over: 'nothing' }]),
      await models().commit([], [{ kind: 'open', discrepancy: next, over: 'nothing' }]),
      await models().commit([], [{ kind: 'open', discrepancy: next, over }]),
      await models().commit([], [{ kind: 'open', discrepancy, over }]),
    ]).toEqual([true, false, true, false]);
    expect(await models().notes(source)).toEqual({ open: next });
    expect(await models().commit([], [{ kind: 'close', source }])).toBe(true);
  });

  it('counts a transaction once whose answer was lost', async () => {
    const client = once(async (send) => {
      await send();
      throw Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
    });
    const { written } = await openPersonnelDualWriter(settings({ client })).create(employee('lost'));
    expect(written).toBe('both');
    expect(await stored(CURRENT, 'lost')).toBeDefined();
  });

  it('repeats a transaction that another one was in the way of', async () => {
    let fired = 0;
    const conflict = {
      name: 'TransactionCanceledException',
      $metadata: { httpStatusCode: 400 },
      CancellationReasons: [{ Code: 'TransactionConflict' }, { Code: 'None' }],
    };
    const client = once(() => {
      fired += 1;
      return Promise.reject(Object.assign(new Error('cancelled'), conflict));
    });
    expect((await openPersonnelDualWriter(settings({ client })).create(employee('busy'))).written).toBe(
      'both',
    );
    expect(fired).toBe(1);
  });

  it('A-36: writes leg by leg where the tables are in different accounts, and refuses one transaction there', async () => {
    const legacyClient = once((send) => send());
    const apart = settings({ legacyClient });
    await expect(openPersonnelDualWriter(apart).create(employee('far'))).rejects.toThrow(
      'no transaction reaches both',
    );
    const legs = openPersonnelDualWriter({ ...apart, policy: 'truth-first' });
    expect((await legs.create(employee('far'))).written).toBe('both');
    expect((await legs.update(keyOf('far'), { set: { phone: { S: '3' } } })).written).toBe('both');
    expect((await stored(CURRENT, 'far'))?.['phone']).toEqual({ S: '3' });
    expect((await legs.remove(keyOf('far'))).written).toBe('both');
    expect(await stored(CURRENT, 'far')).toBeUndefined();
    expect(await open()).toEqual([]);
  });

  it('P-X31: asks the index of numbers whether one is taken', async () => {
    const first = await writer.create(employee('n1', { employee_number: { S: 'EMPZZ123' } }));
    expect(first.row?.['employee_number']).toEqual({ S: 'EMPZZ123' });
    const { row } = await writer.create(employee('n2', { full_name: { S: 'Zoe Zorn' } }));
    expect(row?.['employee_number']).toEqual({ S: 'EMPZZ124' });
  });

  it('tells no values where a row is too wide to be guarded', async () => {
    const wide = Object.fromEntries(Array.from({ length: 160 }, (_, n) => [`a${n}`, { S: 'secret' }]));
    await writer.create(employee('wide', wide));
    await expect(writer.remove(keyOf('wide'))).rejects.toMatchObject({
      code: 'RECORD_TOO_WIDE',
      message: expect.not.stringContaining('secret') as string,
    });
    expect(await stored(LEGACY, 'wide')).toBeDefined();
  });
});
