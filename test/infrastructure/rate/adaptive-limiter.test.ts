import { AdaptiveLimiter } from '../../../src/infrastructure/rate/adaptive-limiter.js';
import { FakeClock } from './fake-clock.js';

/** A store that answers after `latency` ms and works on so many requests at a time, each for `work` ms. */
class SimulatedStore {
  private free: number[];
  answered = 0;

  constructor(
    private readonly clock: FakeClock,
    public latency: number,
    private readonly work: number,
    servers: number,
  ) {
    this.free = Array.from({ length: servers }, () => 0);
  }

  request = (): Promise<void> => {
    const now = this.clock.now();
    this.free.sort((a, b) => a - b);
    const end = Math.max(now + this.latency / 2, this.free[0] ?? 0) + this.work;
    this.free[0] = end;
    return new Promise((done) =>
      this.clock.after(end + this.latency / 2 - now, () => {
        this.answered += 1;
        done();
      }),
    );
  };
}

async function busy(limiter: AdaptiveLimiter, store: SimulatedStore, clock: FakeClock, milliseconds: number) {
  const state = { over: false };
  const caller = async (): Promise<void> => {
    while (!state.over) await limiter.run(store.request);
  };
  for (let turn = 0; turn < 300; turn += 1) void caller();
  const before = store.answered;
  await clock.advance(milliseconds);
  state.over = true;
  return ((store.answered - before) * 1_000) / milliseconds;
}

describe('the number of requests under way', () => {
  it.each([5, 50])('reaches 90 %% of what the store can do at %d ms latency', async (latency) => {
    const clock = new FakeClock();
    const store = new SimulatedStore(clock, latency, 4, 4);
    const limiter = new AdaptiveLimiter({ max: 256, now: clock.now });
    await busy(limiter, store, clock, 2_000);
    expect(await busy(limiter, store, clock, 3_000)).toBeGreaterThan(900);
  });

  it('grows up to the bound where the latency stays what it is', async () => {
    const clock = new FakeClock();
    const store = new SimulatedStore(clock, 50, 0, 1);
    const limiter = new AdaptiveLimiter({ max: 64, now: clock.now });
    expect(limiter.limit).toBe(8);
    await busy(limiter, store, clock, 3_000);
    expect(limiter.limit).toBe(64);
  });

  it('shrinks where requests only wait in the store', async () => {
    const clock = new FakeClock();
    const store = new SimulatedStore(clock, 5, 10, 1);
    const limiter = new AdaptiveLimiter({ max: 256, start: 128, now: clock.now });
    await busy(limiter, store, clock, 100_000);
    expect(limiter.limit).toBeLessThanOrEqual(32);
    expect(limiter.limit).toBeGreaterThanOrEqual(4);
  });

  it('finds its way up again when the way to the store becomes longer', async () => {
    const clock = new FakeClock();
    const store = new SimulatedStore(clock, 5, 4, 4);
    const limiter = new AdaptiveLimiter({ max: 256, now: clock.now });
    await busy(limiter, store, clock, 5_000);
    store.latency = 50;
    await busy(limiter, store, clock, 20_000);
    expect(await busy(limiter, store, clock, 5_000)).toBeGreaterThan(850);
  });

  it('does not take the time for latency that a task says it waited for something else', async () => {
    const clock = new FakeClock();
    const store = new SimulatedStore(clock, 20, 0, 1);
    const limiter = new AdaptiveLimiter({ max: 64, now: clock.now });
    let late = 0;
    const caller = async (): Promise<void> => {
      while (clock.now() < 5_000) {
        await limiter.run(async (call) => {
          // longer each time, as behind a rate that is too low
          late += 1;
          await new Promise<void>((done) => clock.after(late, done));
          call.exclude(late);
          await store.request();
        });
      }
    };
    for (let turn = 0; turn < 100; turn += 1) void caller();
    await clock.advance(8_000);
    expect(limiter.limit).toBeGreaterThan(8);
  });

  it('never has more under way than the bound, and runs in the order of asking', async () => {
    const limiter = new AdaptiveLimiter({ max: 3 });
    let [open, most] = [0, 0];
    const order: number[] = [];
    await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        limiter.run(async () => {
          order.push(index);
          most = Math.max(most, (open += 1));
          await new Promise(setImmediate);
          open -= 1;
        }),
      ),
    );
    expect(most).toBe(3);
    expect(order).toEqual(Array.from({ length: 50 }, (_, index) => index));
  });
});
