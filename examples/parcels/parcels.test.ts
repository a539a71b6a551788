import { conformanceCases, tablesAfterRun } from 'waybill/conformance';
import { parcelsPlan } from './parcels.plan.js';
import { monthLater, ROWS } from './parcels.rows.js';

const SUBJECT = { plan: parcelsPlan, tables: ROWS, change: monthLater };

describe('plan parcels', () => {
  const told: string[] = [];
  for (const { name, run } of conformanceCases({ ...SUBJECT, tell: (line) => told.push(line) }))
    it(name, run);

  it('was killed at more than a hundred points', () => {
    const kills = told.map((line) => Number(/: (\d+) kills/.exec(line)?.[1] ?? 0));
    expect(kills.reduce((sum, count) => sum + count, 0)).toBeGreaterThan(100);
  });

  it('keeps ids, digits, fractions of a second and attributes that it does not know', async () => {
    const { consignments = [], depots = [] } = await tablesAfterRun(SUBJECT);
    expect(consignments).toHaveLength(24);
    expect(consignments).toContainEqual({
      id: { S: '4c000000-0000-4000-8000-000000000004' },
      customerId: { S: 'customer-4' },
      depotId: { S: 'd80a18b7-0d36-537b-908d-7a18852be9c1' },
      weight: { N: '4.25' },
      handedInAt: { S: '2024-03-01T08:00:00.1234567Z' },
      legacyAttributes: { M: { shelf: { SS: ['A', 'B'] } } },
      _migration: {
        M: expect.objectContaining({ source: { S: 'parcel-slips#4c000000-0000-4000-8000-000000000004' } }),
      },
    });
    expect(depots).toHaveLength(3);
    for (const name of ['Harbour', 'North', 'Old Town'])
      expect(depots).toContainEqual(expect.objectContaining({ name: { S: name } }));
  });
});
