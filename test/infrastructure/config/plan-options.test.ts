import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadEnvironment } from '../../../src/infrastructure/config/environments.js';
import {
  checkPlanOptions,
  decisiveText,
  optionDigests,
  optionsOf,
} from '../../../src/infrastructure/config/plan-options.js';
import { planFileDigests, planVersion } from '../../../src/infrastructure/versioning/plan-version.js';
import { CORE_TABLE_OUTLINE } from '../../../src/migrations/core-table/core-table.outline.js';
import { PERSONNEL_OUTLINE } from '../../../src/migrations/personnel/personnel.outline.js';

const PLANS = [CORE_TABLE_OUTLINE, PERSONNEL_OUTLINE, { name: 'kpi' }];

async function faultsOf(
  plans: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
): Promise<string[]> {
  try {
    await checkPlanOptions({ name: 'dev', plans }, PLANS);
    return [];
  } catch (error) {
    expect(error).toMatchObject({ code: 'ENVIRONMENT_INVALID', exit: 2 });
    return (error as Error).message.split('\n  ').slice(1);
  }
}

describe('the options that an environment file sets for plans', () => {
  it('are read from the file, each plan’s own', () => {
    const folder = mkdtempSync(join(tmpdir(), 'waybill-options-'));
    try {
      const plans = { personnel: { otherRows: 'quarantine' } };
      writeFileSync(join(folder, 'dev.json'), JSON.stringify({ plans }));
      const environment = loadEnvironment('dev', folder);
      expect(optionsOf(environment, 'personnel')).toEqual({ otherRows: 'quarantine' });
      expect(optionsOf(environment, 'core-table')).toEqual({});
      expect(optionsOf(environment, 'toString')).toEqual({});
      writeFileSync(join(folder, 'dev.json'), JSON.stringify({ plans: { personnel: true } }));
      expect(() => loadEnvironment('dev', folder)).toThrow(
        '/plans/personnel: found true; valid is an object of option → value',
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('may be all that the plans declare', async () => {
    const core = {
      roles: { admin: ['read', 'restart'], 'night watch': [] },
      strictRoles: true,
      directory: { kind: 'cognito', userPoolId: 'eu-central-1_AbC123xyz', region: 'eu-central-1' },
      cohort: { users: ['ann'], servers: ['a', 'b'] },
    };
    expect(
      await faultsOf({ 'core-table': core, personnel: { profileKeys: ['P'], otherRows: 'copy' } }),
    ).toEqual([]);
    for (const path of ['users.csv', 'lists/Users.JSON'])
      expect(await faultsOf({ 'core-table': { directory: { kind: 'file', path } } })).toEqual([]);
  });

  it.each<[string, Record<string, unknown>, string[]]>([
    [
      'an option that the plan does not have',
      { role: {} },
      ['/plans/core-table/role: unknown key; valid are roles, strictRoles, directory, cohort'],
    ],
    [
      'a role that no look-up finds',
      { roles: { Admin: ['read'], ' x': ['read'] } },
      [
        '/plans/core-table/roles/Admin: found "Admin"; valid is the name of a role in lower case',
        '/plans/core-table/roles/ x: found " x"; valid is the name of a role, without white space around it',
      ],
    ],
    [
      'permissions that are no texts, blank or there twice',
      { roles: { a: ['r', 5, ' ', 'r'], b: 'read' } },
      [
        '/plans/core-table/roles/a/1: found 5; valid is a permission that is not blank',
        '/plans/core-table/roles/a/2: found " "; valid is a permission that is not blank',
        '/plans/core-table/roles/a/3: found "r"; valid is a text that is not in the list already',
        '/plans/core-table/roles/b: found "read"; valid is a list of texts',
      ],
    ],
    [
      'no roles at all',
      { roles: {} },
      ['/plans/core-table/roles: found an object; valid is an object that is not empty'],
    ],
    [
      'a flag that is a word',
      { strictRoles: 'yes' },
      ['/plans/core-table/strictRoles: found "yes"; valid is true or false'],
    ],
    [
      'a directory of another kind',
      { directory: { kind: 'ldap' } },
      ['/plans/core-table/directory/kind: found "ldap"; valid is "file" or "cognito"'],
    ],
    [
      'a file of another format, and more than a path',
      { directory: { kind: 'file', path: 'x.xml', sheet: 1 } },
      [
        '/plans/core-table/directory/sheet: unknown key; valid are path',
        '/plans/core-table/directory/path: found "x.xml"; valid is the path of a file that ends in .json or .csv',
      ],
    ],
    [
      'a pool without its id',
      { directory: { kind: 'cognito' } },
      [
        '/plans/core-table/directory/userPoolId: found nothing; valid is the id of a user pool, such as "eu-central-1_AbC123xyz"',
      ],
    ],
    [
      'a cohort of nobody',
      { cohort: {} },
      ['/plans/core-table/cohort: found an object; valid is an object with users, servers or both'],
    ],
    [
      'an empty cohort',
      { cohort: { users: [] } },
      ['/plans/core-table/cohort/users: found a list; valid is a list of texts, at least one'],
    ],
  ])('are refused with place and what is valid: %s', async (_, options, expected) => {
    expect(await faultsOf({ 'core-table': options })).toEqual(expected);
  });

  it('are refused for a plan that has none, and for one that there is none of', async () => {
    expect(await faultsOf({ kpi: { strict: true }, cpi: {} })).toEqual([
      '/plans/kpi/strict: unknown key; the plan has no options',
      '/plans/cpi: there is no such plan; valid are core-table, personnel, kpi',
    ]);
  });
});

describe('what options count for', () => {
  const withOptions = (options: Record<string, unknown>) => ({ plans: { 'core-table': options } });
  const version = async (options: Record<string, unknown>): Promise<string> => {
    const text = await decisiveText(withOptions(options), CORE_TABLE_OUTLINE);
    return planVersion('core-table', { attributes: {}, ...(text === undefined ? {} : { options: text }) });
  };

  it('a run records a digest of each, whatever the order of the keys', () => {
    const one = optionDigests(
      withOptions({ strictRoles: true, cohort: { users: ['ann'], servers: ['a'] } }),
      'core-table',
    );
    const same = optionDigests(
      withOptions({ cohort: { servers: ['a'], users: ['ann'] }, strictRoles: true }),
      'core-table',
    );
    // printf true | sha256sum
    expect(one).toMatchObject({ strictRoles: 'b5bea41b6c623f7c' });
    expect(same).toEqual(one);
    expect(
      optionDigests(withOptions({ cohort: { users: ['bob'], servers: ['a'] } }), 'core-table')['cohort'],
    ).not.toBe(one['cohort']);
    expect(optionDigests({}, 'core-table')).toEqual({});
  });

  it('roles decide what becomes of a record, and are part of the plan version', async () => {
    expect(await version({})).toBe(planVersion('core-table', { attributes: {} }));
    const options = [{}, { roles: { a: ['x'] } }, { roles: { a: ['y'] } }, { strictRoles: true }];
    const versions = await Promise.all(options.map(version));
    expect(new Set(versions).size).toBe(4);
  });

  it('which pool or file, and which users take part, is a matter of the environment', async () => {
    const file = (path: string) => ({ directory: { kind: 'file', path } });
    expect(await version(file('staging.csv'))).toBe(await version(file('production.csv')));
    expect(await version(file('a.csv'))).not.toBe(await version({}));
    expect(await version(file('a.csv'))).not.toBe(
      await version({ directory: { kind: 'cognito', userPoolId: 'eu-west-1_A' } }),
    );
    expect(await version({ cohort: { users: ['a'] } })).toBe(
      await version({ cohort: { users: ['b', 'c'] } }),
    );
    expect(await version({ cohort: { users: ['a'] } })).not.toBe(await version({}));
    expect(await version({ cohort: { users: ['a'] } })).not.toBe(
      await version({ cohort: { servers: ['a'] } }),
    );
  });

  it('a refusal can name them among the files of the version', async () => {
    const text = (await decisiveText(withOptions({ strictRoles: true }), CORE_TABLE_OUTLINE)) ?? '';
    const digests = planFileDigests('core-table', { name: 'dev', attributes: {}, options: text });
    expect(Object.keys(digests)).toContain('environments/dev.json#plans/core-table');
  });
});
