import type { StoredItem } from '../../../src/domain/storage/stored-value.js';
import { ENTITIES } from '../../../src/migrations/company/entities.js';
import { legacyRecordsOf } from '../../../src/migrations/company/translation/reverse.js';
import { decisionsOn, rowsOf, STARTED_AT } from './entities-planning.js';
import { aContractor, aProject, contentOf, findings, linesOf, rowOf, T, trialOn } from './entities-trial.js';

const ROW: StoredItem = {
  ...{ companyId: { S: 'acme' }, createdBy: { S: 'ann' } },
  ...{ createdAt: { S: '2024-01-02T03:04:05.678Z' }, updatedAt: { S: '2024-02-03T04:05:06Z' } },
};
const PROJECT: StoredItem = { ...ROW, projectId: { S: 'p1' }, name: { S: 'House' } };
const NO_TIMES: StoredItem = { createdAt: { NULL: true }, updatedAt: { S: '' } };

describe('E-16: projects and contractors move to the company of their user', () => {
  it('with all that they have: nothing of it is known but keys and times', async () => {
    const more = {
      ...{ status: { N: '1' }, budget: { N: '5000.5' }, startDate: { S: '2024-02-01' } },
      ...({ site: { M: { lat: { N: '1' } } }, notes: { NULL: true } } satisfies StoredItem),
    };
    const trial = trialOn({
      [T.oldProjects]: [aProject('ann', 'p1', more), aProject('zoe', 'p1', { name: { N: '42' } })],
      [T.oldContractors]: [aContractor('ann', 'c1', { name: { S: '' } })],
    });
    expect((await trial.wholeRun()).exit).toBe(0);
    expect(contentOf(trial, T.projects)).toEqual({
      'acme|p1': { ...PROJECT, ...more },
      'zeta|p1': { ...PROJECT, companyId: { S: 'zeta' }, createdBy: { S: 'zoe' }, name: { N: '42' } },
    });
    expect(contentOf(trial, T.contractors)).toEqual({
      'acme|c1': { ...ROW, contractorId: { S: 'c1' }, name: { S: '' } },
    });
    expect(await findings(trial)).toEqual([]);
  });

  it('E-X08: a blank id sets the record aside', async () => {
    const trial = trialOn({ [T.oldProjects]: [aProject('ann', ' ')] });
    await trial.wholeRun();
    expect(await linesOf(trial, 'projects')).toEqual(['quarantine FIELD_MISSING ann|  projectId']);
  });
});

describe('A-15, E-X09: a project of which nobody knows when it was made', () => {
  it('is as old as the run that migrated it, and says so', async () => {
    const [decision] = await decisionsOn('projects', { [T.oldProjects]: [aProject('ann', 'p1', NO_TIMES)] });
    const derived = {
      createdAt: { S: STARTED_AT },
      createdAtDerived: { BOOL: true },
      updatedAt: { S: STARTED_AT },
    };
    expect(decision).toMatchObject({
      kind: 'rows',
      rows: [
        {
          item: {
            ...PROJECT,
            ...derived,
            legacyAttributes: { M: { original: { M: NO_TIMES }, written: { M: derived } } },
          },
        },
      ],
    });
    expect(decision?.warnings.map(({ code }) => code)).toContain('CREATED_AT_DERIVED');
  });

  it('stays as old in every later run, whatever else changes', async () => {
    const trial = trialOn({ [T.oldProjects]: [aProject('ann', 'p1', NO_TIMES), aProject('ann', 'p2')] });
    await trial.wholeRun();
    const first = rowOf(trial, T.projects, 'acme|p1')['createdAt'];
    trial.put(T.oldProjects, [aProject('ann', 'p1', { ...NO_TIMES, name: { S: 'Barn' } })]);
    const second = await trial.wholeRun();
    expect(second.steps[1]?.counters).toMatchObject({ updated: 1, unchanged: 1 });
    expect(rowOf(trial, T.projects, 'acme|p1')).toMatchObject({ createdAt: first, name: { S: 'Barn' } });
    expect(await findings(trial)).toEqual([]);
  });

  it('is no conflict after somebody has edited its time: the ledger knows the one that was chosen', async () => {
    const trial = trialOn({ [T.oldProjects]: [aProject('ann', 'p1', NO_TIMES)] });
    await trial.wholeRun();
    const row = rowOf(trial, T.projects, 'acme|p1');
    trial.put(T.projects, [{ ...row, createdAt: { S: '1999-01-01' } }]);
    expect(await findings(trial)).toEqual(['projects different acme|p1 createdAt']);
    trial.put(T.projects, [row]);
    expect(await findings(trial)).toEqual([]);
  });

  it('takes the time of its record as soon as that has one', async () => {
    const trial = trialOn({ [T.oldProjects]: [aProject('ann', 'p1', NO_TIMES)] });
    await trial.wholeRun();
    trial.put(T.oldProjects, [aProject('ann', 'p1')]);
    await trial.wholeRun();
    expect(contentOf(trial, T.projects)).toEqual({ 'acme|p1': PROJECT });
  });
});

describe('E-41: the way back of projects and contractors', () => {
  it('gives the records', async () => {
    const projects = [aProject('ann', 'p1', NO_TIMES), aProject('bob', 'p1', { name: { S: 'Barn' } })];
    const back = (await rowsOf('projects', { [T.oldProjects]: projects })).flatMap((row) =>
      legacyRecordsOf(ENTITIES.project, row),
    );
    expect(back).toEqual(projects);
    const [contractor] = await rowsOf('contractors', { [T.oldContractors]: [aContractor('ann', 'c1')] });
    expect(legacyRecordsOf(ENTITIES.contractor, contractor ?? {})).toEqual([aContractor('ann', 'c1')]);
  });
});
