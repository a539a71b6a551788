import crypto from 'node:crypto';
import { watching } from '../../src/conformance/watch/impurity-watch.js';

async function noted(work: () => unknown): Promise<string[]> {
  const notes = new Set<string>();
  await watching(notes, async () => {
    await Promise.resolve();
    return work();
  });
  return [...notes].map((note) => note.replace(/ at impurity-watch\.test\.ts:\d+$/, ' here'));
}

describe('the watch over what plans ask for', () => {
  it.each([
    ['Date.now() here', () => Date.now()],
    ['new Date() here', () => new Date()],
    ['Date() here', () => Date()],
    ['performance.now() here', () => performance.now()],
    ['Math.random() here', () => Math.random()],
    ['crypto.randomUUID() here', () => globalThis.crypto.randomUUID()],
    ['crypto.randomUUID() here', () => crypto.randomUUID()],
    ['crypto.randomBytes() here', () => crypto.randomBytes(4)],
    ['crypto.randomInt() here', () => crypto.randomInt(4)],
  ])('notes %s, and lets it through', async (note, call) => {
    const expected = typeof call();
    let result: unknown;
    expect(await noted(() => (result = call()))).toEqual([note]);
    expect(typeof result).toBe(expected);
  });

  it('lets dates be that are no question for the present', async () => {
    const dates = await noted(() => [new Date(0), Date.parse('2024-03-01'), Date.UTC(2024, 2, 1)]);
    expect(dates).toEqual([]);
    const made: Date[] = [];
    await noted(() => made.push(new Date(5)));
    expect(made[0]).toBeInstanceOf(Date);
    expect(made[0]?.getTime()).toBe(5);
  });

  it('watches nobody else meanwhile, and is gone afterwards', async () => {
    const before = [Date, Date.now, Math.random, performance.now, crypto.randomUUID];
    const notes = new Set<string>();
    let goOn = (): void => undefined;
    const watched = watching(notes, () => new Promise<void>((resolve) => (goOn = resolve)));
    const inner = watching(new Set(), () => undefined);
    await inner;
    expect(Date.now).not.toBe(before[1]);
    Date.now();
    goOn();
    await watched;
    expect([...notes]).toEqual([]);
    expect([Date, Date.now, Math.random, performance.now, crypto.randomUUID]).toEqual(before);
  });
});
