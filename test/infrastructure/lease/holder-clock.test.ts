import { HolderClock } from '../../../src/infrastructure/lease/holder-clock.js';

describe('HolderClock', () => {
  let monotonic = 0;
  let wall = 0;
  let boot = 0;
  const pass = (milliseconds: number, suspended = 0): void => {
    monotonic += milliseconds;
    wall += milliseconds + suspended;
    boot += milliseconds + suspended;
  };
  const create = (sinceBoot?: () => number): HolderClock =>
    new HolderClock({ clock: () => wall, monotonic: () => monotonic, sinceBoot });
  const elapsed = (clock: HolderClock, work: () => void): number => {
    const before = clock.now();
    work();
    return clock.now() - before;
  };

  beforeEach(() => {
    [monotonic, wall, boot] = [5_000, 1_700_000_000_000, 90_000];
  });

  it('is the monotonic clock as long as the others go like it', () => {
    const clock = create(() => boot);
    expect(elapsed(clock, () => pass(1_234.5))).toBe(1_234.5);
  });

  it('invariant 7: counts the time of a suspension once, whichever clock tells of it', () => {
    expect(
      elapsed(
        create(() => boot),
        () => pass(10, 60_000),
      ),
    ).toBe(60_010);
    expect(elapsed(create(), () => pass(10, 60_000))).toBe(60_010);
    const standing = create(() => boot);
    expect(
      elapsed(standing, () => {
        pass(10, 60_000);
        wall -= 3_600_000;
      }),
    ).toBe(60_010);
  });

  it('invariant 7: takes a wall clock that jumps ahead for a suspension, and never gives time back', () => {
    const clock = create();
    expect(elapsed(clock, () => (wall += 40_000))).toBe(40_000);
    expect(elapsed(clock, () => (wall -= 500_000))).toBe(0);
    expect(elapsed(clock, () => pass(7))).toBe(7);
    // set back by less than the suspension that follows: what was seen before is not set off against it
    expect(elapsed(clock, () => pass(0, 30_000))).toBe(30_000);
  });

  it('lets no difference in resolution add up', () => {
    const clock = create();
    const total = elapsed(clock, () => {
      for (let reading = 0; reading < 1_000; reading += 1) {
        monotonic += 1;
        wall += reading % 2 === 0 ? 90 : -88;
        clock.now();
      }
    });
    expect(total).toBe(1_000);
  });
});
