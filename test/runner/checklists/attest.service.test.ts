import { attestationGate } from '../../../src/runner/checklists/attestation-gate.js';
import { standingParts } from '../../../src/runner/checklists/checklist.service.js';
import { PLAN } from '../acceptance/journal-fixture.js';
import { ChecklistTrial } from './checklist-fixture.js';

let trial: ChecklistTrial;

beforeEach(() => {
  trial = new ChecklistTrial();
});

const said = () => trial.journal.attestations('kpi', 'checklist');

describe('attest', () => {
  it('records who vouches for what, and the checklist shows it as attested', async () => {
    const result = await trial.attest('approved', { by: '  ann ', note: ' minutes of 20 November ' });
    const attestation = {
      gate: 'checklist',
      at: '2026-11-21T09:00:00.000Z',
      by: 'ann',
      item: 'approved',
      note: 'minutes of 20 November',
    };
    expect(result).toEqual({
      plan: 'kpi',
      env: 'production',
      requirement: 'T-5',
      text: 'It is approved',
      attestation,
    });
    expect(await said()).toEqual([attestation]);
    expect(await trial.line('approved')).toMatchObject({ status: 'done', basis: 'attested', by: 'ann' });
  });

  it('A-39: is refused for what the journal, figures or the clock answer: nobody attests a measurement', async () => {
    for (const item of ['backup', 'errors', 'day'])
      await expect(trial.attest(item)).rejects.toMatchObject({ exit: 2, code: 'ITEM_COMPUTED' });
    await expect(trial.attest('approval')).rejects.toMatchObject({
      exit: 2,
      code: 'ITEM_UNKNOWN',
      next: 'Valid items: approved, window, traffic, stable.',
    });
    await expect(trial.attest('approved', { by: ' ' })).rejects.toMatchObject({ code: 'NAME_MISSING' });
    trial.hasTable = false;
    await expect(trial.attest('approved')).rejects.toMatchObject({ exit: 3, code: 'TABLE_MISSING' });
    expect(await said()).toEqual([]);
  });

  it('is taken back with a name, and what was said stays in the journal', async () => {
    await expect(trial.attest('approved', { withdraw: true })).rejects.toMatchObject({
      exit: 2,
      code: 'NOT_ATTESTED',
      next: 'Nothing is attested there.',
    });
    await trial.attest('approved');
    await trial.attest('approved', { withdraw: true, by: 'ben', note: 'new facts' });
    expect(await trial.line('approved')).toMatchObject({ status: 'open', basis: 'not attested' });
    expect((await said()).map(({ by, withdrawn }) => [by, withdrawn])).toEqual([
      ['ben', true],
      ['ann', undefined],
    ]);
    await expect(trial.attest('approved', { withdraw: true })).rejects.toMatchObject({
      code: 'NOT_ATTESTED',
    });
    await trial.attest('approved');
    expect((await trial.line('approved')).status).toBe('done');
  });

  it('counts the later word where the clock has run backwards', async () => {
    await trial.attest('approved');
    trial.passHours(-5);
    await trial.attest('approved', { withdraw: true });
    expect((await trial.line('approved')).status).toBe('open');
  });

  it('expires as the plan says, or earlier where asked for, never later', async () => {
    await trial.attest('window');
    expect((await said())[0]?.until).toBe('2026-11-23T09:00:00.000Z');
    trial.now = new Date('2026-11-23T08:59:59.999Z');
    expect((await trial.line('window')).status).toBe('done');
    trial.now = new Date('2026-11-23T09:00:00.000Z');
    expect(await trial.line('window')).toMatchObject({ status: 'expired', basis: 'attested', by: 'ann' });
    await trial.attest('window', { validHours: 1 });
    expect((await said())[0]?.until).toBe('2026-11-23T10:00:00.000Z');
    const refused = { exit: 2, code: 'OPTION_INVALID' };
    await expect(trial.attest('window', { validHours: 49 })).rejects.toMatchObject(refused);
    await expect(trial.attest('window', { until: '2026-11-26T09:00:00.000Z' })).rejects.toMatchObject(
      refused,
    );
    await expect(trial.attest('approved', { until: '2026-11-23T09:00:00.000Z' })).rejects.toMatchObject(
      refused,
    );
    await trial.attest('approved', { until: '2027-11-23T09:00:00.000Z' });
    expect(await trial.line('approved')).toMatchObject({ status: 'done', until: '2027-11-23T09:00:00.000Z' });
  });

  it('E-51: the sign-off on 7 days of stability comes after 7 days, to the millisecond', async () => {
    const tooEarly = { exit: 3, code: 'ATTESTED_TOO_EARLY' };
    await expect(trial.attest('stable')).rejects.toMatchObject({
      ...tooEarly,
      message: "stable (Stable for 7 days) can't be attested yet: 168 h since traffic have not begun",
    });
    await trial.attest('traffic');
    trial.now = new Date('2026-11-28T08:59:59.999Z');
    await expect(trial.attest('stable')).rejects.toMatchObject({
      ...tooEarly,
      message: expect.stringContaining('are over at 2026-11-28T09:00:00.000Z') as string,
    });
    trial.now = new Date('2026-11-28T09:00:00.000Z');
    await trial.attest('stable');
    expect((await trial.line('stable')).status).toBe('done');
    // the week begins anew where the beginning does
    await trial.attest('traffic');
    expect(await trial.line('stable')).toMatchObject({
      status: 'open',
      evidence: 'attested by ann too early: 168 h since traffic are over at 2026-12-05T09:00:00.000Z',
    });
  });
});

describe('the gate of attestations', () => {
  const gate = (production = true) =>
    attestationGate({
      plan: trial.plan,
      environment: { name: 'production', production },
      standing: () => standingParts(trial.plan, trial.parts(), trial.now),
    });

  it('refuses a production run until everything demanded is attested, and names the command to type', async () => {
    await expect(gate()).rejects.toMatchObject({
      exit: 3,
      code: 'ATTESTATION_REQUIRED',
      message:
        'production takes no run of plan kpi before these are attested: approved (It is approved; nobody has attested it); ' +
        'window (The window; nobody has attested it)',
      next: 'Whoever may say so types: node runner attest --env production --item approved --by NAME, and so on for each',
    });
    await trial.attest('approved');
    await expect(gate()).rejects.toMatchObject({
      next: 'Whoever may say so types: node runner attest --env production --item window --by NAME',
    });
    await trial.attest('window');
    await expect(gate()).resolves.toBeUndefined();
    trial.passHours(48);
    await expect(gate()).rejects.toMatchObject({
      message: expect.stringContaining('window (The window; attested by ann, counted until ') as string,
    });
    await trial.attest('window');
    await trial.attest('approved', { withdraw: true });
    await expect(gate()).rejects.toMatchObject({ code: 'ATTESTATION_REQUIRED' });
  });

  it('asks for nothing outside of production, or where the plan demands nothing', async () => {
    await expect(gate(false)).resolves.toBeUndefined();
    trial.plan = PLAN;
    await expect(gate()).resolves.toBeUndefined();
  });
});
