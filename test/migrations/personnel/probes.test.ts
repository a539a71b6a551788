import { probesOf } from '../../../src/migrations/personnel/probes.js';
import { decided, rowOf } from './planning.js';

const RECORD = {
  PK: { S: 'EMPLOYEE#17' },
  SK: { S: 'PROFILE' },
  full_name: { S: 'Ada Byron' },
  employee_number: { S: 'SL-1' },
};

describe('probes of a migrated row (P-08, P-32, P-X24)', () => {
  it('ask for it by id and through all four indexes', async () => {
    const row = rowOf(await decided({ ...RECORD, project_id: { S: 'p-1' } }));
    expect(probesOf(row).map(({ index, key, finds }) => [index, key, finds])).toEqual([
      [undefined, { PK: { S: 'EMPLOYEE#17' }, SK: { S: 'PROFILE' } }, 'EMPLOYEE#17|PROFILE'],
      ['GSI1-NameIndex', { full_name: { S: 'Ada Byron' } }, 'EMPLOYEE#17|PROFILE'],
      ['GSI2-EmployeeNumberIndex', { employee_number: { S: 'SL-1' } }, 'EMPLOYEE#17|PROFILE'],
      ['GSI3-TeamIndex', { team_id: { S: 'p-1' } }, 'EMPLOYEE#17|PROFILE'],
      ['GSI4-RoleStatusIndex', { role: { S: 'user' }, status: { S: 'active' } }, 'EMPLOYEE#17|PROFILE'],
    ]);
    expect(probesOf(row).map(({ table }) => table)).toEqual(Array(5).fill('sitelogix-personnel-v2'));
  });

  it('P-X04: do not ask an index in which the row does not stand', async () => {
    const row = rowOf(await decided(RECORD));
    expect(probesOf(row).map(({ index }) => index)).not.toContain('GSI3-TeamIndex');
    expect(probesOf({ PK: { S: 'PROJECT#9' }, SK: { S: 'METADATA' } })).toHaveLength(1);
  });
});
