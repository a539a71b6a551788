import { SYSTEM_CLOCKS } from '../../../src/infrastructure/lease/lease-clocks.js';

describe('the clocks of leases', () => {
  it('sleep for as long as a timer can at most: one that is asked for more goes off at once', async () => {
    const warnings: string[] = [];
    const onWarning = (warning: Error): void => void warnings.push(warning.name);
    process.on('warning', onWarning);
    const stop = new AbortController();
    let isOver = false;
    const slept = SYSTEM_CLOCKS.sleep(3_000_000_000, { ref: false, signal: stop.signal }).then(
      () => (isOver = true),
      () => undefined,
    );
    await new Promise((done) => setTimeout(done, 50));
    expect(isOver).toBe(false);
    expect(warnings).toEqual([]);
    stop.abort();
    await slept;
    process.off('warning', onWarning);
  });
});
