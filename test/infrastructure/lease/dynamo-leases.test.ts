import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import type { AttributeValue, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  DeleteItemCommand,
  GetItemCommand,
  TransactionCanceledException,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';

import { createDynamoClient } from '../../../src/infrastructure/dynamodb/client.js';
import { installWriteGuard } from '../../../src/infrastructure/dynamodb/write-guard.js';
import { DynamoLeaseStore } from '../../../src/infrastructure/lease/dynamo-lease-store.js';
import { DynamoLeases } from '../../../src/infrastructure/lease/dynamo-leases.js';
import type { LeaseOptions } from '../../../src/infrastructure/lease/stored-leases.js';
import type { Lease } from '../../../src/runner/ports/lease.js';
import { instantRetries } from '../../support/dynamodb/instant-retries.js';
import type { TestServer } from '../../support/dynamodb/server.js';
import { startServer } from '../../support/dynamodb/server.js';
import { compileInto } from '../embedded/compiled-source.js';
import { createJournalTable, dropTables, interceptRequests } from '../journal/journal-table-fixture.js';

/** expires after 1.5 s, is good for 1 s after a heartbeat; heartbeats every 0.25 s */
const SHORT = 1.5;
const FOREIGN = { host: 'elsewhere', pid: 42, user: 'somebody', process: '42-1', scope: 'another boot' };

describe('leases in DynamoDB', () => {
  let server: TestServer;
  let client: DynamoDBClient;
  let table: string;
  let plans = 0;
  let plan: string;
  const held: Lease[] = [];

  beforeAll(async () => {
    server = await startServer();
    client = createDynamoClient({ endpoint: server.endpoint, maxSockets: 16, requestTimeout: 5_000 });
    table = await createJournalTable(client);
    // the guard that the runner puts into the journal's client lets all of it pass
    const journal = { writes: 'any' as const, keys: ['pk', 'sk'] };
    installWriteGuard(client, { tables: new Map([[table, journal]]), readOnly: false, tableAdmin: false });
  });
  beforeEach(() => {
    plan = `plan ${(plans += 1)}`;
  });
  afterEach(async () => {
    for (const lease of held.splice(0)) await lease.release();
  });
  afterAll(async () => {
    client.middlewareStack.remove('waybillWriteGuard');
    await dropTables(client, [table]);
    client.destroy();
    await server.stop();
  });

  const leases = (options: LeaseOptions = {}): DynamoLeases =>
    new DynamoLeases(client, table, 'test', options);
  async function acquire(seconds = 30, options: LeaseOptions = {}): Promise<Lease> {
    const lease = await leases(options).acquire({ plan, command: 'run', seconds });
    held.push(lease);
    return lease;
  }
  async function itemOf(sk: string): Promise<Record<string, unknown> | undefined> {
    const Key = { pk: { S: `PLAN#${encodeURIComponent(plan)}` }, sk: { S: sk } };
    return (await client.send(new GetItemCommand({ TableName: table, Key, ConsistentRead: true }))).Item;
  }

  it('are two items in the plan’s partition: who has it, and the heartbeat', async () => {
    await acquire(SHORT, { identity: FOREIGN, clock: () => 1_795_219_200_000, monotonic: () => 0 });
    expect(await itemOf('LEASE')).toEqual({
      pk: { S: `PLAN#plan%20${plans}` },
      sk: { S: 'LEASE' },
      format: { N: '2' },
      token: { N: '1' },
      holder: {
        M: {
          host: { S: 'elsewhere' },
          pid: { N: '42' },
          user: { S: 'somebody' },
          process: { S: '42-1' },
          scope: { S: 'another boot' },
        },
      },
      nonce: { S: expect.stringMatching(/^[0-9a-f-]{36}$/) },
      command: { S: 'run' },
      acquiredAt: { S: '2026-11-21T00:00:00.000Z' },
      duration: { N: '1500' },
      released: { BOOL: false },
    });
    await sleep(600);
    const beat = await itemOf('LEASE-BEAT');
    expect(beat).toEqual({
      pk: { S: `PLAN#plan%20${plans}` },
      sk: { S: 'LEASE-BEAT' },
      format: { N: '2' },
      token: { N: '1' },
      beat: { N: expect.stringMatching(/^[2-4]$/) },
      expiresAt: { S: '2026-11-21T00:00:01.500Z' },
      stop: { BOOL: false },
    });
  });

  it('invariant 7: are refused while held, for longer than they last, and had again when let go of', async () => {
    const first = await acquire(SHORT);
    for (let round = 0; round < 6; round += 1) {
      await sleep(300);
      first.assertHeld();
      await expect(acquire()).rejects.toMatchObject({ code: 'LEASE_HELD', exit: 3 });
    }
    await first.release();
    expect(await leases().current(plan)).toMatchObject({ token: 1, released: true });
    expect((await acquire()).token).toBe(2);
  });

  it('invariant 7: of two that try at the same time exactly one gets it', async () => {
    for (let round = 1; round <= 20; round += 1) {
      const ends = await Promise.allSettled([acquire(), acquire()]);
      const [won] = ends.flatMap((end) => (end.status === 'fulfilled' ? [end.value] : []));
      const lost = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason as { code: string }] : []));
      expect(lost).toEqual([expect.objectContaining({ code: 'LEASE_HELD' })]);
      expect(won).toMatchObject({ token: round });
      won!.assertHeld();
      await won!.release();
    }
  });

  it('invariant 7: are taken from a living holder that is silent, after its lease and a margin', async () => {
    const silent = await acquire(SHORT, {
      identity: FOREIGN,
      sleep: () => new Promise(() => undefined),
    });
    await expect(acquire()).rejects.toMatchObject({ code: 'LEASE_HELD' });
    await sleep(1_600);
    expect(() => silent.assertHeld()).toThrow(expect.objectContaining({ code: 'LEASE_LOST' }));
    const start = performance.now();
    expect((await acquire()).token).toBe(2);
    expect(performance.now() - start).toBeGreaterThanOrEqual(2_000);
    held.splice(held.indexOf(silent), 1);
  });

  it('reach their holder with a request to stop', async () => {
    const lease = await acquire(SHORT);
    const asked = await leases().requestStop(plan);
    expect(asked).toMatchObject({ plan, token: 1, stopRequested: true, holder: { pid: process.pid } });
    await sleep(700);
    expect(lease.stop.aborted).toBe(true);
    lease.assertHeld();
    await lease.release();
    expect(await leases().requestStop(plan)).toBeUndefined();
  });

  it('reach their holder with another rate, whoever listens by then and later, and keep what was not given', async () => {
    const lease = await acquire(SHORT);
    const heard: object[] = [];
    lease.rates?.subscribe((limits) => heard.push(limits));
    const asked = await leases().requestRate(plan, { maxWcu: 500, maxRcu: 'none' });
    expect(asked).toMatchObject({ plan, token: 1, rate: { maxWcu: 500, maxRcu: 'none' } });
    await sleep(700);
    await leases().requestRate(plan, { maxWcu: 20 });
    await sleep(700);
    expect(heard).toEqual([
      { maxWcu: 500, maxRcu: 'none' },
      { maxWcu: 20, maxRcu: 'none' },
    ]);
    lease.rates?.subscribe((limits) => heard.push(limits));
    expect(heard).toHaveLength(3);
    expect(await leases().current(plan)).toMatchObject({ stopRequested: false });
    await lease.release();
    expect(await leases().requestRate(plan, { maxWcu: 1 })).toBeUndefined();
    // who comes next begins with its own limits
    expect(await (await acquire(SHORT), leases().current(plan))).not.toHaveProperty('rate');
  });

  it.each([
    ['LEASE', 'duration', { N: '99999999999999' }],
    ['LEASE', 'duration', { N: '3000000000' }],
    ['LEASE', 'duration', { N: '3600001' }],
    ['LEASE', 'duration', { N: '999' }],
    ['LEASE', 'duration', { N: '1500.5' }],
    ['LEASE', 'duration', { S: '30000' }],
    ['LEASE', 'token', { N: '100000000000000000000' }],
    ['LEASE', 'acquiredAt', { S: 'yesterday' }],
    ['LEASE-BEAT', 'beat', { N: '0.5' }],
    ['LEASE-BEAT', 'expiresAt', { S: '' }],
  ])(
    'invariant 7: whose %s has a %s that nobody wrote are damaged, and waited for by nobody: %j',
    async (sk, name, value) => {
      await acquire(30, { identity: FOREIGN });
      const pk = `PLAN#plan%20${plans}`;
      await client.send(
        new UpdateItemCommand({
          TableName: table,
          Key: { pk: { S: pk }, sk: { S: sk } },
          UpdateExpression: 'SET #name = :value',
          ExpressionAttributeNames: { '#name': name },
          ExpressionAttributeValues: { ':value': value as AttributeValue },
        }),
      );
      for (const attempt of [
        () => acquire(),
        () => leases().current(plan),
        () => leases().requestStop(plan),
      ]) {
        await expect(attempt()).rejects.toMatchObject({
          code: 'JOURNAL_DAMAGED',
          exit: 3,
          message: `the journal is damaged: the lease of plan ${plan} has no usable ${name}`,
          next: expect.stringContaining(`pk "${pk}", sk "${sk}"`),
        });
      }
      // what it advises helps, and nobody's token is given twice
      await client.send(new DeleteItemCommand({ TableName: table, Key: { pk: { S: pk }, sk: { S: sk } } }));
      const silent = leases({ clock: () => Date.now() + 3_600_000, isDead: () => true });
      const next = await silent.acquire({ plan, command: 'run', seconds: SHORT });
      held.push(next);
      expect(next.token).toBe(2);
    },
  );

  it.each([
    [1_000, 'least'],
    [3_600_000, 'most'],
  ])('last %i ms at %s', async (duration) => {
    await acquire(duration / 1_000);
    expect(await itemOf('LEASE')).toMatchObject({ duration: { N: String(duration) } });
    expect(await leases().current(plan)).toMatchObject({ released: false });
  });

  it('invariant 7: writes of a holder whose token is past change nothing', async () => {
    const store = new DynamoLeaseStore(client, table);
    await acquire();
    await held.pop()!.release();
    const lease = await acquire();
    const signal = new AbortController().signal;
    expect(await store.beat(plan, 1, '2026-11-21T00:00:00Z', signal)).toBeUndefined();
    expect(await store.requestStop(plan, 1)).toBeUndefined();
    expect(await store.release(plan, 1)).toBe(false);
    const { record, beat } = await store.read(plan);
    expect(record).toMatchObject({ token: lease.token, released: false });
    expect(beat).toMatchObject({ token: lease.token, beat: 1, stop: false });
    const next = { ...record!, token: 3 };
    const first = { ...beat!, token: 3 };
    expect(await store.move(next, first, { token: 1 })).toBe(false);
    expect(await store.move(next, first, { token: undefined })).toBe(false);
    // a heartbeat came in between
    expect(await store.move(next, first, { token: 2, beat: { ...beat!, beat: 7 } })).toBe(false);
    expect(await store.read(plan)).toEqual({ record, beat });
    expect(await store.move(next, first, { token: 2, beat: beat! })).toBe(true);
  });

  describe('where the store has trouble', () => {
    const endings: (() => void)[] = [];
    afterEach(() => endings.splice(0).forEach((end) => end()));

    it('invariant 7: do not refuse themselves after an acknowledgement that was lost on its way', async () => {
      const sent: string[] = [];
      client.middlewareStack.add(
        (next, context) => async (args) => {
          const result = await next(args);
          sent.push(String(context['commandName']));
          if (sent.filter((name) => name === 'TransactWriteItemsCommand').length !== 1) return result;
          if (sent.at(-1) !== 'TransactWriteItemsCommand') return result;
          throw Object.assign(new Error('hang up'), { code: 'ECONNRESET' });
        },
        { step: 'finalizeRequest', priority: 'low', name: 'lostAnswer' },
      );
      endings.push(() => client.middlewareStack.remove('lostAnswer'));
      const lease = await acquire();
      lease.assertHeld();
      expect(lease.token).toBe(1);
      // the repeated transaction, with the request's token, or else the record told whose lease it is
      expect(sent.filter((name) => name === 'TransactWriteItemsCommand')).toHaveLength(2);
    });

    it('invariant 7: know their own record again where a repetition was refused', async () => {
      let refused = 0;
      endings.push(
        interceptRequests(client, async ({ action }, proceed) => {
          const output = await proceed();
          if (action !== 'TransactWriteItems' || refused > 0) return output;
          refused += 1;
          const CancellationReasons = [{ Code: 'ConditionalCheckFailed' }, { Code: 'None' }];
          throw new TransactionCanceledException({ message: '', $metadata: {}, CancellationReasons });
        }),
      );
      expect((await acquire()).token).toBe(1);
      expect(refused).toBe(1);
    });

    it('are tried for again after a conflict of transactions', async () => {
      const retries = instantRetries();
      const codes = ['TransactionConflict', 'ThrottlingError'];
      const tokens: unknown[] = [];
      endings.push(
        interceptRequests(client, ({ action, input }, proceed) => {
          if (action === 'TransactWriteItems') tokens.push(input['ClientRequestToken']);
          const Code = action === 'TransactWriteItems' ? codes.shift() : undefined;
          if (Code === undefined) return proceed();
          const CancellationReasons = [{ Code: 'None' }, { Code }];
          throw new TransactionCanceledException({ message: '', $metadata: {}, CancellationReasons });
        }),
      );
      const own = new DynamoLeases(client, table, 'test', { retries });
      held.push(await own.acquire({ plan, command: 'run', seconds: 30 }));
      expect(retries.pauses).toHaveLength(2);
      // one request, so that a repetition of one that was done is done as well
      expect(tokens).toEqual([tokens[0], tokens[0], tokens[0]]);
      expect(tokens[0]).toMatch(/^[0-9a-f-]{36}$/);
    });

    it('are not had from a store that does not answer', async () => {
      endings.push(
        interceptRequests(client, ({ action }, proceed) => {
          if (action === 'TransactWriteItems') throw Object.assign(new Error('x'), { code: 'ECONNREFUSED' });
          return proceed();
        }),
      );
      const own = new DynamoLeases(client, table, 'test', { retries: instantRetries() });
      const acquired = own.acquire({ plan, command: 'run', seconds: 30 });
      await expect(acquired).rejects.toMatchObject({ code: 'STORE_UNREACHABLE' });
      expect(await leases().current(plan)).toBeUndefined();
    });

    it('refuse a journal of a format that is not known', async () => {
      endings.push(
        interceptRequests(client, async ({ action }, proceed) => {
          const output = await proceed();
          return action === 'GetItem' ? { ...output, Item: { format: { N: '99' } } } : output;
        }),
      );
      await expect(acquire()).rejects.toMatchObject({ code: 'JOURNAL_FORMAT' });
      await expect(leases().current(plan)).rejects.toMatchObject({ code: 'JOURNAL_FORMAT' });
      expect(await itemOf('LEASE').catch(() => undefined)).not.toHaveProperty('token');
    });
  });

  describe('of other processes', () => {
    let folder: string;
    let program: string;
    const children: ChildProcess[] = [];

    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'waybill-lease-'));
      const modules = ['infrastructure/lease/dynamo-leases.ts', 'infrastructure/dynamodb/client.ts'];
      compileInto(folder, modules);
      program = join(folder, 'holder.mjs');
      writeFileSync(program, HOLDER);
    });
    afterEach(async () => {
      for (const child of children.splice(0)) await kill(child);
    });
    afterAll(() => rmSync(folder, { recursive: true }));

    async function kill(child: ChildProcess): Promise<void> {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      process.kill(child.pid!, 'SIGKILL');
      await gone;
    }

    /** A process that has the lease, and the lines that it prints. */
    async function holder(seconds: number, mode: 'work' | 'end'): Promise<[ChildProcess, string[]]> {
      const args = [program, server.endpoint, table, plan, String(seconds), mode];
      const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
      children.push(child);
      const lines: string[] = [];
      child.stdout.on('data', (data: Buffer) => lines.push(...data.toString().trim().split('\n')));
      while (lines.length === 0 && child.exitCode === null)
        await Promise.race([once(child.stdout, 'data'), once(child, 'exit')]);
      return [child, lines];
    }

    it('invariant 7: are taken over at once from a process that was killed', async () => {
      const [child] = await holder(30, 'work');
      await expect(acquire()).rejects.toMatchObject({
        code: 'LEASE_HELD',
        message: expect.stringContaining(`(process ${child.pid!})`),
      });
      await kill(child);
      const start = performance.now();
      expect((await acquire()).token).toBe(2);
      expect(performance.now() - start).toBeLessThan(5_000);
    });

    it('invariant 7: a process that is stopped beyond its lease and goes on does nothing more', async () => {
      const [child, lines] = await holder(SHORT, 'work');
      await sleep(500);
      expect(new Set(lines)).toEqual(new Set(['held 1']));
      process.kill(child.pid!, 'SIGSTOP');
      await sleep(SHORT * 1_000 + 200);
      // alive, so it is watched
      expect((await acquire()).token).toBe(2);
      const before = lines.length;
      process.kill(child.pid!, 'SIGCONT');
      await sleep(300);
      expect(lines.length).toBeGreaterThan(before);
      expect(new Set(lines.slice(before))).toEqual(new Set(['LEASE_LOST 1']));
    });

    it('let their process end: a heartbeat keeps none alive', async () => {
      const [child] = await holder(30, 'end');
      const start = performance.now();
      if (child.exitCode === null) await once(child, 'exit');
      expect(child.exitCode).toBe(0);
      expect(performance.now() - start).toBeLessThan(4_000);
    });
  });
});

const HOLDER = `
import { DynamoLeases } from './dist/infrastructure/lease/dynamo-leases.js';
import { createDynamoClient } from './dist/infrastructure/dynamodb/client.js';
const [endpoint, table, plan, seconds, mode] = process.argv.slice(2);
const client = createDynamoClient({ endpoint, maxSockets: 4, requestTimeout: 1000 });
const leases = new DynamoLeases(client, table, 'test');
const lease = await leases.acquire({ plan, command: 'run', seconds: Number(seconds) });
const tell = () => {
  try {
    lease.assertHeld();
    console.log('held ' + lease.token);
  } catch (error) {
    console.log(error.code + ' ' + lease.token);
  }
};
tell();
if (mode === 'work') setInterval(tell, 20);
`;
