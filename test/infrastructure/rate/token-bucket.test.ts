import fc from 'fast-check';
import { TokenBucket } from '../../../src/infrastructure/rate/token-bucket.js';

const pauses = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 3_000 }));

/** Sends requests of these units as soon as the bucket lets them, with pauses before them; when and how much. */
function sent(limit: number, requests: readonly { readonly units: number; readonly pause: number }[]) {
  const bucket = new TokenBucket(limit);
  let now = 0;
  return requests.map(({ units, pause }) => {
    now += pause;
    now += bucket.delay(now);
    bucket.draw(units, now);
    return { at: now, units };
  });
}

function worstSecond(requests: readonly { readonly at: number; readonly units: number }[]): number {
  return Math.max(
    ...requests.map(({ at: end }) =>
      requests.filter(({ at }) => at <= end && at > end - 1_000).reduce((sum, { units }) => sum + units, 0),
    ),
  );
}

describe('a token bucket', () => {
  it('lets no more than 1.05 of the limit through in any second, whatever the sequence of requests', () => {
    // bursts, each longer than a second may carry, with pauses between them in which nothing may be saved up
    const burst = fc.record({
      pause: pauses,
      parts: fc.array(fc.double({ min: 0.004, max: 0.02, noNaN: true }), { minLength: 60, maxLength: 200 }),
    });
    fc.assert(
      fc.property(
        fc.integer({ min: 100, max: 5_000 }),
        fc.array(burst, { minLength: 1, maxLength: 4 }),
        (limit, bursts) => {
          const requests = bursts.flatMap(({ pause, parts }) =>
            parts.map((part, index) => ({
              units: Math.max(1, Math.floor(part * limit)),
              pause: index === 0 ? pause : 0,
            })),
          );
          expect(worstSecond(sent(limit, requests))).toBeLessThanOrEqual(limit * 1.05);
        },
      ),
    );
  });

  it('uses 96 % of the limit where there is always something to send', () => {
    const requests = sent(
      500,
      Array.from({ length: 500 }, () => ({ units: 10, pause: 0 })),
    );
    const seconds = (requests.at(-1)?.at ?? 0) / 1_000;
    expect(5_000 / seconds).toBeGreaterThan(475);
    expect(5_000 / seconds).toBeLessThan(500);
  });

  it('pays back afterwards what a request cost more than was thought', () => {
    const bucket = new TokenBucket(100);
    bucket.draw(1, 0);
    bucket.draw(95, 0);
    expect(bucket.delay(0)).toBeCloseTo(1_000, 0);
  });

  it('slows down on throttling, once for all answers that come together, and recovers bit by bit', () => {
    const bucket = new TokenBucket(1_000);
    const before = bucket.rate(0);
    for (let now = 0; now < 5_000; now += 20) bucket.draw(20, now);
    bucket.throttled(5_000);
    bucket.throttled(5_010);
    const after = bucket.rate(5_010);
    expect(after / before).toBeGreaterThan(0.65);
    expect(after / before).toBeLessThan(0.75);
    expect(bucket.rate(6_000) / before).toBeLessThan(0.8);
    expect(bucket.rate(15_000)).toBe(before);
  });

  it('is held at what was used of late where nothing else limits it, until that is long over', () => {
    const bucket = new TokenBucket();
    for (let now = 0; now < 5_000; now += 20) bucket.draw(20, now);
    expect(bucket.rate(5_000)).toBe(Number.POSITIVE_INFINITY);
    bucket.throttled(5_000);
    expect(bucket.rate(5_000)).toBeGreaterThan(600);
    expect(bucket.rate(5_000)).toBeLessThan(800);
    expect(bucket.rate(60_000)).toBe(Number.POSITIVE_INFINITY);
  });
});
