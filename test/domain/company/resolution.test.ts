import { Company, companyIdOf } from '../../../src/domain/company/company.js';
import { Membership } from '../../../src/domain/company/membership.js';
import { resolve, type Resolution, type UserFacts } from '../../../src/domain/company/resolution.js';
import { DomainRuleError, RestoreError } from '../../../src/domain/errors.js';
import { Instant } from '../../../src/domain/values/moment.js';

/** UUIDv5 of `user:u1` in the plan's namespace, worked out by another implementation. */
const OWN = 'd1c2669c-ed89-56ef-a5d2-ec7b8eb51f85';

const NOBODY: UserFacts = { memberOf: [], owns: [], hasOwn: false };

function resolved(facts: Partial<UserFacts>, userId: string | undefined = 'u1'): Resolution {
  return resolve(userId, () => ({ ...NOBODY, ...facts }));
}

describe('E-31: to which company the records of a user go', () => {
  it('a membership comes before a company that the user owns', () => {
    expect(resolved({ memberOf: ['c1'], owns: ['c2'] })).toEqual({
      ok: true,
      companyId: 'c1',
      rule: 'company-users',
    });
  });

  it('a company that the user owns comes before a new one', () => {
    expect(resolved({ owns: ['c2'] })).toEqual({ ok: true, companyId: 'c2', rule: 'companies' });
  });

  it('E-X07: a user who has none gets one whose id follows from theirs', () => {
    expect(resolved({})).toEqual({ ok: true, companyId: OWN, rule: 'created' });
    expect(companyIdOf('u1')).toBe(OWN);
    expect(companyIdOf('U1')).not.toBe(OWN);
  });

  it('the company that was made for a user stays theirs, whatever companies they get afterwards', () => {
    expect(resolved({ hasOwn: true, memberOf: ['c1', 'c2'], owns: ['c3'] })).toEqual({
      ok: true,
      companyId: OWN,
      rule: 'created',
    });
  });

  it.each([
    ['member of', { memberOf: ['c2', 'c1'] }, 'the user is a member of 2 companies: c1, c2'],
    ['owner of', { owns: ['c2', 'c1'] }, 'the user owns 2 companies: c1, c2'],
  ])('E-X05: nobody chooses one of several that the user is %s', (_, facts, detail) => {
    expect(resolved(facts)).toEqual({
      ok: false,
      reason: 'COMPANY_AMBIGUOUS',
      candidates: ['c1', 'c2'],
      detail,
    });
  });

  it('one company that was named twice is one company', () => {
    expect(resolved({ owns: ['c1', 'c1'] })).toEqual({ ok: true, companyId: 'c1', rule: 'companies' });
  });

  it('A-12: what the operator decided comes before everything', () => {
    const override = { companyId: 'c9', known: true };
    for (const facts of [{}, { memberOf: ['c1', 'c2'] }, { owns: ['c1'] }, { hasOwn: true }])
      expect(resolved({ ...facts, override })).toEqual({ ok: true, companyId: 'c9', rule: 'override' });
  });

  it('a decision for a company that does not exist is no decision, and not passed over either', () => {
    const found = resolved({ memberOf: ['c1'], override: { companyId: 'typo', known: false } });
    expect(found).toMatchObject({ ok: false, reason: 'OVERRIDE_INVALID', candidates: ['typo'] });
  });

  it.each([undefined, '', ' \t'])('E-X08: no company is made for a user without an id: %j', (userId) => {
    const found = resolve(userId, () => {
      throw new Error('nobody is asked');
    });
    expect(found).toMatchObject({ ok: false, reason: 'USER_MISSING', candidates: [] });
  });
});

describe(Company, () => {
  const at = Instant.read('2026-03-01T10:00:00Z') as Instant;

  it('of an orphan says whose it is, when and by whom it was made', () => {
    expect(Company.forOrphan('u1', at).state()).toEqual({
      companyId: OWN,
      name: 'Migrated company for u1',
      ownerId: 'u1',
      createdAt: at,
      createdByMigration: true,
    });
  });

  it('is born with a name and an owner, and restored without', () => {
    expect(() => Company.create('c1', ' ', 'u1', at)).toThrow(DomainRuleError);
    expect(() => Company.create('c1', 'Name', '', at)).toThrow(DomainRuleError);
    expect(Company.create('c1', 'Name', 'u1', at).state().createdByMigration).toBeUndefined();
    expect(Company.restore({ companyId: 'c1' }).id).toBe('c1');
    expect(() => Company.restore({ companyId: ' ' })).toThrow(RestoreError);
  });
});

describe(Membership, () => {
  it('of somebody whose company was made for them is an administration', () => {
    const { companyId, userId, role } = Membership.asAdministrator('c1', 'u1').state();
    expect({ companyId, userId, role }).toEqual({ companyId: 'c1', userId: 'u1', role: 'admin' });
  });

  it('has a company and a user', () => {
    expect(() => Membership.restore({ companyId: '', userId: 'u1' })).toThrow(RestoreError);
    expect(() => Membership.restore({ companyId: 'c1', userId: '' })).toThrow(RestoreError);
  });
});
