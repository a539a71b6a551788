import type { ProgressSummary, StatusResult, ValidateResult } from '../../../src/runner/application.js';
import { RefusedError } from '../../../src/runner/ports/errors.js';
import { CATALOG, CollectingStream, NOTHING_COUNTED, type } from './command-line-harness.js';

describe('plans', () => {
  it('needs no environment and opens nothing', async () => {
    const json = await type('plans --json');
    const text = await type('plans');

    expect(json.exit).toBe(0);
    expect(json.opened).toEqual([]);
    expect(JSON.parse(json.stdout)).toEqual({ plans: CATALOG.plans, environments: CATALOG.environments });
    expect(text.stdout).toBe(
      [
        'kpi: KPI data to the new model',
        '  Step        Does',
        '  links       Goal links become KPI links',
        '  milestones  Milestones become targets',
        '  actuals     Actuals become measured data',
        '  readings    Readings become measured data',
        '  --allow-unlinked accepts KPI_UNLINKED',
        '',
        'company: Companies',
        '  Step       Does',
        '  companies  Companies move',
        '  --allow-orphans accepts PARENT_MISSING',
        '',
        'Environments: local, dev, staging, production',
        '',
      ].join('\n'),
    );
  });
});

describe('status', () => {
  const status: StatusResult = {
    env: 'local',
    plans: [
      {
        plan: 'kpi',
        title: 'KPI data',
        steps: [
          {
            step: 'links',
            status: 'validated',
            run: '20261121T053512Z-a1b2c3',
            at: '2026-11-21T05:35:12Z',
            counters: { ...NOTHING_COUNTED, read: 1200, quarantined: 3 },
          },
          { step: 'milestones', status: 'not-run' },
        ],
        runs: [],
        acceptances: [],
      },
    ],
  };

  it('shows where each step stands, of all plans or of the one asked for', async () => {
    const asked: unknown[] = [];
    const application = {
      status: (request: unknown) => {
        asked.push(request);
        return Promise.resolve(status);
      },
    };

    const text = await type('status --env local', { application });
    const json = await type('status --env local --plan kpi --json', { application });

    expect(asked).toEqual([{}, { plan: 'kpi' }]);
    expect(JSON.parse(json.stdout)).toEqual(status);
    expect(text.stdout).toBe(
      [
        'Environment local',
        '',
        'kpi: KPI data',
        '  Step        Status      Read  Quarantined  Conflicts  Since                 Run',
        '  links       validated  1,200            3          0  2026-11-21T05:35:12Z  20261121T053512Z-a1b2c3',
        '  milestones  not-run        -            -          -',
        '  No runs yet.',
        '',
      ].join('\n'),
    );
  });
});

describe('status of a store that takes its time', () => {
  const told = async (words: string): Promise<{ readonly before: string; readonly after: string }> => {
    const stdout = new CollectingStream();
    let before: string | undefined;
    const openApplication = (): Promise<never> => {
      before = stdout.text;
      return Promise.reject(new RefusedError('STORE_UNREACHABLE', 'no answer', 'Look at the endpoint.'));
    };

    const { exit } = await type(words, { composition: { openApplication }, stdout });

    expect(exit).toBe(3);
    return { before: before ?? 'never opened', after: stdout.text };
  };

  it('says which environment it asks before it asks', async () => {
    const { before, after } = await told('status --env test');

    expect(before).toBe('Environment dev\n\n');
    expect(after).toBe(before);
  });

  it('says nothing before its document under --json', async () => {
    const { before, after } = await told('status --env dev --json');

    expect(before).toBe('');
    expect(JSON.parse(after)).toMatchObject({ error: { code: 'STORE_UNREACHABLE' } });
  });
});

describe('tables create', () => {
  it('says which tables it made and which were there', async () => {
    const application = {
      createTables: ({ plan }: { plan: string }) =>
        Promise.resolve({
          plan,
          tables: [
            { table: 'purposepath-kpi-links', physicalName: 'purposepath-kpi-links-dev', created: true },
            { table: 'waybill-journal', physicalName: 'waybill-journal-dev', created: false },
          ],
        }),
    };

    const json = await type('tables create --env dev --json', { application });
    const text = await type('tables create --env dev', { application });

    expect(JSON.parse(json.stdout)).toEqual({
      plan: 'kpi',
      env: 'dev',
      tables: [
        { table: 'purposepath-kpi-links', physicalName: 'purposepath-kpi-links-dev', created: true },
        { table: 'waybill-journal', physicalName: 'waybill-journal-dev', created: false },
      ],
    });
    expect(text.stdout).toContain('waybill-journal        waybill-journal-dev        was there\n');
  });
});

describe('seed', () => {
  it('passes on what to seed and proposes the run', async () => {
    const asked: unknown[] = [];
    const application = {
      seed: (request: { plan: string }) => {
        asked.push(request);
        return Promise.resolve({ plan: request.plan, tables: [{ table: 'purposepath-kpis', rows: 1500 }] });
      },
    };

    const text = await type('seed --env local', { application });
    await type('seed --env local --plan company --defects --scale 10000', { application });

    expect(asked).toEqual([
      { plan: 'kpi', defects: false, signal: expect.any(AbortSignal) },
      { plan: 'company', defects: true, scale: 10000, signal: expect.any(AbortSignal) },
    ]);
    expect(text.stdout).toBe(
      'Table              Rows\npurposepath-kpis  1,500\n\nNext:\n  node runner run --env local\n',
    );
  });
});

describe('preflight', () => {
  const passing = { name: 'table purposepath-kpis', passed: true, expected: 'ACTIVE', found: 'ACTIVE' };
  const failing = {
    name: 'table purposepath-people',
    passed: false,
    expected: 'ACTIVE',
    found: 'absent',
    next: 'Create it.',
  };

  it('exits 0 where everything holds', async () => {
    const result = { plan: 'kpi', env: 'local', passed: true, checks: [passing] };
    const application = { preflight: () => Promise.resolve(result) };

    const json = await type('preflight --env local --json', { application });

    expect(json.exit).toBe(0);
    expect(JSON.parse(json.stdout)).toEqual(result);
  });

  it('A-43: exits 3 with the failed check and its advice where something does not', async () => {
    const result = { plan: 'kpi', env: 'local', passed: false, checks: [passing, failing] };
    const application = { preflight: () => Promise.resolve(result) };

    const json = await type('preflight --env local --json', { application });
    const text = await type('preflight --env local', { application });

    expect(json.exit).toBe(3);
    expect(JSON.parse(json.stdout)).toEqual({
      ...result,
      error: {
        code: 'PREFLIGHT_FAILED',
        message: '1 check before the run failed: table purposepath-people.',
        next: 'Create it.',
      },
    });
    expect(text.stdout).toContain('table purposepath-people: Create it.');
    expect(text.stdout).toMatch(/Preflight failed \(exit 3\)\.\n$/);
  });
});

describe('validate', () => {
  const result: ValidateResult = {
    plan: 'kpi',
    env: 'local',
    passed: false,
    steps: ['links'],
    checks: [{ name: 'missing rows', passed: false, expected: 0, found: 1 }],
    findings: [
      {
        kind: 'missing',
        step: 'links',
        table: 'purposepath-kpi-links',
        key: 'l-1',
        detail: 'no row with this key',
      },
    ],
    findingsTotal: 1,
    warnings: [],
  };

  it('exits 1 with checks and findings where something is wrong', async () => {
    const application = { validate: () => Promise.resolve(result) };

    const json = await type('validate --env local --json', { application });
    const text = await type('validate --env local', { application });

    expect(json.exit).toBe(1);
    expect(JSON.parse(json.stdout)).toEqual({
      ...result,
      error: {
        code: 'VALIDATION_FAILED',
        message: '1 of 1 check failed with 1 finding in the environment local.',
        next: expect.any(String),
      },
    });
    expect(text.exit).toBe(1);
    expect(text.stdout).toContain('  missing  links  purposepath-kpi-links#l-1: no row with this key\n');
    expect(text.stdout).toMatch(/Validation failed \(exit 1\): 1 of 1 check failed with 1 finding\.\n$/);
  });

  it('A-37: says of a sample what it can not see', async () => {
    const asked: unknown[] = [];
    const application = {
      validate: (request: unknown) => {
        asked.push(request);
        return Promise.resolve<ValidateResult>({
          ...result,
          passed: true,
          checks: [],
          findings: [],
          sample: { size: 100, seed: 'monday', misses: [{ share: 0.01, chance: 0.366 }] },
        });
      },
    };

    const text = await type('validate --env local --step links --sample 100 --seed monday', { application });

    expect(text.exit).toBe(0);
    expect(asked).toEqual([
      { plan: 'kpi', steps: ['links'], sample: 100, seed: 'monday', signal: expect.any(AbortSignal) },
    ]);
    expect(text.stdout).toContain('a sample of about 100 records per step (seed monday), not all of them');
    expect(text.stdout).toContain(
      'if 1 % of the rows were bad, it would see none of them with a chance of 36.6 %',
    );
  });

  it('shows the first twenty findings and says how many more there are', async () => {
    const findings = Array.from({ length: 53 }, (_, index) => ({
      kind: 'extra' as const,
      step: 'links',
      table: 't',
      key: String(index),
      detail: 'd',
    }));
    const application = { validate: () => Promise.resolve({ ...result, findings, findingsTotal: 53 }) };

    const { stdout } = await type('validate --env local', { application });

    expect(stdout.match(/^ {2}extra /gm)).toHaveLength(20);
    expect(stdout).toContain('  and 33 more; --json has them\n');
  });

  it('keeps its shape when it could not be made', async () => {
    const ended = await type('validate --env staging --step nothing --json');

    expect(ended.exit).toBe(2);
    expect(JSON.parse(ended.stdout)).toEqual({
      plan: 'kpi',
      env: 'staging',
      passed: false,
      checks: [],
      findings: [],
      error: expect.objectContaining({ code: 'STEP_UNKNOWN' }),
    });
  });
});

describe('comment', () => {
  const summary: ProgressSummary = {
    plan: 'kpi',
    env: 'Staging',
    status: 'Complete',
    date: '2026-11-21',
    phases: [{ number: 2, title: 'GoalKpiLink migration', done: true, records: 12 }],
    checks: { total: 2, passed: 2, failed: 0 },
    issues: [],
    notes: [],
  };

  it('K-36: prints the comment and nothing else', async () => {
    const application = { progress: () => Promise.resolve(summary) };

    const text = await type('comment --env staging', { application });
    const json = await type('comment --env staging --json', { application });

    expect(text.stdout.startsWith('### Progress Update - 2026-11-21\n')).toBe(true);
    expect(text.stderr).toBe('');
    expect(JSON.parse(json.stdout)).toEqual({ ...summary, comment: text.stdout });
  });
});
