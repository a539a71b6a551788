import { rolledBack } from '../support/faults/process-scenario.js';

describe('invariant 9: a rollback in small pages and several segments', () => {
  it('leaves nothing of ours but the rows that somebody changed, also where the server loses its place', async () => {
    const { exit, end, requests } = await rolledBack(100);
    expect([exit, end.run]).toEqual([0, 'complete']);
    // more than one page, or there was no place to lose
    const pages = requests.filter(({ operation }) => operation === 'Scan').length;
    expect(pages).toBeGreaterThan(20);
    const kept = (end.entries['kept'] ?? []).length;
    const left = Object.values(end.rows)
      .flat()
      .filter((row) => row.includes('"_migration"')).length;
    expect(kept).toBeGreaterThan(0);
    expect(left).toBe(kept);
  }, 120_000);
});
