import type { DemoRow } from '../../../src/migrations/contract/demo-data.js';
import { CoreTableDemoData } from '../../../src/migrations/core-table/demo/core-table-demo-data.js';
import type { StoredItem } from '../../../src/domain/storage/stored-value.js';
import { contentOf, linesOf, trialOn } from './core-table-trial.js';

function rows(options: { defects?: boolean; scale?: number } = {}): DemoRow[] {
  return [...new CoreTableDemoData().rows({ defects: false, ...options })];
}

function of(table: string, all: readonly DemoRow[]): StoredItem[] {
  return all.filter((row) => row.table === table).map(({ item }) => item);
}

function keyOf({ table, item }: DemoRow): string {
  const parts = ['id', 'userId', 'serverId', 'PK', 'SK'].map((name) => item[name]);
  return `${table} ${parts.map((part) => (part !== undefined && 'S' in part ? part.S : '')).join('|')}`;
}

describe('demo data of plan core-table', () => {
  it('gives the same rows every time, and exactly as many as asked for', () => {
    expect(rows({ scale: 321 })).toEqual(rows({ scale: 321 }));
    for (const scale of [1, 2, 7, 200, 1234]) expect(rows({ scale })).toHaveLength(scale);
    expect(rows()).toHaveLength(200);
  });

  it('has no two records with one key, also with defects', () => {
    const keys = rows({ scale: 20_000, defects: true }).map(keyOf);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it.each([0, -1, 1.5, Number.NaN])('refuses a scale of %d', (scale) => {
    expect(() => rows({ scale })).toThrow(RangeError);
  });

  it('computes only what is asked for', () => {
    const [first] = new CoreTableDemoData().rows({ defects: false, scale: 10_000_000 });
    expect(first?.table).toBe('ServersTable');
  });

  it('migrates without quarantine, conflict or a warning that is not about names', async () => {
    const all = rows();
    const trial = trialOn(of('ServersTable', all), of('UserMembershipTable', all));
    const { steps } = await trial.wholeRun();
    for (const { counters, status } of steps)
      expect({ ...counters, status }).toMatchObject({ quarantined: 0, conflict: 0, status: 'validated' });
    expect(steps[2]!.counters.skipped).toBeGreaterThan(steps[2]!.counters.created);
    expect(await linesOf(trial, 'servers')).toEqual([]);
    expect(await linesOf(trial, 'memberships')).toEqual([]);
    expect(await linesOf(trial, 'users')).toEqual(['warning NAME_FROM_EMAIL UserMembershipTable name']);
  });
});

const M = 'UserMembershipTable#';
const S = 'ServersTable#';

describe('the defect catalogue', () => {
  const all = rows({ scale: 1, defects: true });
  const trial = trialOn(of('ServersTable', all), of('UserMembershipTable', all));
  beforeAll(() => trial.wholeRun());

  const told = async (step: string, kind: string): Promise<string[]> =>
    (await linesOf(trial, step))
      .filter((line) => line.startsWith(`${kind} `))
      .map((line) => line.slice(kind.length + 1));

  it('shows every reason and warning of servers', async () => {
    expect(await told('servers', 'quarantine')).toEqual([
      `FIELD_MISSING ${S}  id`,
      `ID_INVALID ${S}SERVER#x18 id`,
      `ITEM_TOO_LARGE ${S}large`,
    ]);
    expect(await told('servers', 'warning')).toEqual([
      `ATTRIBUTE_RENAMED ${S}x02-clash PK`,
      `ATTRIBUTE_RENAMED ${S}x02-clash SK`,
      `ATTRIBUTE_RENAMED ${S}x02-clash Type`,
      `ATTRIBUTE_RENAMED ${S}x02-stamp _migration`,
      `ATTRIBUTE_RENAMED ${S}x02-twice Type`,
      `SERVER_WITHOUT_ADMIN ${S}large`,
      `SERVER_WITHOUT_ADMIN ${S}x11-headless`,
      `SERVER_WITHOUT_MEMBERS ${S}srv-000001`,
      `SERVER_WITHOUT_MEMBERS ${S}x11-deserted`,
    ]);
  });

  it('shows every reason and warning of memberships', async () => {
    expect(await told('memberships', 'quarantine')).toEqual([
      `FIELD_MISSING ${M} |x04-roles userId`,
      `FIELD_MISSING ${M}x05-no-role|x04-roles role`,
      `FIELD_MISSING ${M}x05-null-role|x04-roles role`,
      `ID_INVALID ${M}USER#x18|x04-roles userId`,
      `ID_INVALID ${M}x18-server|SERVER#x04-roles serverId`,
      `SERVER_MISSING ${M}large-fan|large serverId`,
      `SERVER_MISSING ${M}x11-lost|x11-gone serverId`,
      `TYPE_INVALID ${M}custom-text|x04-roles permissions`,
      `TYPE_INVALID ${M}x05-number-role|x04-roles role`,
    ]);
    expect(await told('memberships', 'warning')).toEqual([
      `ATTRIBUTE_RENAMED ${M}x03-all|x04-roles Type`,
      `PERMISSIONS_CUSTOM ${M}custom-list|x04-roles permissions`,
      `PERMISSIONS_CUSTOM ${M}custom-none|x04-roles permissions`,
      `PERMISSIONS_CUSTOM ${M}custom-set|x04-roles permissions`,
      `ROLE_UNKNOWN ${M}x04-owner|x04-roles role`,
    ]);
  });

  it('shows every reason and warning of users', async () => {
    expect(await told('users', 'quarantine')).toEqual([
      `FIELD_MISSING ${M} |x04-roles userId`,
      `ID_INVALID ${M}USER#x18|x04-roles userId`,
      `ID_INVALID ${M}x18-server|SERVER#x04-roles serverId`,
    ]);
    const warnings = (await told('users', 'warning')).filter((line) => !line.startsWith('NAME_FROM_'));
    expect(warnings).toEqual([
      `EMAIL_CONFLICT ${M}x07-conflict|x07-b email`,
      `EMAIL_NOT_TEXT ${M}x07-number|x07-a email`,
    ]);
    expect(contentOf(trial)['USER#x07-conflict|METADATA']).toMatchObject({
      email: { S: 'second@example.org' },
    });
    expect(contentOf(trial)['USER#x08-no-local-part|METADATA']).toMatchObject({
      name: { S: 'x08-no-local-part' },
    });
  });
});
