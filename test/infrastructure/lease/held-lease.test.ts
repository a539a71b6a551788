import type { LeaseBeat, LeaseStore } from '../../../src/infrastructure/lease/lease-store.js';
import { MemoryLeaseStore } from '../../../src/infrastructure/lease/memory-lease-store.js';
import { StoredLeases } from '../../../src/infrastructure/lease/stored-leases.js';
import type { RefusedError } from '../../../src/runner/ports/errors.js';
import type { Lease } from '../../../src/runner/ports/lease.js';
import { leaseDamaged } from '../../../src/infrastructure/lease/lease-errors.js';
import { Machine, World } from './lease-world.js';

/** a lease of 30 s: heartbeats every 5 s, good for 20 s after the last */
const REQUEST = { plan: 'kpi', command: 'run', seconds: 30 };

describe('a lease that is held', () => {
  let world: World;
  let machine: Machine;
  let crashes: Set<string>;

  beforeEach(() => {
    world = new World(() => 0.5);
    crashes = new Set();
    machine = new Machine(world, 'here', crashes);
  });

  async function acquire(by = machine): Promise<Lease> {
    const acquired = by.leases.acquire(REQUEST);
    await world.advance(1_000);
    return acquired;
  }

  const lossOf = (lease: Lease): RefusedError | undefined => {
    try {
      lease.assertHeld();
      return undefined;
    } catch (error) {
      return error as RefusedError;
    }
  };

  it('goes on for as long as its heartbeats arrive', async () => {
    const lease = await acquire();
    expect(lease).toMatchObject({ plan: 'kpi', token: 1 });
    await world.advance(3_600_000);
    expect(lossOf(lease)).toBeUndefined();
    expect(lease.lost.aborted).toBe(false);
  });

  it('invariant 7: is lost a margin before it expires, counted from before the last heartbeat was sent', async () => {
    const lease = await acquire();
    const { beat: last } = await world.store.read('kpi');
    machine.cutOffUntil = Infinity;
    // taken at about 20 ms after the start of the world
    await world.advance(19_000);
    expect(lossOf(lease)).toBeUndefined();
    await world.advance(60);
    expect(lossOf(lease)).toMatchObject({
      code: 'LEASE_LOST',
      exit: 3,
      message: expect.stringContaining('The lease of plan kpi in test is lost: it was not renewed in time'),
      next: expect.stringContaining('run the command again'),
    });
    expect((await world.store.read('kpi')).beat).toEqual(last);
  });

  it('invariant 7: says so without anybody asking, with the same error', async () => {
    const lease = await acquire();
    machine.cutOffUntil = Infinity;
    await world.advance(25_000);
    expect(lease.lost.aborted).toBe(true);
    expect(lease.lost.reason).toBe(lossOf(lease));
    expect(world.events.get('lease.lost')).toBe(1);
  });

  it('invariant 7: outlives heartbeats that fail, as long as one arrives in time', async () => {
    const lease = await acquire();
    for (let round = 0; round < 10; round += 1) {
      machine.cutOffUntil = world.now + 13_000;
      await world.advance(20_000);
      expect(lossOf(lease)).toBeUndefined();
    }
  });

  it('invariant 7: is lost for a process that was paused, before any of its timers fires', async () => {
    const lease = await acquire();
    machine.pause(60_000);
    await world.advance(59_000);
    expect(lease.lost.aborted).toBe(false);
    expect(lossOf(lease)).toMatchObject({ code: 'LEASE_LOST' });
    expect(lease.lost.aborted).toBe(true);
  });

  it('invariant 7: is lost for a machine that was suspended, though its monotonic clock stood still', async () => {
    const lease = await acquire();
    machine.suspend(60_000);
    await world.advance(59_000);
    expect(lossOf(lease)).toMatchObject({ code: 'LEASE_LOST' });
  });

  it('invariant 7: is not renewed by a heartbeat that nobody acknowledged', async () => {
    const lease = await acquire();
    world.weather = { lostRequests: 0, lostAnswers: 100, strayRequests: 0, deniedMoves: 0 };
    await world.advance(25_000);
    expect((await world.store.read('kpi')).beat?.beat).toBeGreaterThan(3);
    expect(lossOf(lease)).toMatchObject({ code: 'LEASE_LOST' });
  });

  describe('with a heartbeat under way that was sent at 5 s', () => {
    let time: number;
    let lease: Lease;
    let answer: (beat: LeaseBeat) => void;
    const renewed: LeaseBeat = { token: 1, beat: 2, expiresAt: '', stop: false };
    const settle = (): Promise<void> => new Promise((done) => setImmediate(done));

    beforeEach(async () => {
      time = 0;
      let wake = (): void => undefined;
      const store = new MemoryLeaseStore();
      const silent: LeaseStore = {
        read: (plan) => store.read(plan),
        move: (record, beat, expected) => store.move(record, beat, expected),
        release: (plan, token) => store.release(plan, token),
        requestStop: (plan, token) => store.requestStop(plan, token),
        requestRate: (plan, token, limits) => store.requestRate(plan, token, limits),
        beat: () => new Promise((done) => (answer = done)),
      };
      const leases = new StoredLeases(silent, 'test', {
        clock: () => time,
        monotonic: () => time,
        // the pause before the heartbeat ends when it is told to, the limit of the heartbeat does not end
        sleep: () => new Promise<void>((done) => (wake = done)),
      });
      lease = await leases.acquire(REQUEST);
      time = 5_000;
      wake();
      await settle();
    });

    it('invariant 7: counts it from when it was sent, not from when its answer came', async () => {
      time = 9_000;
      answer(renewed);
      await settle();
      time = 24_999;
      expect(lossOf(lease)).toBeUndefined();
      time = 25_000;
      expect(lossOf(lease)).toMatchObject({ code: 'LEASE_LOST' });
    });

    it('invariant 7: is not renewed by an answer that is read when the lease is over', async () => {
      time = 20_000;
      answer(renewed);
      await settle();
      expect(lossOf(lease)).toMatchObject({ code: 'LEASE_LOST' });
    });
  });

  it('invariant 7: is lost at the first heartbeat after another runner took it', async () => {
    const lease = await acquire();
    crashes.add(machine.name);
    const other = await acquire(new Machine(world, 'here', crashes));
    expect(other.token).toBe(2);
    await world.advance(5_000);
    expect(lease.lost.aborted).toBe(true);
    expect(lossOf(lease)).toMatchObject({
      code: 'LEASE_LOST',
      message: expect.stringContaining('another runner took it over'),
    });
    expect(lossOf(other)).toBeUndefined();
  });

  it.each([
    [
      'where its heartbeat in the journal is damaged',
      () => Promise.reject(leaseDamaged('kpi', 'beat', { pk: 'PLAN#kpi', sk: 'LEASE-BEAT' })),
      'it could not be renewed: the journal is damaged: the lease of plan kpi has no usable beat',
    ],
    [
      'where its heartbeat is refused, by a later holder or because it is gone',
      () => Promise.resolve(undefined),
      'another runner took it over, or somebody removed or changed it in the journal',
    ],
  ])('invariant 7: says what is known of its end %s', async (_, beat, why) => {
    const store = new MemoryLeaseStore();
    const failing = Object.assign(Object.create(store) as MemoryLeaseStore, {
      read: (plan: string) => store.read(plan),
      move: (...args: Parameters<LeaseStore['move']>) => store.move(...args),
      beat,
    });
    let time = 0;
    const leases = new StoredLeases(failing, 'test', {
      clock: () => time,
      monotonic: () => time,
      sleep: async (milliseconds) => {
        await new Promise((done) => setImmediate(done));
        if (milliseconds > 0) time += milliseconds;
      },
    });
    const lease = await leases.acquire(REQUEST);
    while (!lease.lost.aborted) await new Promise((done) => setImmediate(done));
    expect(lossOf(lease)?.message).toBe(
      `The lease of plan kpi in test is lost: ${why}. Nothing more is written.`,
    );
  });

  it('hears of a request to stop with a heartbeat, and stays held', async () => {
    const lease = await acquire();
    const asked = new Machine(world, 'elsewhere', crashes).leases.requestStop('kpi');
    await world.advance(4_000);
    expect(await asked).toMatchObject({ plan: 'kpi', token: 1, stopRequested: true });
    expect(lease.stop.aborted).toBe(false);
    await world.advance(2_000);
    expect(lease.stop.aborted).toBe(true);
    expect(lossOf(lease)).toBeUndefined();
    await world.advance(20_000);
    expect(world.events.get('lease.stopRequested')).toBe(1);
  });

  it('is let go of: no heartbeat, no write, and the next one has a larger token', async () => {
    const lease = await acquire();
    const released = lease.release();
    expect(lossOf(lease)).toMatchObject({ code: 'LEASE_LOST', message: expect.stringContaining('released') });
    await world.advance(1_000);
    await released;
    expect(lease.lost.aborted).toBe(false);
    const { record, beat } = await world.store.read('kpi');
    expect(record).toMatchObject({ token: 1, released: true });
    await world.advance(60_000);
    expect((await world.store.read('kpi')).beat).toEqual(beat);
    expect((await acquire()).token).toBe(2);
  });

  it('does not let go of what is no longer its own', async () => {
    const lease = await acquire();
    machine.pause(60_000);
    await world.advance(59_000);
    const other = await (async () => {
      const acquired = new Machine(world, 'elsewhere', crashes).leases.acquire(REQUEST);
      await world.advance(60_000);
      return acquired;
    })();
    expect(other.token).toBe(2);
    const released = lease.release();
    await world.advance(1_000);
    await released;
    expect((await world.store.read('kpi')).record).toMatchObject({ token: 2, released: false });
    expect(lossOf(other)).toBeUndefined();
  });

  it('ends well also where the store can’t be told: the lease runs out by itself', async () => {
    const lease = await acquire();
    machine.cutOffUntil = Infinity;
    const released = lease.release();
    await world.advance(20_000);
    await expect(released).resolves.toBeUndefined();
    expect(world.events.get('lease.releaseFailed')).toBe(1);
  });
});
