import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Application, ChecklistResult, Incident } from '../../../src/runner/application.js';
import { answering, NOTHING_COUNTED, type, typeWords } from './command-line-harness.js';

const RESULT: ChecklistResult = {
  plan: 'company',
  env: 'production',
  at: '2026-11-21T09:00:00.000Z',
  lists: [
    {
      list: 'pre',
      title: 'Before the run',
      done: 1,
      open: 1,
      expired: 1,
      lines: [
        {
          ...{ id: 'backup', requirement: 'E-44', text: 'A backup', who: 'DevOps', kind: 'measured' },
          ...{ status: 'done', basis: 'measured', evidence: 'backup b-1', at: '2026-11-21T06:30:00.000Z' },
        },
        {
          ...{ id: 'qa-ready', requirement: 'E-51', text: 'QA is ready', who: 'QA', kind: 'attested' },
          ...{ status: 'open', basis: 'not attested', evidence: 'nobody has attested it', gates: 'run' },
        },
        {
          ...{ id: 'team-ready', requirement: 'E-45', text: 'Ready', who: 'dev\u001b[2J', kind: 'attested' },
          ...{ status: 'expired', basis: 'attested', evidence: 'attested by ann', by: 'ann' },
          ...{ at: '2026-11-19T06:30:00.000Z', until: '2026-11-20T06:30:00.000Z', note: 'at the stand-up' },
        },
      ],
    },
  ],
  triggers: [
    {
      id: 'errors',
      requirement: 'E-26',
      text: 'Errors',
      fired: undefined,
      basis: 'not measured',
      evidence: 'no figure',
    },
  ],
};
const SIGN_OFF = { gate: 'checklist', at: '2026-11-21T09:00:00.000Z', by: 'ann', item: 'qa-ready' } as const;
const ATTESTED = {
  ...{ plan: 'company', env: 'production', requirement: 'E-51', text: 'QA is ready', attestation: SIGN_OFF },
};

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'waybill-test-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('checklist', () => {
  it('shows each item, how it is known, and what to type for the first that is open', async () => {
    const { application, asked } = answering('checklist', RESULT);
    const { exit, stdout } = await type('checklist --env production --plan company --list pre,post', {
      application,
    });
    expect(asked).toEqual([{ plan: 'company', lists: ['pre', 'post'] }]);
    expect(exit).toBe(0);
    expect(stdout).toBe(
      [
        'Checklists of plan company, environment production, at 2026-11-21T09:00:00.000Z',
        '',
        'Before the run (pre): 1 done, 1 open, 1 expired',
        '  [x] backup  E-44  A backup (DevOps)',
        '      done, measured: backup b-1 (2026-11-21T06:30:00.000Z)',
        '  [ ] qa-ready  E-51  QA is ready (QA, a production run is refused without it)',
        '      open, not attested: nobody has attested it',
        '  [!] team-ready  E-45  Ready (dev\\u{1b}[2J)',
        '      expired, attested: attested by ann (2026-11-19T06:30:00.000Z), until 2026-11-20T06:30:00.000Z: at the stand-up',
        '',
        'Rollback triggers:',
        '  errors  E-26  Errors: not measured: no figure',
        '',
        'Next:',
        '  node runner attest --env production --plan company --item qa-ready --by NAME',
        '',
      ].join('\n'),
    );
    const json = await type('checklist --env production --plan company --json', { application });
    expect(JSON.parse(json.stdout)).toMatchObject({ plan: 'company', lists: [{ list: 'pre', open: 1 }] });
  });

  it('E-26: exits 1 with a fired trigger, and names the command for what a rollback would do', async () => {
    const file = join(folder, 'figures.json');
    await writeFile(file, '{"any": "text"}');
    const fired = {
      id: 'errors',
      requirement: 'E-26',
      text: 'Errors',
      fired: true,
      basis: 'given',
      evidence: '1.5 %',
    };
    const { application, asked } = answering('checklist', {
      ...RESULT,
      triggers: [fired],
    } as ChecklistResult);
    const words = `checklist --env production --plan company --figures ${file}`;
    const text = await type(words, { application });
    expect([text.exit, asked]).toEqual([1, [{ plan: 'company', figures: '{"any": "text"}' }]]);
    expect(text.stdout).toContain('  errors  E-26  Errors: FIRED, given: 1.5 %\n');
    expect(text.stderr).toContain('error ROLLBACK_TRIGGERED: ');
    const json = await type(`${words} --json`, { application });
    expect([json.exit, JSON.parse(json.stdout)]).toMatchObject([
      1,
      {
        lists: [{}],
        error: {
          code: 'ROLLBACK_TRIGGERED',
          next: 'Decide; what a rollback would remove: node runner rollback --env production --plan company --dry-run',
        },
      },
    ]);
  });

  it('is refused for figures that are not there', async () => {
    const ended = await type(`checklist --env production --figures ${join(folder, 'none.json')}`);
    expect([ended.exit, ended.stderr]).toEqual([2, expect.stringContaining('INPUT_UNREADABLE')]);
  });
});

describe('attest', () => {
  it('passes on what is vouched for, by whom and for how long', async () => {
    const { application, asked } = answering('attest', ATTESTED);
    const words = ['attest', '--env', 'production', '--plan', 'company', '--item', 'qa-ready', '--by', 'ann'];
    const { exit, stdout } = await typeWords([...words, '--note', 'signed on paper', '--valid-for', '7d'], {
      application,
    });
    await typeWords([...words, '--valid-for', '36h'], { application });
    await typeWords([...words, '--until', '2026-12-01T00:00:00+01:00'], { application });
    await typeWords([...words, '--withdraw', '--json'], { application });
    const base = { plan: 'company', item: 'qa-ready', by: 'ann' };
    expect(asked).toEqual([
      { ...base, withdraw: false, note: 'signed on paper', validHours: 168 },
      { ...base, withdraw: false, validHours: 36 },
      { ...base, withdraw: false, until: '2026-11-30T23:00:00.000Z' },
      { ...base, withdraw: true },
    ]);
    expect(exit).toBe(0);
    expect(stdout).toBe(
      'Attested: qa-ready (E-51: QA is ready) of the plan company, environment production, by ann at 2026-11-21T09:00:00.000Z.\n' +
        '\nNext:\n  node runner checklist --env production --plan company\n',
    );
  });

  it.each([
    ['--by ann', 'OPTION_MISSING'],
    ['--item qa-ready', 'OPTION_MISSING'],
    ['--item qa-ready --by ann --until 2026-12-01', 'OPTION_INVALID'],
    ['--item qa-ready --by ann --until 2026-12-01T00:00:00', 'OPTION_INVALID'],
    ['--item qa-ready --by ann --valid-for 7', 'OPTION_INVALID'],
    ['--item qa-ready --by ann --valid-for 0h', 'OPTION_INVALID'],
    ['--item qa-ready --by ann --valid-for 3651d', 'OPTION_INVALID'],
    ['--item qa-ready --by ann --valid-for 7d --until 2026-12-01T00:00:00Z', 'OPTION_CONFLICT'],
    ['--item qa-ready --by ann --valid-for 7d --withdraw', 'OPTION_CONFLICT'],
  ])('is refused as %s: %s', async (words, code) => {
    const ended = await type(`attest --env production --plan company ${words} --json`);
    expect([ended.exit, JSON.parse(ended.stdout)]).toMatchObject([2, { error: { code } }]);
  });
});

describe('report of other kinds', () => {
  const record: Incident['report']['record'] = {
    run: 'r-2',
    plan: 'kpi',
    env: 'staging',
    planVersion: 'v',
    dryRun: false,
    status: 'complete',
    kind: 'rollback',
    startedAt: '2026-11-21T05:35:12Z',
    steps: ['links'],
    flags: [],
    by: 'ann',
  };
  const incident: Incident = {
    report: {
      record,
      steps: [
        {
          ...{ run: 'r-2', step: 'links', title: 'Links', status: 'rolled-back', counters: NOTHING_COUNTED },
          ...{ checks: [], findings: 0, reasons: {}, removed: 3, kept: 0 },
        },
      ],
      acceptances: [],
      async *entries() {
        // nothing was kept
      },
    },
    migrations: [],
  };
  const application: Partial<Application> = {
    incident: () => Promise.resolve(incident),
    mapping: ({ plan }) =>
      Promise.resolve({
        ...{ plan, title: 'KPI data', env: 'staging', steps: [], aliases: {} },
        tables: [
          { name: 'old', physicalName: 'old-staging', role: 'source', partitionKey: 'id', indexes: [] },
        ],
        accept: [{ reason: 'KPI_UNLINKED', flag: 'allow-unlinked' }],
      }),
  };

  it('E-42: the incident is Markdown for people, a document for programs, and can go to a file', async () => {
    const text = await type('report --env staging --run r-2 --incident', { application });
    expect([text.exit, text.stdout]).toEqual([
      0,
      expect.stringMatching(/^# Incident: rollback of kpi, staging\n/),
    ]);
    const json = await type('report --env staging --incident --json', { application });
    expect(JSON.parse(json.stdout)).toMatchObject({
      run: 'r-2',
      by: 'ann',
      steps: [{ step: 'links', removed: 3 }],
    });
    const file = join(folder, 'incident.md');
    const written = await type(`report --env staging --incident --out ${file} --json`, { application });
    expect(JSON.parse(written.stdout)).toEqual({
      file,
      format: 'markdown',
      kind: 'incident',
      plan: 'kpi',
      run: 'r-2',
    });
    expect(await readFile(file, 'utf8')).toBe(text.stdout);
  });

  it('E-12: so is the mapping', async () => {
    const { stdout } = await type('report --env staging --mapping', { application });
    expect(stdout).toMatch(/^# Mapping: kpi, staging\n/);
    expect(stdout).toContain('| old | old-staging | source | id |  |\n');
    expect(stdout).toContain('| KPI_UNLINKED | \\--allow-unlinked |\n');
    const json = await type('report --env staging --mapping --json', { application });
    expect(JSON.parse(json.stdout)).toMatchObject({ tables: [{ physicalName: 'old-staging' }] });
  });

  it.each([
    '--incident --mapping',
    '--mapping --run r-1',
    '--incident --format html',
    '--mapping --format markdown --json',
  ])('is refused as %s', async (words) => {
    const ended = await type(`report --env staging ${words}`, { application });
    expect([ended.exit, ended.stderr]).toEqual([2, expect.stringContaining('OPTION_CONFLICT')]);
  });
});
