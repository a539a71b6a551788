import { Person } from '../../../src/domain/person/person.js';
import { Guid } from '../../../src/domain/values/guid.js';
import { Instant, Moment } from '../../../src/domain/values/moment.js';
import { aPersonState } from '../../support/mothers/aggregates.mother.js';

const guid = (digit: number) => Guid.parse(`${digit}`.repeat(32))!;
const NOW = Instant.read('2026-11-01T12:00:00Z')!;

describe('Person', () => {
  test('is made as somebody real', () => {
    const person = Person.create(guid(1), NOW, {
      tenantId: guid(2),
      displayName: 'Ada',
      createdBy: guid(3),
      linkedUserId: guid(4),
    });
    expect(person.isPlaceholder).toBe(false);
    expect(person.state()).toEqual({
      id: '11111111-1111-1111-1111-111111111111',
      tenantId: '22222222-2222-2222-2222-222222222222',
      linkedUserId: '44444444-4444-4444-4444-444444444444',
      displayName: 'Ada',
      isPlaceholder: false,
      createdBy: '33333333-3333-3333-3333-333333333333',
      createdAt: NOW,
    });
  });

  test('is not made without a name, or for the nil user', () => {
    const person = { tenantId: guid(2), displayName: 'Ada', createdBy: guid(3) };
    const attempt = (change: object) => () => Person.create(guid(1), NOW, { ...person, ...change });
    expect(attempt({ displayName: '' })).toThrow(expect.objectContaining({ rule: 'displayName-not-blank' }));
    expect(attempt({ linkedUserId: guid(0) })).toThrow(expect.objectContaining({ rule: 'ids-not-nil' }));
  });

  test('K-X12: is restored as it was', () => {
    const state = aPersonState({ createdBy: 'system', createdAt: Moment.restore('2020-02-02') });
    const person = Person.restore(state);
    expect(person.id).toBe('person-1');
    expect(person.isPlaceholder).toBe(true);
    expect(person.state()).toStrictEqual(
      aPersonState({ createdBy: 'system', createdAt: Moment.restore('2020-02-02') }),
    );
    expect(Person.restore({ id: 'p', tenantId: 't' }).isPlaceholder).toBe(false);
  });

  test('is not restored without an id', () => {
    expect(() => Person.restore(aPersonState({ id: ' ' }))).toThrow(
      expect.objectContaining({ name: 'RestoreError', aggregate: 'Person', field: 'id' }),
    );
  });
});
