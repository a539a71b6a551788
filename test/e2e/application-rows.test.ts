import type {
  ConflictDocument,
  FindingDocument,
  RunDocument,
  ValidateDocument,
} from '../support/e2e/documents.js';
import { counts } from '../support/e2e/documents.js';
import type { RawItem } from '../support/e2e/raw-server.js';
import {
  ACTUAL,
  COMPANY,
  KPI,
  MILESTONE,
  OLDER_LINK,
  READING,
  TENANT,
  YOUNGER_LINK,
} from '../support/e2e/small-company.js';
import { Stage } from '../support/e2e/stage.js';
import { TABLE } from '../support/kpi/tables.js';

/** What the application made before the migration: a link and a target under ids that legacy records have. */
const APPLICATION_LINK: RawItem = {
  id: { S: YOUNGER_LINK },
  tenantId: { S: TENANT },
  kpiId: { S: KPI },
  personId: { S: 'be000000-0000-4000-8000-000000000001' },
  goalId: { S: 'chosen in the application' },
  weight: { N: '7' },
  isPrimary: { BOOL: false },
  createdBy: { S: 'application' },
  createdAt: { S: '2025-01-01T00:00:00Z' },
};
const APPLICATION_TARGET: RawItem = {
  id: { S: MILESTONE },
  tenantId: { S: TENANT },
  kpiLinkId: { S: OLDER_LINK },
  dataCategory: { S: 'Target' },
  postValue: { N: '1' },
  postDate: { S: '2025-01-01' },
};
const LINK_SOURCE = `purposepath-goal-kpi-links#${YOUNGER_LINK}`;
const MILESTONE_SOURCE = `purposepath-kpi-milestones#${MILESTONE}`;

describe('target rows that the application made itself (invariant 4)', () => {
  let stage: Stage;
  let run: { exit: number | null; document: RunDocument };

  beforeAll(async () => {
    stage = await Stage.open();
    await stage.createSources();
    for (const [table, rows] of COMPANY) await stage.raw.put(table, ...rows);
    expect((await stage.runner.run('tables create --env local')).exit).toBe(0);
    await stage.raw.put(TABLE.kpiLinks, APPLICATION_LINK);
    await stage.raw.put(TABLE.kpiData, APPLICATION_TARGET);
    run = await stage.runner.json<RunDocument>('--env local');
  });
  afterAll(() => stage.close());

  it('stay exactly as they are', async () => {
    expect(await stage.raw.get(TABLE.kpiLinks, YOUNGER_LINK)).toEqual(APPLICATION_LINK);
    expect(await stage.raw.get(TABLE.kpiData, MILESTONE)).toEqual(APPLICATION_TARGET);
  });

  it('make the run exit 1, with every other record migrated and no step failed', () => {
    expect(run.exit).toBe(1);
    expect(run.document).toMatchObject({ status: 'failed', error: { code: 'RECORDS_SET_ASIDE' } });
    expect(counts(run.document)).toEqual({
      links: [2, 1, 0, 0, 0, 0, 1, 2],
      milestones: [1, 0, 0, 0, 0, 0, 1, 2],
      actuals: [1, 1, 0, 0, 0, 0, 0, 2],
      readings: [1, 1, 0, 0, 0, 0, 0, 2],
    });
    expect(run.document.steps.map(({ validation }) => validation.failed)).toEqual([0, 0, 0, 0]);
  });

  it('are reported as conflicts, expected beside found', async () => {
    const { exit, document } = await stage.runner.json<ConflictDocument[]>('conflicts list --env local');
    expect(exit).toBe(0);
    expect(document.map(({ step, source, key }) => ({ step, source, key }))).toEqual([
      { step: 'links', source: LINK_SOURCE, key: YOUNGER_LINK },
      { step: 'milestones', source: MILESTONE_SOURCE, key: MILESTONE },
    ]);
    for (const { detail } of document) expect(detail).toMatch(/did not write/);
    const shown = await stage.runner.json<{ expected: RawItem; found: RawItem; differences: string[] }>(
      `conflicts show ${LINK_SOURCE} --env local`,
    );
    expect(shown.document.found).toEqual(APPLICATION_LINK);
    expect(shown.document.expected).toMatchObject({
      goalId: { S: 'goal without a guid' },
      weight: { N: '40' },
    });
    expect(shown.document.differences).toEqual(['createdAt', 'createdBy', 'goalId', 'isPrimary', 'weight']);
  });

  it('A-42: block the comment until they are settled', async () => {
    const { stdout } = await stage.runner.run('comment --env local');
    expect(stdout).toMatch(/^### Progress Update - \d{4}-\d{2}-\d{2}\n/);
    expect(stdout).toContain('**Status:** Blocked\n');
    expect(stdout).toContain('- links: 1 record in conflict with existing rows');
  });

  it('fail no validation', async () => {
    const { exit, document } = await stage.runner.json<ValidateDocument>('validate --env local');
    expect([exit, document.findings]).toEqual([0, []]);
  });

  it('K-X18: a row of ours that somebody edited since is kept, too', async () => {
    const edited = { ...(await stage.raw.get(TABLE.kpiData, ACTUAL)), postValue: { N: '1' } };
    await stage.raw.put(TABLE.kpiData, edited);
    const { exit, document } = await stage.runner.json<RunDocument>('run --env local --step actuals');
    expect(exit).toBe(1);
    expect(counts(document)).toEqual({ actuals: [1, 0, 0, 0, 0, 0, 1, 2] });
    expect(await stage.raw.get(TABLE.kpiData, ACTUAL)).toEqual(edited);
  });
});

describe('planted defects on a real server (invariant 8)', () => {
  const OTHER_MILESTONE = 'd1000000-0000-4000-8000-000000000002';
  const THIRD_MILESTONE = 'd1000000-0000-4000-8000-000000000003';
  const GONE = 'd1000000-0000-4000-8000-00000000dead';
  const NOWHERE = '11000000-0000-4000-8000-00000000dead';
  let stage: Stage;
  let before: RawItem[];
  let found: { exit: number | null; document: ValidateDocument };

  beforeAll(async () => {
    stage = await Stage.open();
    const { raw, runner } = stage;
    await stage.createSources();
    for (const [table, rows] of COMPANY) await raw.put(table, ...rows);
    const [milestone] = (await raw.scan(TABLE.milestones)) as [RawItem];
    await raw.put(
      TABLE.milestones,
      { ...milestone, id: { S: OTHER_MILESTONE }, targetValue: { N: '2' } },
      { ...milestone, id: { S: THIRD_MILESTONE }, targetValue: { N: '3' } },
    );
    expect((await runner.run('--env local')).exit).toBe(0);
    before = await raw.scan(TABLE.kpiData);
    await plant();
    found = await runner.json<ValidateDocument>('validate --env local');
  });
  afterAll(() => stage.close());

  async function plant(): Promise<void> {
    const { raw } = stage;
    const [one, two, three] = await Promise.all(
      [MILESTONE, OTHER_MILESTONE, THIRD_MILESTONE].map((id) => raw.get(TABLE.kpiData, id)),
    );
    // one changed field, of a link: what builds on links must wait for a clean validation
    await raw.put(TABLE.kpiLinks, { ...(await raw.get(TABLE.kpiLinks, OLDER_LINK)), weight: { N: '999' } });
    // one missing, one orphan
    await raw.remove(TABLE.kpiData, ACTUAL);
    await raw.put(TABLE.kpiData, { ...(await raw.get(TABLE.kpiData, READING)), kpiLinkId: { S: NOWHERE } });
    // two ids swapped
    await raw.put(TABLE.kpiData, { ...one, id: { S: OTHER_MILESTONE } }, { ...two, id: { S: MILESTONE } });
    // one extra: a row with our stamp for a record that does not exist
    const stamp = three?.['_migration'];
    const source = { S: `purposepath-kpi-milestones#${GONE}` };
    const forged = { M: { ...(stamp !== undefined && 'M' in stamp ? stamp.M : {}), source } };
    await raw.put(TABLE.kpiData, { ...three, id: { S: GONE }, _migration: forged });
  }

  it('P-X25: finds exactly the five, one finding each, exit 1', () => {
    expect(found.exit).toBe(1);
    const told = found.document.findings.map(({ kind, step, field }) => [kind, step, field ?? null]);
    expect(told.sort()).toEqual(
      [
        ['different', 'links', 'weight'],
        ['extra', 'milestones', null],
        ['id', 'milestones', 'id'],
        ['missing', 'actuals', null],
        ['orphan', 'readings', 'kpiLinkId'],
      ].sort(),
    );
    const byKind = (kind: string): FindingDocument | undefined =>
      found.document.findings.find((finding) => finding.kind === kind);
    expect(byKind('different')?.key).toBe(OLDER_LINK);
    expect(byKind('extra')?.key).toBe(GONE);
    expect(byKind('missing')?.key).toBe(ACTUAL);
    expect(byKind('orphan')?.key).toBe(READING);
    expect([MILESTONE, OTHER_MILESTONE]).toContain(byKind('id')?.key);
    for (const id of [MILESTONE, OTHER_MILESTONE]) expect(byKind('id')?.detail).toContain(id);
    expect(found.document.error).toMatchObject({ code: 'VALIDATION_FAILED' });
  });

  it('says in the checks what was expected and what was found', () => {
    const failed = found.document.checks.filter(({ passed }) => !passed);
    expect(failed.map(({ name, expected, found: seen }) => [name, expected, seen])).toEqual(
      expect.arrayContaining([
        ['links: every field equal', 0, 1],
        ['milestones: no row extra', 0, 1],
        ['milestones: ids preserved', 0, 1],
        ['actuals: no row missing', 0, 1],
        ['readings: no orphans', 0, 1],
      ]),
    );
  });

  it('refuses what builds on the step whose validation failed, exit 3, and blocks the comment', async () => {
    const { exit, document } = await stage.runner.json<RunDocument>('run --env local --step milestones');
    expect(exit).toBe(3);
    expect(document).toMatchObject({ status: 'refused', error: { code: 'STEP_PREREQUISITE' } });
    expect(document.error?.message).toContain('links has not passed its validation');
    expect((await stage.runner.run('comment --env local')).stdout).toContain('**Status:** Blocked\n');
  });

  it('passes again after the repair, which lets the next step run', async () => {
    const { raw, runner } = stage;
    const { weight, ...link } = await raw.get(TABLE.kpiLinks, OLDER_LINK);
    expect(weight).toEqual({ N: '999' });
    await raw.put(TABLE.kpiLinks, link);
    await raw.remove(TABLE.kpiData, GONE);
    await raw.put(TABLE.kpiData, ...before);
    const { exit, document } = await runner.json<ValidateDocument>('validate --env local');
    expect([exit, document.findings]).toEqual([0, []]);
    const next = await runner.json<RunDocument>('run --env local --step milestones');
    expect(next.exit).toBe(0);
    expect(counts(next.document)).toEqual({ milestones: [3, 0, 0, 3, 0, 0, 0, 6] });
  });
});
