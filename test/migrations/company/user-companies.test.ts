import type { Trial } from '../../../src/conformance/trial/trial.js';
import { NO_OVERRIDES, type Overrides } from '../../../src/migrations/company/resolution/overrides.js';
import {
  loadUserCompanies,
  type Resolution,
} from '../../../src/migrations/company/resolution/user-companies.js';
import type { StepContext } from '../../../src/migrations/contract/migration-step.js';
import {
  aCompany,
  aMember,
  anExpense,
  COMPANIES,
  contextOf,
  EXPENSES,
  MEMBERS,
  trialOn,
} from './mapping-trial.js';

/** UUIDv5 of `user:orphan`, worked out by another implementation. */
const OF_ORPHAN = '869c7ff0-3c9e-5437-b3d8-c1aa6832bef9';

const TABLES = {
  [EXPENSES]: [anExpense('member', 'e1'), anExpense('owner', 'e2'), anExpense('orphan', 'e3')],
  [COMPANIES]: [aCompany('c1'), aCompany('c2', 'owner'), aCompany('c3')],
  [MEMBERS]: [aMember('c1', 'member'), aMember('c1', 'torn'), aMember('c3', 'torn')],
};

async function companiesOf(
  trial: Trial,
  users: readonly (string | undefined)[],
  { overrides = NO_OVERRIDES, ...more }: Partial<StepContext> & { readonly overrides?: Overrides } = {},
): Promise<string[]> {
  const companies = await loadUserCompanies(contextOf(trial, more), overrides);
  const told = (found: Resolution): string =>
    found.ok ? `${found.rule} ${found.companyId}` : `${found.reason} ${found.candidates.join(' ')}`.trim();
  const lines = users.map((user) => told(companies.companyOf(user)));
  await companies.close();
  return lines;
}

describe('E-X06: steps after the mapping resolve users as it did', () => {
  it('by what stands in the tables after it', async () => {
    const trial = trialOn(TABLES);
    await trial.wholeRun();
    expect(await companiesOf(trial, ['member', 'owner', 'orphan', 'torn', undefined, ' '])).toEqual([
      'company-users c1',
      'companies c2',
      `created ${OF_ORPHAN}`,
      'COMPANY_AMBIGUOUS c1 c3',
      'USER_MISSING',
      'USER_MISSING',
    ]);
  });

  it('by the same overrides', async () => {
    const overrides = new Map([
      ['torn', 'c3'],
      ['orphan', 'nowhere'],
    ]);
    expect(await companiesOf(trialOn(TABLES), ['torn', 'orphan', 'member'], { overrides })).toEqual([
      'override c3',
      'OVERRIDE_INVALID nowhere',
      'company-users c1',
    ]);
  });

  it('a membership that the application adds in between moves nobody who has got a company', async () => {
    const trial = trialOn(TABLES);
    await trial.wholeRun();
    trial.put(MEMBERS, [aMember('c1', 'orphan'), aMember('c3', 'owner')]);
    expect(await companiesOf(trial, ['orphan', 'owner'])).toEqual([
      `created ${OF_ORPHAN}`,
      'company-users c3',
    ]);
  });

  it.each([COMPANIES, MEMBERS])(
    'either row of a company that was made is enough: without %s',
    async (table) => {
      const trial = trialOn(TABLES);
      await trial.wholeRun();
      const made = (trial.tables().get(table) ?? []).filter((row) => row['_migration'] !== undefined);
      expect(made).toHaveLength(1);
      trial.change({ [table]: made }, {});
      expect(await companiesOf(trial, ['orphan'])).toEqual([`created ${OF_ORPHAN}`]);
    },
  );

  it('a company of the application under the id that the migration gives is not one more to choose from', async () => {
    const own = {
      [COMPANIES]: [aCompany(OF_ORPHAN, 'orphan'), aCompany('c1')],
      [MEMBERS]: [aMember('c1', 'orphan')],
    };
    expect(await companiesOf(trialOn(own), ['orphan'])).toEqual([`created ${OF_ORPHAN}`]);
  });

  it('a company that was made for one user and given to another belongs to both', async () => {
    const trial = trialOn(TABLES);
    await trial.wholeRun();
    const [made] = (trial.tables().get(COMPANIES) ?? []).filter((row) => row['_migration'] !== undefined);
    trial.put(COMPANIES, [{ ...made, ownerId: { S: 'heir' } }]);
    expect(await companiesOf(trial, ['orphan', 'heir'])).toEqual([
      `created ${OF_ORPHAN}`,
      `companies ${OF_ORPHAN}`,
    ]);
  });

  it('nothing goes into a company that nobody has made', async () => {
    expect(await companiesOf(trialOn(TABLES), ['orphan'])).toEqual([`COMPANY_MISSING ${OF_ORPHAN}`]);
  });

  it('of a company that is gone it is told once: rows that belong there are taken for right', async () => {
    const inConflict = (source: string): boolean => source.endsWith('#conflicting');
    const lines = await companiesOf(trialOn(TABLES), ['orphan', 'conflicting'], {
      repairing: { inConflict },
    });
    expect(lines[0]).toBe(`created ${OF_ORPHAN}`);
    expect(lines[1]).toMatch(/^COMPANY_MISSING /);
  });

  it('reads both tables once, however many users are asked for', async () => {
    const trial = trialOn(TABLES);
    let scans = 0;
    const reader: StepContext['reader'] = {
      get: (table, keys) => trial.reader.get(table, keys),
      positionBehind: (table, row) => trial.reader.positionBehind(table, row),
      scan: (table, options) => {
        scans += 1;
        return trial.reader.scan(table, options);
      },
    };
    await companiesOf(trial, ['member', 'owner', 'torn'], { reader, segments: 1 });
    expect(scans).toBe(2);
  });
});
