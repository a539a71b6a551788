import type { RefusedError } from '../../../src/runner/ports/errors.js';
import type { Lease } from '../../../src/runner/ports/lease.js';
import { Machine, World } from './lease-world.js';

const REQUEST = { plan: 'kpi', command: 'run', seconds: 30 };
/** takes 30 s to expire and 10 s more to be sure */
const WATCH_MS = 40_000;

describe('acquiring a lease', () => {
  let world: World;
  let crashes: Set<string>;
  let holder: Machine;
  let other: Machine;

  beforeEach(async () => {
    world = new World(() => 0.5);
    crashes = new Set();
    holder = new Machine(world, 'here', crashes);
    other = new Machine(world, 'elsewhere', crashes);
    await after(1_000, holder.leases.acquire(REQUEST));
  });

  /** what became of something by then; undefined: nothing yet */
  async function after<T>(milliseconds: number, promise: Promise<T>): Promise<T | RefusedError | undefined> {
    let end: T | RefusedError | undefined;
    promise.then(
      (value) => (end = value),
      (error: unknown) => (end = error as RefusedError),
    );
    await world.advance(milliseconds);
    return end;
  }

  const crash = (machine: Machine): void => {
    machine.crashed = true;
    crashes.add(machine.name);
  };

  it('invariant 7: is refused at once while somebody has it, with who and until when', async () => {
    expect(await after(500, other.leases.acquire({ ...REQUEST, command: 'rollback' }))).toMatchObject({
      code: 'LEASE_HELD',
      exit: 3,
      message:
        'Plan kpi is being worked on in test: run by test on here (process 1) since 2026-11-21T00:00:00.042Z. ' +
        'Its lease ends at 2026-11-21T00:00:30.042Z, unless it is renewed.',
      next: expect.stringContaining('node runner stop --env test --plan kpi'),
    });
  });

  it('invariant 7: is refused to the holder’s own process as well', async () => {
    expect(await after(500, holder.leases.acquire(REQUEST))).toMatchObject({ code: 'LEASE_HELD' });
  });

  it('invariant 7: leases of different plans do not know each other', async () => {
    expect(await after(500, other.leases.acquire({ ...REQUEST, plan: 'personnel' }))).toMatchObject({
      token: 1,
    });
  });

  it('invariant 7: takes over at once from a process of this host that is gone', async () => {
    crash(holder);
    const next = new Machine(world, 'here', crashes);
    expect(await after(500, next.leases.acquire(REQUEST))).toMatchObject({ token: 2 });
    expect(world.events.get('lease.takeover dead')).toBe(1);
  });

  it('invariant 7: from another host, refuses first, and then watches before it takes over', async () => {
    crash(holder);
    expect(await after(500, other.leases.acquire(REQUEST))).toMatchObject({ code: 'LEASE_HELD' });
    await world.advance(30_000);
    const acquired = other.leases.acquire(REQUEST);
    expect(await after(WATCH_MS, acquired)).toBeUndefined();
    expect(await after(500, acquired)).toMatchObject({ token: 2 });
    expect(world.events.get('lease.takeover expired')).toBe(1);
    expect(world.events.get('lease.waiting')).toBe(1);
  });

  it.each([
    ['ahead', 86_400_000],
    ['behind', -86_400_000],
  ])(
    'invariant 7: is refused by a living holder’s heartbeat where the wall clock is a day %s',
    async (_, offset) => {
      other.wallOffset = offset;
      expect(await after(7_000, other.leases.acquire(REQUEST))).toMatchObject({ code: 'LEASE_HELD' });
      expect(world.events.get('lease.waiting')).toBe(1);
    },
  );

  it('invariant 7: watches by the monotonic clock: jumps of the wall clock shorten nothing', async () => {
    crash(holder);
    other.wallOffset = 86_400_000;
    const acquired = other.leases.acquire(REQUEST);
    await world.advance(1_000);
    other.wallOffset += 86_400_000;
    expect(await after(WATCH_MS - 2_000, acquired)).toBeUndefined();
    expect(await after(2_000, acquired)).toMatchObject({ token: 2 });
  });

  it('takes what is let go of while it watches', async () => {
    other.wallOffset = 86_400_000;
    const lease = await world.store.read('kpi');
    holder.pause(10_000);
    const acquired = other.leases.acquire(REQUEST);
    await world.advance(5_000);
    await world.store.release('kpi', lease.record!.token);
    expect(await after(6_000, acquired)).toMatchObject({ token: 2 });
  });

  it('invariant 7: knows its own lease again where the acknowledgement was lost', async () => {
    world.weather = { lostRequests: 0, lostAnswers: 0, strayRequests: 0, deniedMoves: 100 };
    const acquired = await after(500, other.leases.acquire({ ...REQUEST, plan: 'personnel' }));
    expect(acquired).toMatchObject({ token: 1 });
    expect(world.events.get('deniedMoves')).toBe(1);
    (acquired as Lease).assertHeld();
  });

  it('ends a wait when the person wants to stop, with the reason given', async () => {
    crash(holder);
    other.wallOffset = 86_400_000;
    const stop = new AbortController();
    const acquired = other.leases.acquire({ ...REQUEST, signal: stop.signal });
    await world.advance(10_000);
    const reason = new Error('enough');
    stop.abort(reason);
    expect(await after(0, acquired)).toBe(reason);
    expect((await world.store.read('kpi')).record?.token).toBe(1);
    const free = { ...REQUEST, plan: 'personnel', signal: stop.signal };
    expect(await after(100, other.leases.acquire(free))).toBe(reason);
  });

  it('shows who has it, and that nobody has it any more', async () => {
    const view = { plan: 'kpi', token: 1, holder: { host: 'here', pid: 1, user: 'test' }, command: 'run' };
    expect(await after(100, other.leases.current('kpi'))).toEqual({
      ...view,
      acquiredAt: '2026-11-21T00:00:00.042Z',
      expiresAt: '2026-11-21T00:00:30.042Z',
      released: false,
      stopRequested: false,
    });
    await world.store.release('kpi', 1);
    expect(await after(100, other.leases.current('kpi'))).toMatchObject({ ...view, released: true });
    expect(await after(100, other.leases.current('personnel'))).toBeUndefined();
  });

  describe('asking to stop', () => {
    it('reaches nobody where nobody has the lease', async () => {
      expect(await after(100, other.leases.requestStop('personnel'))).toBeUndefined();
      await world.store.release('kpi', 1);
      expect(await after(100, other.leases.requestStop('kpi'))).toBeUndefined();
    });

    it('reaches nobody where the holder is known to be gone', async () => {
      crash(holder);
      const here = new Machine(world, 'here', crashes);
      expect(await after(100, here.leases.requestStop('kpi'))).toBeUndefined();
    });

    it('invariant 7: says of an expired lease what status says, once its holder was watched and stayed silent', async () => {
      crash(holder);
      await world.advance(35_000);
      const asked = other.leases.requestStop('kpi');
      expect(await after(14_000, asked)).toBeUndefined();
      expect(await after(2_000, asked)).toMatchObject({ token: 1, expired: true, stopRequested: true });
      expect(await after(100, other.leases.current('kpi'))).toMatchObject({ token: 1, expired: true });
    });

    it('reaches a living holder also where the wall clocks differ', async () => {
      other.wallOffset = 86_400_000;
      const asked = await after(6_000, other.leases.requestStop('kpi'));
      expect(asked).toMatchObject({ stopRequested: true });
      expect(asked).not.toHaveProperty('expired');
    });

    it('is forgotten with the lease that it was for', async () => {
      await after(100, other.leases.requestStop('kpi'));
      await world.store.release('kpi', 1);
      const next = (await after(500, other.leases.acquire(REQUEST))) as Lease;
      await world.advance(10_000);
      expect(next.stop.aborted).toBe(false);
    });
  });
});
