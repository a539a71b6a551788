import { DomainRuleError } from '../../../src/domain/errors.js';
import { Employee, type EmployeeState } from '../../../src/domain/personnel/employee.js';
import { ExactNumber } from '../../../src/domain/values/exact-number.js';
import { Instant, Moment } from '../../../src/domain/values/moment.js';

const NOW = Instant.read('2025-01-02T03:04:05Z')!;
const NEW = { number: 'EMPAB001', fullName: 'Ada Byron', createdBy: 'hr' };

describe('an employee', () => {
  it('is born active, fit for duty and in no team', () => {
    expect(Employee.create('17', NOW, NEW).state()).toEqual({
      ...{
        id: '17',
        ...NEW,
        role: 'user',
        teamId: undefined,
        healthStatus: 'fit_for_duty',
        status: 'active',
      },
      ...{ certifications: [], createdAt: NOW, updatedAt: NOW },
    });
  });

  it.each(['number', 'fullName', 'createdBy', 'role', 'teamId'])('is not born with a blank %s', (field) => {
    expect(() => Employee.create('17', NOW, { ...NEW, [field]: ' ' })).toThrow(DomainRuleError);
  });

  it('is restored as history has it, whatever today’s rules are', () => {
    const state: EmployeeState = {
      ...{ id: '17', number: 'x', fullName: 'Ada', role: '', status: 'terminated' },
      ...{ hourlyRate: ExactNumber.of('-1'), createdAt: Moment.restore('spring'), certifications: ['crane'] },
    };
    const employee = Employee.restore(state);
    expect(employee.state()).toBe(state);
    expect([employee.id, employee.number]).toEqual(['17', 'x']);
  });

  it.each<[string, object]>([
    ['id', { id: ' ' }],
    ['number', { number: undefined }],
    ['fullName', { fullName: '' }],
    ['teamId', { teamId: '' }],
    ['hourlyRate', { hourlyRate: 1 }],
    ['certifications', { certifications: [1] }],
  ])('is not restored with a %s that is none', (field, wrong) => {
    const state = { id: '17', number: 'x', fullName: 'Ada', ...wrong };
    expect(() => Employee.restore(state)).toThrow(expect.objectContaining({ name: 'RestoreError', field }));
  });
});
