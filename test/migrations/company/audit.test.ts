import type { StoredItem } from '../../../src/domain/storage/stored-value.js';
import type { Application } from '../../../src/runner/application.js';
import { openedCompany } from './company-application.js';
import { company, member, T } from './entities-trial.js';

const RUN = { plan: 'company', dryRun: false, accept: [], confirmProduction: false, overrides: [] } as const;

function project(userId: string): StoredItem {
  return { userId: { S: userId }, projectId: { S: `of-${userId}` }, name: { S: 'House' } };
}

const ROWS = {
  [T.oldProjects]: [project('ann'), project('orphan'), project('torn')],
  [T.companies]: [company('acme'), company('zeta')],
  [T.users]: [member('acme', 'ann'), member('acme', 'torn'), member('zeta', 'torn')],
};

/** `<user> <rule> <company>` as `decisions list` tells it. */
async function decisions(application: Application, run?: string): Promise<string[]> {
  const lines: string[] = [];
  const asked = { plan: 'company', kind: 'decision', ...(run === undefined ? {} : { run }) } as const;
  for await (const { source, reason, key = '' } of application.entries(asked))
    lines.push(`${source.slice(source.indexOf('#') + 1)} ${reason} ${key.slice(0, 4)}`.trim());
  return lines.sort();
}

const FIRST = ['ann company-users acme', 'orphan created 869c', 'torn COMPANY_AMBIGUOUS'];

describe('E-32: the audit of user to company', () => {
  it('has one row for each user, in every run', async () => {
    const { application } = openedCompany(ROWS);
    await application.run({ ...RUN, resume: 'auto' });
    expect(await decisions(application)).toEqual(FIRST);
    await application.run({ ...RUN, resume: 'auto' });
    expect(await decisions(application)).toEqual(FIRST);
  });

  it('is brought up to date where users are tried again that were set aside', async () => {
    const { application, store } = openedCompany(ROWS);
    await application.run({ ...RUN, resume: 'auto' });
    store.erase(T.users, member('zeta', 'torn'));
    const { steps } = await application.retry({ plan: 'company', accept: [], confirmProduction: false });
    expect(steps.find(({ step }) => step === 'mapping')?.counters).toMatchObject({
      skipped: 1,
      quarantined: 0,
    });
    expect(await decisions(application)).toEqual([...FIRST.slice(0, 2), 'torn company-users acme']);
    expect(store.rows(T.projects).map(({ companyId }) => companyId)).toContainEqual({ S: 'acme' });
    expect(store.rows(T.projects)).toHaveLength(3);
  });

  it('E-X05: the records of a user who is torn wait, and nobody else’s', async () => {
    const { application, store } = openedCompany(ROWS);
    const { steps } = await application.run({ ...RUN, resume: 'auto' });
    expect(steps.find(({ step }) => step === 'projects')).toMatchObject({
      status: 'validated',
      counters: { read: 3, created: 2, quarantined: 1 },
      reasons: { COMPANY_AMBIGUOUS: 1 },
    });
    expect(store.rows(T.projects)).toHaveLength(2);
  });

  it('a step alone resolves users as the whole plan does', async () => {
    const [whole, one] = [openedCompany(ROWS), openedCompany(ROWS)];
    await whole.application.run({ ...RUN, resume: 'auto' });
    for (const step of ['mapping', 'projects'])
      await one.application.run({ ...RUN, steps: [step], resume: 'auto' });
    const keys = (rows: readonly StoredItem[]): unknown[] =>
      rows.map(({ companyId, projectId }) => [companyId, projectId]);
    expect(keys(one.store.rows(T.projects))).toEqual(keys(whole.store.rows(T.projects)));
  });

  it('a record of a user who turns up after the mapping waits for the next one', async () => {
    const { application, store } = openedCompany(ROWS);
    await application.run({ ...RUN, steps: ['mapping'], resume: 'auto' });
    store.load(T.oldProjects, [project('late')]);
    const { steps } = await application.run({ ...RUN, steps: ['projects'], resume: 'auto' });
    expect(steps[0]?.reasons).toEqual({ COMPANY_AMBIGUOUS: 1, COMPANY_MISSING: 1 });
    await application.run({ ...RUN, resume: 'auto' });
    expect(
      store
        .rows(T.projects)
        .filter(({ createdBy }) => createdBy && 'S' in createdBy && createdBy.S === 'late'),
    ).toHaveLength(1);
    expect(store.rows(T.companies)).toHaveLength(4);
  });
});
