import { MemoryJournal } from '../../../src/infrastructure/journal/memory-journal.js';
import { MemoryLeases } from '../../../src/infrastructure/lease/memory-leases.js';
import type { StepState } from '../../../src/runner/ports/journal.js';

const REQUEST = { plan: 'kpi', command: 'run', seconds: 30 };
const STATE: StepState = {
  plan: 'kpi',
  step: 'links',
  status: 'running',
  run: '20261121T000000Z-000000',
  planVersion: 'v',
  at: '2026-11-21T00:00:00Z',
};

describe('leases in memory', () => {
  let journal: MemoryJournal;
  let leases: MemoryLeases;

  beforeEach(() => {
    journal = new MemoryJournal();
    leases = new MemoryLeases(journal);
  });

  it('invariant 7: are held by one at a time, and tokens grow', async () => {
    const first = await leases.acquire(REQUEST);
    await expect(leases.acquire(REQUEST)).rejects.toMatchObject({ code: 'LEASE_HELD' });
    await first.release();
    const second = await leases.acquire(REQUEST);
    expect([first.token, second.token]).toEqual([1, 2]);
    await second.release();
  });

  it('invariant 7: are taken over at once from a holder that crashed, which does nothing more', async () => {
    const crashed = await leases.acquire(REQUEST);
    await journal.fencedBy(crashed).saveState(STATE);
    crashed.abandon();
    expect(() => crashed.assertHeld()).toThrow(expect.objectContaining({ code: 'LEASE_LOST' }));
    expect(crashed.lost.aborted).toBe(false);
    await crashed.release();
    expect(await leases.current('kpi')).toMatchObject({ token: 1, released: false });
    const next = await leases.acquire(REQUEST);
    expect(next.token).toBe(2);
    await next.release();
  });

  it('invariant 7: tell the journal who may write, so that a holder that knows nothing yet can’t', async () => {
    const lease = await leases.acquire(REQUEST);
    const fenced = journal.fencedBy(lease);
    await fenced.saveState(STATE);
    const thief = await leases.steal('kpi');
    lease.assertHeld();
    await expect(fenced.saveState({ ...STATE, status: 'failed' })).rejects.toMatchObject({
      code: 'LEASE_LOST',
    });
    expect(await journal.states('kpi')).toEqual([STATE]);
    await journal.fencedBy(thief).saveState({ ...STATE, status: 'validated' });
    expect(thief.token).toBe(2);
    await lease.release();
    expect(await leases.current('kpi')).toMatchObject({ token: 2, released: false });
    await thief.release();
  });

  it('are shown as expired once nobody renews them any more, until they are taken over', async () => {
    let time = 0;
    const clocked = new MemoryLeases(new MemoryJournal(), 'test', {
      clock: () => time,
      monotonic: () => time,
      sleep: () => new Promise(() => undefined),
      isDead: () => false,
    });
    const lease = await clocked.acquire(REQUEST);
    time = 29_999;
    expect(await clocked.current('kpi')).not.toHaveProperty('expired');
    time = 30_000;
    expect(await clocked.current('kpi')).toMatchObject({
      token: lease.token,
      released: false,
      expired: true,
    });
    await clocked.steal('kpi');
    expect(await clocked.current('kpi')).not.toHaveProperty('expired');
  });

  it('name the environment where a write that came too late is refused', async () => {
    const late = await leases.acquire(REQUEST);
    await leases.steal('kpi');
    await expect(journal.fencedBy(late).saveState(STATE)).rejects.toMatchObject({
      message: `The lease of plan kpi in ${late.env} is lost: another runner took it over. Nothing more is written.`,
      next: expect.stringContaining(`node runner status --env ${late.env}.`),
    });
  });

  it('invariant 7: go by the clocks that they are given', async () => {
    let time = 0;
    const clocked = new MemoryLeases(new MemoryJournal(), 'test', {
      clock: () => time,
      monotonic: () => time,
      sleep: () => new Promise(() => undefined),
    });
    const lease = await clocked.acquire(REQUEST);
    time = 19_999;
    lease.assertHeld();
    time = 20_000;
    expect(() => lease.assertHeld()).toThrow(expect.objectContaining({ code: 'LEASE_LOST' }));
    expect(lease.lost.aborted).toBe(true);
  });
});
