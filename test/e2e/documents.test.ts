import type { QuarantineDocument, RunDocument } from '../support/e2e/documents.js';
import { documentOf } from '../support/e2e/runner.js';
import { COMPANY, LEGACY, YOUNGER_LINK } from '../support/e2e/small-company.js';
import { Stage } from '../support/e2e/stage.js';
import { TABLE } from '../support/kpi/tables.js';

const text = expect.any(String);
const count = expect.any(Number);
const MISSING = 'd1000000-0000-4000-8000-0000000000ff';
const SOURCE = `purposepath-kpi-milestones#${MISSING}`;

/** The storage contract's words; keys beyond these may be there. */
const STEP = {
  step: text,
  read: count,
  created: count,
  updated: count,
  unchanged: count,
  skipped: count,
  quarantined: count,
  conflicts: count,
  rows: count,
  validation: { checks: count, passed: count, failed: count },
};

describe('documents of --json', () => {
  let stage: Stage;
  let run: RunDocument;

  beforeAll(async () => {
    stage = await Stage.open();
    await stage.createSources();
    for (const [table, rows] of COMPANY) await stage.raw.put(table, ...rows);
    const { targetValue, ...incomplete } = LEGACY.milestone;
    expect(targetValue).toBeDefined();
    await stage.raw.put(TABLE.milestones, { ...incomplete, id: { S: MISSING } });
    expect((await stage.runner.run('tables create --env local')).exit).toBe(0);
    await stage.raw.put(TABLE.kpiLinks, { ...LEGACY.youngerLink, personId: { S: 'somebody' } });
    run = (await stage.runner.json<RunDocument>('--env local')).document;
    // one row changed behind our back, for validate to find
    const row = await stage.raw.get(TABLE.kpiData, LEGACY.actual.id.S);
    await stage.raw.put(TABLE.kpiData, { ...row, postValue: { N: '0' } });
  });
  afterAll(() => stage.close());

  it('run: {run, plan, env, status, dryRun, steps[], error?}', () => {
    expect(run).toMatchObject({
      run: expect.stringMatching(/^\d{8}T\d{6}Z-[0-9a-f]{6}$/),
      plan: 'kpi',
      env: 'local',
      status: 'failed',
      dryRun: false,
      steps: [STEP, STEP, STEP, STEP],
      error: { code: 'RECORDS_SET_ASIDE', message: text, next: text },
    });
  });

  it('quarantine list: [{step, source, reason, field?, detail}], one entry per record', async () => {
    const { exit, document } = await stage.runner.json<QuarantineDocument[]>('quarantine list --env local');
    expect(exit).toBe(0);
    expect(document).toEqual([
      { step: 'milestones', source: SOURCE, reason: 'FIELD_MISSING', field: 'targetValue', detail: text },
    ]);
  });

  it('conflicts list: [{step, source, key, detail}]', async () => {
    const { exit, document } = await stage.runner.json('conflicts list --env local');
    expect(exit).toBe(0);
    const source = `purposepath-goal-kpi-links#${YOUNGER_LINK}`;
    expect(document).toMatchObject([{ step: 'links', source, key: YOUNGER_LINK, detail: text }]);
  });

  it('validate: {checks[] {name, passed, expected, found}, findings[] {kind, step, key, field?, detail}}', async () => {
    const { exit, document } = await stage.runner.json<{ checks: object[] }>('validate --env local');
    expect(exit).toBe(1);
    expect(document).toMatchObject({
      findings: [
        { kind: 'different', step: 'actuals', key: LEGACY.actual.id.S, field: 'postValue', detail: text },
      ],
    });
    expect(document.checks.length).toBeGreaterThanOrEqual(4 * 6);
    for (const check of document.checks) {
      expect(check).toMatchObject({ name: text, passed: expect.any(Boolean) });
      expect(Object.keys(check)).toEqual(expect.arrayContaining(['expected', 'found']));
    }
  });

  it.each([
    ['plans', 0],
    ['status --env local', 0],
    ['preflight --env local', 0],
    ['validate --env local --sample 2 --seed monday', 0],
    [`quarantine show ${SOURCE} --env local`, 0],
    [`quarantine show nothing#here --env local`, 2],
    ['quarantine export --env local --out set-aside.jsonl', 0],
    ['quarantine export --env local', 2],
    [`conflicts show purposepath-goal-kpi-links#${YOUNGER_LINK} --env local`, 0],
    ['warnings list --env local', 0],
    ['report --env local', 0],
    ['comment --env local', 0],
    ['--version', 0],
    ['validate --help', 0],
  ])('%s --json prints one document and nothing else, exit %i', async (words, exit) => {
    const ended = await stage.runner.run(`${words} --json`);
    const document = documentOf(ended);
    // `validate --sample` may or may not hit the changed row
    expect([exit, words.includes('--sample') ? 1 : exit]).toContain(ended.exit);
    expect(typeof document).toBe('object');
    if (exit !== 0) expect(document).toMatchObject({ error: { code: text, message: text, next: text } });
  });

  it('seed --json', async () => {
    const { exit, document } = await stage.runner.json('seed --env local --scale 1');
    expect(exit).toBe(0);
    expect(document).toMatchObject({
      plan: 'kpi',
      tables: expect.arrayContaining([{ table: TABLE.links, rows: 1 }]),
    });
  });
});
