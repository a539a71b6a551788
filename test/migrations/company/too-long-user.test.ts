import type { Trial } from '../../../src/conformance/trial/trial.js';
import { entriesOf } from '../../support/trial-entries.js';
import { openedCompany } from './company-application.js';
import { anExpense, aProject, contentOf, linesOf, MEMBERS, T, trialOn } from './entities-trial.js';

/** A partition key may be 2,048 bytes long, a sort key 1,024: a user of the old tables, and of no membership. */
const LONG = 'u'.repeat(1_025);
const OLD = {
  [T.oldProjects]: [aProject(LONG, 'p1'), aProject('ann', 'p2')],
  [T.oldExpenses]: [anExpense(LONG, 'e1', { projectId: { S: 'p1' } })],
};
const STEPS = ['mapping', 'projects', 'contractors', 'works', 'expenses'];

async function ranAndSetAside(): Promise<Trial> {
  const trial = trialOn(OLD);
  const { steps } = await trial.wholeRun();
  expect(steps.map(({ step, status, reasons }) => [step, status, reasons])).toEqual([
    ['mapping', 'validated', { ITEM_TOO_LARGE: 1 }],
    ['projects', 'validated', { COMPANY_MISSING: 1 }],
    ['contractors', 'validated', {}],
    ['works', 'validated', {}],
    ['expenses', 'validated', { COMPANY_MISSING: 1 }],
  ]);
  return trial;
}

describe('E-31: a user who can be no member of the company that would be made for them', () => {
  it('is judged alike by a run, by a validation of all steps, and by one of each', async () => {
    const trial = await ranAndSetAside();
    expect(Object.keys(contentOf(trial, T.projects))).toEqual(['acme|p2']);
    expect(await linesOf(trial, 'projects')).toEqual([`quarantine COMPANY_MISSING ${LONG}|p1 userId`]);
    const whole = await trial.validate();
    expect([whole.passed, whole.findings]).toEqual([true, []]);
    for (const step of STEPS) expect([step, (await trial.validate([step])).passed]).toEqual([step, true]);
  });

  it('does not stop what comes after such a validation', async () => {
    const trial = await ranAndSetAside();
    await trial.validate();
    const { steps } = await trial.wholeRun({ steps: ['works'] });
    expect(steps.map(({ status }) => status)).toEqual(['validated']);
  });

  it('E-32: is told among the decisions, with the reason for a rule', async () => {
    const trial = await ranAndSetAside();
    const decisions = await entriesOf(trial, 'mapping', ['decision']);
    expect(decisions.map(({ source, reason }) => [source.split('#')[1], reason]).sort()).toEqual([
      ['ann', 'company-users'],
      [LONG, 'ITEM_TOO_LARGE'],
    ]);
  });

  it('E-14: is counted by its reason before anything is written', async () => {
    const { application } = openedCompany({ ...MEMBERS, ...OLD });
    const { steps } = await application.analyze({ plan: 'company' });
    expect(steps[0]?.rules).toEqual({ 'company-users': 1, ITEM_TOO_LARGE: 1 });
    await application.close();
  });
});
