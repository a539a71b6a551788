import { Kpi } from '../../../src/domain/kpi/kpi.js';
import { Guid } from '../../../src/domain/values/guid.js';

const guid = (digit: number) => Guid.parse(`${digit}`.repeat(32))!;

describe('Kpi', () => {
  test('is made with a name and an owner', () => {
    const kpi = Kpi.create(guid(1), { tenantId: guid(2), name: 'Revenue', ownerId: guid(3) });
    expect(kpi.state()).toEqual({
      id: '11111111-1111-1111-1111-111111111111',
      tenantId: '22222222-2222-2222-2222-222222222222',
      name: 'Revenue',
      ownerId: '33333333-3333-3333-3333-333333333333',
    });
  });

  test('is not made without a name, or with a nil owner', () => {
    const kpi = { tenantId: guid(2), name: 'Revenue', ownerId: guid(3) };
    const attempt = (change: object) => () => Kpi.create(guid(1), { ...kpi, ...change });
    expect(attempt({ name: ' ' })).toThrow(expect.objectContaining({ rule: 'name-not-blank' }));
    expect(attempt({ ownerId: guid(0) })).toThrow(expect.objectContaining({ rule: 'ids-not-nil' }));
  });

  test('K-X09: is restored without an owner, or with a nil one', () => {
    const ownerless = { id: 'kpi-1', tenantId: 't' };
    expect(Kpi.restore(ownerless).state()).toStrictEqual({ id: 'kpi-1', tenantId: 't' });
    const nil = { ...ownerless, ownerId: '00000000-0000-0000-0000-000000000000' };
    expect(Kpi.restore(nil).state().ownerId).toBe('00000000-0000-0000-0000-000000000000');
    expect(Kpi.restore(nil).id).toBe('kpi-1');
  });

  test('is not restored without a tenant', () => {
    expect(() => Kpi.restore({ id: 'kpi-1', tenantId: '' })).toThrow(
      expect.objectContaining({ name: 'RestoreError', aggregate: 'Kpi', field: 'tenantId' }),
    );
  });
});
