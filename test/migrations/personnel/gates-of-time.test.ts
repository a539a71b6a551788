import { PERSONNEL_CHECKLISTS } from '../../../src/migrations/personnel/personnel.checklists.js';
import { ChecklistTrial } from '../../runner/checklists/checklist-fixture.js';

const DAY = 24;
const WEEK = 7 * DAY;
const TOO_EARLY = { code: 'ATTESTED_TOO_EARLY', exit: 3 };

/** The document's whole timetable is three to four weeks, and its own gates take longer: gates are minimums. */
describe('P-X33, A-09: the gates of personnel are counted each from its own start, whatever the timetable says', () => {
  let trial: ChecklistTrial;
  const status = async (id: string): Promise<string> => (await trial.line(id)).status;

  beforeEach(() => {
    trial = new ChecklistTrial();
    trial.plan = { ...trial.plan, checklists: () => Promise.resolve(PERSONNEL_CHECKLISTS) };
  });

  it('48 hours are the first gate, a week is the second, and to have passed the first is not to have passed the second', async () => {
    await trial.attest('reads-switched');
    trial.passHours(2 * DAY - 0.001);
    await expect(trial.attest('watched-48-hours')).rejects.toMatchObject(TOO_EARLY);
    trial.passHours(0.001);
    await trial.attest('watched-48-hours');
    expect([await status('watched-48-hours'), await status('stable-week')]).toEqual(['done', 'open']);
    trial.passHours(5 * DAY - 0.001);
    await expect(trial.attest('single-writes')).rejects.toMatchObject(TOO_EARLY);
    expect(await status('stable-week')).toBe('open');
    trial.passHours(0.001);
    expect(await status('stable-week')).toBe('done');
    await trial.attest('single-writes');
    expect(await status('single-writes')).toBe('done');
  });

  it('deletion opens after a whole month on the new table alone, when all four weeks of the timetable are long over', async () => {
    await trial.attest('reads-switched');
    trial.passHours(WEEK);
    await trial.attest('single-writes');
    // day 28 of the timetable
    trial.passHours(3 * WEEK);
    await expect(trial.attest('deletion-approved')).rejects.toMatchObject(TOO_EARLY);
    await trial.attest('archive-verified');
    // the longest month has 31 days
    trial.passHours(10 * DAY - 0.001);
    await expect(trial.attest('deletion-approved')).rejects.toMatchObject(TOO_EARLY);
    expect(await status('good-month')).toBe('open');
    trial.passHours(0.001);
    expect(await status('good-month')).toBe('done');
    await trial.attest('deletion-approved');
    expect(await status('deletion-approved')).toBe('done');
  });

  it('nothing opens by the calendar alone: a gate whose start nobody has attested stays shut', async () => {
    trial.passHours(52 * WEEK);
    for (const item of ['watched-48-hours', 'single-writes', 'archive-verified', 'deletion-approved'])
      await expect(trial.attest(item)).rejects.toMatchObject(TOO_EARLY);
    for (const id of ['stable-week', 'good-month']) expect(await status(id)).toBe('open');
    await trial.attest('reads-switched');
    await expect(trial.attest('single-writes')).rejects.toMatchObject(TOO_EARLY);
  });

  it('a start that is taken back and made again is counted anew', async () => {
    await trial.attest('reads-switched');
    trial.passHours(2 * DAY);
    await trial.attest('watched-48-hours');
    await trial.attest('reads-switched', { withdraw: true });
    await trial.attest('reads-switched');
    expect(await status('watched-48-hours')).toBe('open');
    trial.passHours(WEEK - 1);
    await expect(trial.attest('single-writes')).rejects.toMatchObject(TOO_EARLY);
    trial.passHours(2);
    await trial.attest('single-writes');
    trial.passHours(31 * DAY);
    expect(await status('good-month')).toBe('done');
    await trial.attest('single-writes', { withdraw: true });
    expect(await status('good-month')).toBe('open');
    await expect(trial.attest('deletion-approved')).rejects.toMatchObject(TOO_EARLY);
  });
});
