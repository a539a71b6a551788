import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Phase } from '../../../src/cutover/phases/phase.js';
import type { PhaseChangeResult, PhaseView } from '../../../src/runner/application.js';
import { answering, type, typeWords } from './command-line-harness.js';

const DUAL: Phase = { name: 'dual-write', share: 0 };
const VERIFIED: Phase = { name: 'verified', share: 0 };
const READING: Phase = { name: 'reading', share: 10 };

const CHANGE = { from: VERIFIED, to: READING, by: 'ann', why: 'CHG-4711', at: '2026-11-21T09:00:00.000Z' };

const VIEW: PhaseView = {
  plan: 'company',
  env: 'production',
  phase: READING,
  conduct: { writes: 'both', truth: 'legacy', share: 10 },
  last: CHANGE,
  settledAt: '2026-11-21T09:01:00.000Z',
  next: {
    phase: { name: 'reading', share: 50 },
    gates: [
      { gate: 'settled', met: true, evidence: 'every process acts on the present phase' },
      { gate: 'steps', met: true, evidence: 'every step is validated' },
    ],
  },
  back: VERIFIED,
  history: [{ from: DUAL, to: VERIFIED, by: 'ben', why: 'CHG-4710', at: '2026-11-20T09:00:00.000Z' }, CHANGE],
  confirm: true,
};

const CHANGED: PhaseChangeResult = {
  plan: 'kpi',
  env: 'dev',
  phase: READING,
  conduct: { writes: 'both', truth: 'legacy', share: 10 },
  change: CHANGE,
  settledAt: '2026-11-21T09:01:00.000Z',
};

describe('phase show', () => {
  it('E-23, E-X18: tells where it stands, what that means, what is asked for next, and how it came to this', async () => {
    const { application, asked } = answering('phase', VIEW);
    const { exit, stdout, opened } = await type('phase show --env production --plan company', {
      application,
    });
    expect([exit, asked, opened.map(({ env }) => env)]).toEqual([0, [{ plan: 'company' }], ['production']]);
    expect(stdout).toBe(`Phase of the plan company, environment production: reading 10 %
  since 2026-11-21T09:00:00.000Z, by ann: CHG-4711
  Writes: both models, the legacy one first: it is right where they differ
  Reads:  the new model for 10 % of the ids
  Acted on by every process from 2026-11-21T09:01:00.000Z on

Before reading 50 %:
  [x] settled: every process acts on the present phase
  [x] steps: every step is validated

At                        From        To            By   Why
2026-11-20T09:00:00.000Z  dual-write  verified      ben  CHG-4710
2026-11-21T09:00:00.000Z  verified    reading 10 %  ann  CHG-4711

Next:
  node runner phase advance --env production --plan company --by NAME --why TEXT --confirm-production
  node runner phase back --env production --plan company --by NAME --why TEXT --confirm-production
`);
  });

  it('tells what to do about the first gate that is closed', async () => {
    const gate = {
      gate: 'steps' as const,
      met: false,
      evidence: 'links has not run',
      next: 'node runner run --env dev',
    };
    const next = { phase: { name: 'backfilled' as const, share: 0 }, gates: [gate] };
    const { application } = answering('phase', { ...VIEW, next });
    const { stdout } = await type('phase show --env dev', { application });
    expect(stdout).toContain('Before backfilled:\n  [ ] steps: links has not run\n');
    expect(stdout).toContain('Next:\n  node runner run --env dev\n  node runner phase back ');
  });

  it('P-X30: says where there is no way on and none back', async () => {
    const { plan, env, last, history, confirm } = VIEW;
    const view: PhaseView = {
      ...{ plan, env, last: last!, history, confirm },
      phase: { name: 'archived', share: 100 },
      conduct: { writes: 'new', truth: 'new', share: 100 },
    };
    const { application } = answering('phase', view);
    const { stdout } = await type('phase show --env dev', { application });
    expect(stdout).toContain('  Writes: the new model only\n  Reads:  the new model\n');
    expect(stdout).toContain('This is the last phase.');
    expect(stdout).not.toContain('Next:');
  });

  it('is meant where phase is typed alone, and --json gives one document with every key', async () => {
    const beginning: PhaseView = {
      plan: 'kpi',
      env: 'dev',
      phase: { name: 'legacy', share: 0 },
      conduct: { writes: 'legacy', truth: 'legacy', share: 0 },
      next: { phase: DUAL, gates: [] },
      history: [],
      confirm: false,
    };
    const { application } = answering('phase', beginning);
    const { stdout } = await type('phase --env dev --json', { application });
    expect(JSON.parse(stdout)).toEqual({
      plan: 'kpi',
      env: 'dev',
      phase: { name: 'legacy', share: 0 },
      conduct: { writes: 'legacy', truth: 'legacy', share: 0 },
      last: null,
      settledAt: null,
      next: { phase: { name: 'dual-write', share: 0 }, gates: [] },
      back: null,
      history: [],
    });
    expect((await type('phase --env dev', { application })).stdout).toContain(
      'Phase of the plan kpi, environment dev: legacy\n  from the beginning\n  Writes: the legacy model only\n  Reads:  the legacy model\n',
    );
  });

  it('shows nothing of a reason that could steer a terminal', async () => {
    const { application } = answering('phase', { ...VIEW, last: { ...CHANGE, why: 'a\u001b[2Jb' } });
    expect((await type('phase show --env dev', { application })).stdout).not.toContain('\u001b');
  });
});

describe('phase advance', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'waybill-phase-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('E-24: asks for the next phase with what was typed', async () => {
    const { application, asked } = answering('advancePhase', CHANGED);
    const figures = join(folder, 'figures.json');
    writeFileSync(figures, '{"takenAt": "x"}');
    const words = [
      'phase',
      'advance',
      '--env',
      'dev',
      '--share',
      '10',
      '--figures',
      figures,
      '--by',
      'ann',
      '--why',
      'CHG 4711',
      '--confirm-production',
    ];
    const { exit, stdout } = await typeWords(words, { application });
    expect([exit, asked]).toEqual([
      0,
      [
        {
          plan: 'kpi',
          share: 10,
          by: 'ann',
          why: 'CHG 4711',
          confirmProduction: true,
          signal: expect.any(AbortSignal) as AbortSignal,
          figures: '{"takenAt": "x"}',
        },
      ],
    ]);
    expect(stdout).toBe(`Phase of the plan kpi, environment dev: reading 10 %, until now verified
  since 2026-11-21T09:00:00.000Z, by ann: CHG-4711
  Writes: both models, the legacy one first: it is right where they differ
  Reads:  the new model for 10 % of the ids
  Every process acts on it from 2026-11-21T09:01:00.000Z on

Next:
  node runner phase show --env dev
`);
  });

  it('--json gives the change as one document', async () => {
    const { application } = answering('advancePhase', CHANGED);
    const { stdout } = await type('phase advance --env dev --by ann --why x --json', { application });
    expect(JSON.parse(stdout)).toEqual(CHANGED);
  });

  it.each([
    ['phase advance --env dev --why x', 'OPTION_MISSING'],
    ['phase advance --env dev --by ann', 'OPTION_MISSING'],
    ['phase advance --env dev --by ann --why x --share 0', 'OPTION_INVALID'],
    ['phase advance --env dev --by ann --why x --share 101', 'OPTION_INVALID'],
    ['phase back --env dev --why x', 'OPTION_MISSING'],
    ['phase back --env dev --by ann', 'OPTION_MISSING'],
    ['phase back --env dev --by ann --why x --figures f.json', 'OPTION_UNKNOWN'],
    ['phase forward --env dev', 'COMMAND_UNKNOWN'],
  ])('E-X18: %s is refused as %s before anything is opened', async (words, code) => {
    const { exit, stdout, opened } = await type(`${words} --json`);
    const { error } = JSON.parse(stdout) as { readonly error: { readonly code: string } };
    expect([exit, error.code, opened]).toEqual([2, code, []]);
  });
});

describe('phase back', () => {
  it('P-40: asks for the way back with what was typed', async () => {
    const { application, asked } = answering('backPhase', CHANGED);
    const { exit } = await type('phase back --env dev --by ann --why INC-17', { application });
    await type('phase back --env dev --share 10 --by ann --why INC-17', { application });
    expect([exit, asked]).toEqual([
      0,
      [
        { plan: 'kpi', by: 'ann', why: 'INC-17', confirmProduction: false },
        { plan: 'kpi', by: 'ann', why: 'INC-17', confirmProduction: false, share: 10 },
      ],
    ]);
  });
});
