import { DomainRuleError } from '../../../src/domain/errors.js';
import type { NewKpiLink } from '../../../src/domain/kpi/kpi-link.js';
import { KpiLink } from '../../../src/domain/kpi/kpi-link.js';
import { ExactNumber } from '../../../src/domain/values/exact-number.js';
import { Guid } from '../../../src/domain/values/guid.js';
import { Instant } from '../../../src/domain/values/moment.js';
import { anOldLinkState } from '../../support/mothers/aggregates.mother.js';

const guid = (digit: number) => Guid.parse(`${digit}`.repeat(32))!;
const NIL = Guid.parse('0'.repeat(32))!;
const NOW = Instant.read('2026-11-01T12:00:00Z')!;
const NEW: NewKpiLink = {
  tenantId: guid(2),
  kpiId: guid(3),
  personId: guid(4),
  createdBy: guid(5),
  goalId: guid(6),
};

describe('KpiLink.create', () => {
  test('makes a link with the id and the time that it is given', () => {
    const link = KpiLink.create(guid(1), NOW, {
      ...NEW,
      weight: ExactNumber.of('100'),
      displayOrder: ExactNumber.of('0'),
      linkType: 'supporting',
    });
    expect(link.id).toBe('11111111-1111-1111-1111-111111111111');
    expect(link.state()).toEqual({
      id: '11111111-1111-1111-1111-111111111111',
      tenantId: '22222222-2222-2222-2222-222222222222',
      kpiId: '33333333-3333-3333-3333-333333333333',
      personId: '44444444-4444-4444-4444-444444444444',
      goalId: '66666666-6666-6666-6666-666666666666',
      linkType: 'supporting',
      weight: ExactNumber.of('100'),
      displayOrder: ExactNumber.of('0'),
      isPrimary: false,
      createdBy: '55555555-5555-5555-5555-555555555555',
      createdAt: NOW,
    });
  });

  test('accepts a strategy instead of a goal', () => {
    const { tenantId, kpiId, personId, createdBy } = NEW;
    const aimless = { tenantId, kpiId, personId, createdBy };
    const link = KpiLink.create(guid(1), NOW, { ...aimless, strategyId: guid(7), isPrimary: true });
    expect(link.state().strategyId).toBe('77777777-7777-7777-7777-777777777777');
    expect(link.state().isPrimary).toBe(true);
    expect(() => KpiLink.create(guid(1), NOW, aimless)).toThrow(
      expect.objectContaining({ rule: 'goal-or-strategy', aggregate: 'KpiLink' }),
    );
  });

  test.each<[string, Partial<NewKpiLink>]>([
    ['weight-range', { weight: ExactNumber.of('100.0000000000000000000000000001') }],
    ['weight-range', { weight: ExactNumber.of('-0.01') }],
    ['thresholdPct-range', { thresholdPct: ExactNumber.of('-1') }],
    ['displayOrder-range', { displayOrder: ExactNumber.of('-1') }],
    ['displayOrder-whole', { displayOrder: ExactNumber.of('1.5') }],
    ['ids-not-nil', { personId: NIL }],
    ['ids-not-nil', { strategyId: NIL }],
  ])('refuses what breaks the rule %s', (rule, change) => {
    const attempt = () => KpiLink.create(guid(1), NOW, { ...NEW, ...change });
    expect(attempt).toThrow(DomainRuleError);
    expect(attempt).toThrow(expect.objectContaining({ rule }));
  });
});

describe('KpiLink.restore', () => {
  test('K-X12, K-X24: keeps id, audit fields and all that today’s rules forbid', () => {
    const state = anOldLinkState();
    const link = KpiLink.restore(state);
    expect(link.id).toBe(state.id);
    expect(link.state()).toStrictEqual(anOldLinkState());
    expect(KpiLink.restore(link.state()).state()).toStrictEqual(anOldLinkState());
  });

  test('needs a goal or a strategy', () => {
    const aimless = anOldLinkState({ goalId: undefined });
    expect(() => KpiLink.restore(aimless)).toThrow(expect.objectContaining({ field: 'goalId' }));
    expect(KpiLink.restore({ ...aimless, strategyId: 's' }).state().strategyId).toBe('s');
  });

  test.each(['id', 'tenantId', 'kpiId', 'personId', 'isPrimary', 'createdBy', 'createdAt'])(
    'fails with the field where %s is missing',
    (field) => {
      const broken = { ...anOldLinkState(), [field]: undefined };
      expect(() => KpiLink.restore(broken)).toThrow(
        expect.objectContaining({ name: 'RestoreError', aggregate: 'KpiLink', field }),
      );
    },
  );
});
