import fc from 'fast-check';

import type { Weather } from './lease-world.js';
import { CALM, Machine, World } from './lease-world.js';

const KINDS = [
  ...['acquire', 'acquire', 'acquire', 'acquire', 'release'],
  ...['crash', 'pause', 'pause', 'cut off', 'cut off', 'suspend', 'wall', 'stop'],
];

interface Action {
  readonly kind: string;
  readonly machine: number;
  /** ms until it happens; many are about as long as a lease or its parts */
  readonly wait: number;
  /** ms to stand still, to be cut off or to jump by */
  readonly amount: number;
  readonly seconds: number;
  /** whether every machine tries to write again and again before it */
  readonly probe: boolean;
}

const waits = fc.oneof(
  fc.integer({ min: 0, max: 60 }),
  fc.integer({ min: 0, max: 12_000 }),
  fc.integer({ min: 0, max: 90_000 }),
);
const actions: fc.Arbitrary<Action[]> = fc.array(
  fc.record({
    kind: fc.constantFrom(...KINDS),
    machine: fc.integer({ min: 0, max: 2 }),
    wait: waits,
    amount: fc.oneof(
      fc.integer({ min: 0, max: 10_000 }),
      fc.integer({ min: 0, max: 60_000 }),
      fc.integer({ min: 0, max: 4_000_000 }),
    ),
    seconds: fc.constantFrom(6, 30),
    probe: fc.boolean(),
  }),
  { minLength: 5, maxLength: 30 },
);
const storms: fc.Arbitrary<Weather> = fc.record({
  lostRequests: fc.constantFrom(0, 10),
  lostAnswers: fc.constantFrom(0, 10),
  strayRequests: fc.constantFrom(0, 5),
  deniedMoves: fc.constantFrom(0, 30),
});

const PROBES = 25;

/** mulberry32, uniform in 0 … 1 */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Two processes on one host, one on another, none of whose clocks are right; a process that crashed is followed by another one. */
class Scene {
  readonly crashes = new Set<string>();
  readonly machines: Machine[];

  constructor(
    readonly world: World,
    private readonly hasBootClock: boolean,
  ) {
    this.machines = ['a', 'a', 'b'].map((host) => this.machine(host));
    for (const machine of this.machines) machine.wallOffset = (world.random() - 0.5) * 400_000;
  }

  machine(host: string): Machine {
    return new Machine(this.world, host, this.crashes, this.hasBootClock ? {} : { sinceBoot: undefined });
  }

  crash(index: number): void {
    const machine = this.machines[index]!;
    machine.crashed = true;
    this.crashes.add(machine.name);
    const next = this.machine(machine.host);
    next.wallOffset = machine.wallOffset;
    this.machines[index] = next;
  }

  perform({ kind, machine: index, amount, seconds }: Action): void {
    const machine = this.machines[index]!;
    if (kind === 'acquire') this.acquire(machine, seconds);
    if (kind === 'release') machine.held.forEach((lease) => void lease.release());
    if (kind === 'crash') this.crash(index);
    if (kind === 'pause') machine.pause(amount);
    if (kind === 'cut off') machine.cutOffUntil = this.world.now + amount;
    if (kind === 'suspend') machine.suspend(amount);
    // a wall clock that is set back hides a suspension where no other clock tells of it
    if (kind === 'wall') machine.wallOffset += this.hasBootClock && amount % 2 === 0 ? -amount : amount;
    if (kind === 'stop') void machine.leases.requestStop('kpi').catch(() => undefined);
  }

  acquire(machine: Machine, seconds: number): void {
    void machine.leases.acquire({ plan: 'kpi', command: 'run', seconds }).then(
      (lease) => void machine.held.push(lease),
      (error: unknown) => this.world.count((error as { code?: string }).code ?? 'acquire failed'),
    );
  }

  /** Never do two write. Each probe is also one more reading of the clocks, so some waits have none in between. */
  async wait(milliseconds: number, probes: number): Promise<void> {
    for (let probe = 0; probe < probes; probe += 1) {
      await this.world.advance(milliseconds / probes);
      expect(this.writable().length).toBeLessThan(2);
    }
  }

  /** Tokens of the leases under which anybody would write now. */
  writable(): number[] {
    return this.machines.flatMap((machine) => machine.writable()).map(({ token }) => token);
  }
}

describe('leases of several runners', () => {
  const fired = new Map<string, number>();

  afterAll(() => {
    // each of the ways in which a lease ends or changes hands was taken, and each mishap happened
    for (const event of [
      'lease.acquired',
      'lease.takeover dead',
      'lease.takeover expired',
      'lease.waiting',
      'lease.lost',
      'lease.stopRequested',
      'LEASE_HELD',
      'lostRequests',
      'lostAnswers',
      'strayRequests',
      'deniedMoves',
    ]) {
      expect([event, (fired.get(event) ?? 0) > 20]).toEqual([event, true]);
    }
  });

  it.each([
    ['with a clock that goes on in suspension and wall clocks that jump both ways', true],
    ['with nothing but wall clocks to tell of a suspension', false],
  ])('invariant 7: never let two of them write at a time, %s', async (_, hasBootClock) => {
    const property = fc.asyncProperty(actions, storms, fc.integer(), async (schedule, storm, seed) => {
      const world = new World(generator(seed));
      const scene = new Scene(world, hasBootClock);
      world.weather = storm;
      for (const action of schedule) {
        await scene.wait(action.wait, action.probe ? PROBES : 1);
        scene.perform(action);
      }
      await scene.wait(50_000, PROBES);
      expect(world.tokens).toEqual(world.tokens.map((__, index) => index + 1));
      for (const [event, count] of world.events) fired.set(event, (fired.get(event) ?? 0) + count);
    });
    await fc.assert(property, { numRuns: 300 });
  });

  it('invariant 7: a lease that all its holders left behind is had again, whatever the clocks say', async () => {
    const property = fc.asyncProperty(actions, storms, fc.integer(), async (schedule, storm, seed) => {
      const world = new World(generator(seed));
      const scene = new Scene(world, true);
      world.weather = storm;
      for (const action of schedule) {
        await world.advance(action.wait);
        scene.perform(action);
      }
      world.weather = CALM;
      scene.machines.forEach((__, index) => scene.crash(index));
      const stranger = scene.machine('c');
      stranger.wallOffset = schedule[0]!.amount - schedule[1]!.amount;
      // refused while the lease may be good by the wall clock; then it is watched for a duration and a margin
      for (let tries = 0; tries < 3; tries += 1) {
        scene.acquire(stranger, 30);
        await world.advance(120_000);
      }
      expect(stranger.writable()).toHaveLength(1);
    });
    await fc.assert(property, { numRuns: 100 });
  });
});
