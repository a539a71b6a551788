import { DEFECT_CASES } from '../../src/migrations/kpi/demo/defect-cases.js';
import { JOURNAL_TABLE } from '../../src/infrastructure/journal/journal-layout.js';
import {
  allValidated,
  counts,
  unaccounted,
  type QuarantineDocument,
  type RunDocument,
  type StepDocument,
} from '../support/e2e/documents.js';
import type { RawItem } from '../support/e2e/raw-server.js';
import { Stage } from '../support/e2e/stage.js';
import { TABLE } from '../support/kpi/tables.js';

/** What is written: target tables, the look-up table that gets placeholders, the journal. */
const WRITTEN = [TABLE.kpiLinks, TABLE.kpiData, TABLE.people, JOURNAL_TABLE.name];
const LEGACY = [TABLE.links, TABLE.milestones, TABLE.actuals, TABLE.readings];
const STEP_OF = new Map<string, string>([
  [TABLE.links, 'links'],
  [TABLE.milestones, 'milestones'],
  [TABLE.actuals, 'actuals'],
  [TABLE.readings, 'readings'],
]);

/** Counted by hand from the catalogue: read, created, updated, unchanged, skipped, quarantined, conflicts. */
const OUTCOMES = {
  links: [77, 69, 0, 0, 0, 8, 0],
  milestones: [119, 110, 0, 0, 0, 9, 0],
  actuals: [204, 202, 0, 0, 0, 2, 0],
  readings: [109, 106, 0, 0, 0, 3, 0],
};

function sourceOf(row: RawItem): string {
  const stamp = row['_migration'];
  const source = stamp !== undefined && 'M' in stamp ? stamp.M['source'] : undefined;
  return source !== undefined && 'S' in source ? source.S : '';
}

/** source → how many rows carry its stamp */
function rowsBySource(rows: readonly RawItem[]): Map<string, number> {
  const found = new Map<string, number>();
  for (const row of rows) found.set(sourceOf(row), (found.get(sourceOf(row)) ?? 0) + 1);
  return found;
}

describe('K-X01..K-X30: a data set with every defect', () => {
  let stage: Stage;
  let seeded: Map<string, readonly RawItem[]>;
  let afterDry: Map<string, readonly RawItem[]>;
  let dry: { exit: number | null; document: RunDocument };
  let run: { exit: number | null; document: RunDocument };
  let quarantine: readonly QuarantineDocument[];
  let targets: ReadonlyMap<string, number>;

  const dump = async (tables: readonly string[]): Promise<Map<string, readonly RawItem[]>> =>
    new Map(await Promise.all(tables.map(async (table) => [table, await stage.raw.scan(table)] as const)));

  beforeAll(async () => {
    stage = await Stage.open();
    const { runner } = stage;
    expect((await runner.run('seed --env dev --defects')).exit).toBe(0);
    expect((await runner.run('tables create --env dev')).exit).toBe(0);
    seeded = await dump([...LEGACY, TABLE.kpis, ...WRITTEN]);
    dry = await runner.json<RunDocument>('run --env dev --dry-run');
    afterDry = await dump([...LEGACY, TABLE.kpis, ...WRITTEN]);
    run = await runner.json<RunDocument>('--env dev');
    quarantine = (await runner.json<QuarantineDocument[]>('quarantine list --env dev')).document;
    targets = rowsBySource([
      ...(await stage.raw.scan(TABLE.kpiLinks)),
      ...(await stage.raw.scan(TABLE.kpiData)),
    ]);
  }, 150_000);
  afterAll(() => stage.close());

  describe('a dry run on fresh tables', () => {
    it('invariant 3: writes nothing to any table, the journal included', () => {
      expect(seeded.get(TABLE.kpiLinks)).toEqual([]);
      expect(seeded.get(JOURNAL_TABLE.name)).toEqual([]);
      expect(afterDry).toEqual(seeded);
    });

    it('tells the outcome of every record, just as the run does afterwards', () => {
      expect(dry.exit).toBe(1);
      expect(dry.document).toMatchObject({ dryRun: true, status: 'failed' });
      expect(counts(dry.document)).toEqual(counts(run.document));
      expect(allValidated(dry.document)).toBe(true);
    });

    it('leaves a report and a quarantine that can be read by its id', async () => {
      const { runner } = stage;
      const id = dry.document.run;
      const report = await runner.json<{
        run: string;
        dryRun: boolean;
        steps: StepDocument[];
        quarantine: unknown[];
      }>(`report --env dev --run ${id}`);
      expect(report.exit).toBe(0);
      expect(report.document).toMatchObject({ run: id, dryRun: true });
      expect(report.document.steps.map(({ read }) => read)).toEqual([77, 119, 204, 109]);
      expect(report.document.quarantine).toHaveLength(22);
      const listed = await runner.json<QuarantineDocument[]>(`quarantine list --env dev --run ${id}`);
      expect(listed.document).toEqual(quarantine);
    });
  });

  it('E-X14, P-X17: fails with exit 1 and runs all four steps all the same', () => {
    expect(run.exit).toBe(1);
    expect(run.document).toMatchObject({
      status: 'failed',
      dryRun: false,
      error: { code: 'RECORDS_SET_ASIDE' },
    });
    expect(run.document.steps.map(({ step }) => step)).toEqual([
      'links',
      'milestones',
      'actuals',
      'readings',
    ]);
    expect(allValidated(run.document)).toBe(true);
  });

  it('invariant 1: every source record is counted once, in the outcome that the contract gives it', () => {
    const found = Object.entries(counts(run.document)).map(([step, eight]) => [step, eight.slice(0, 7)]);
    expect(Object.fromEntries(found)).toEqual(OUTCOMES);
    expect(run.document.steps.map(unaccounted)).toEqual([0, 0, 0, 0]);
    expect(run.document.steps.map(({ read }) => read)).toEqual(
      LEGACY.map((table) => seeded.get(table)?.length),
    );
  });

  it('counts as many rows as carry a stamp of the step in the store', () => {
    const stored = LEGACY.map((table) =>
      [...targets]
        .filter(([source]) => source.startsWith(`${table}#`))
        .reduce((sum, [, rows]) => sum + rows, 0),
    );
    expect(run.document.steps.map(({ rows }) => rows)).toEqual(stored);
  });

  it('lists exactly the records that the catalogue says, each with its reason', () => {
    const listed = quarantine.map(({ step, source, reason }) => `${step} ${source} ${reason}`);
    const expected = DEFECT_CASES.filter(({ outcome }) => outcome === 'quarantined').map(
      ({ source, reason = '' }) => `${STEP_OF.get(source.split('#')[0] ?? '') ?? ''} ${source} ${reason}`,
    );
    expect(listed.sort()).toEqual(expected.sort());
    for (const entry of quarantine) expect(entry.detail).not.toBe('');
  });

  it.each(DEFECT_CASES)('$id: $title ($source)', ({ source, outcome, rows }) => {
    expect(targets.get(source) ?? 0).toBe(outcome === 'created' ? rows : 0);
  });

  it('warns of the oddities that it carries', async () => {
    const { document } =
      await stage.runner.json<{ source: string; code: string }[]>('warnings list --env dev');
    const warned = new Set(document.map(({ source }) => source));
    const silent = DEFECT_CASES.filter(({ warning, source }) => warning === true && !warned.has(source));
    expect(silent).toEqual([]);
  });

  it('invariant 3: leaves legacy tables and KPIs as they were', async () => {
    const tables = [...LEGACY, TABLE.kpis];
    expect(await dump(tables)).toEqual(new Map(tables.map((table) => [table, seeded.get(table)])));
  });

  it('invariant 11: shows a quarantined record in full only to who asks for it', async () => {
    const source = 'purposepath-kpi-milestones#de000019-0000-4000-8000-000000000301';
    const { exit, document } = await stage.runner.json<{ record: RawItem }>(
      `quarantine show ${source} --env dev`,
    );
    expect(exit).toBe(0);
    const stored = await stage.raw.get(TABLE.milestones, 'de000019-0000-4000-8000-000000000301');
    expect(document.record).toEqual(stored);
    expect(JSON.stringify(quarantine)).not.toContain('ann@example.org');
  });

  it('K-31: after repairs in the store, --allow-unlinked ends with exit 0', async () => {
    const { runner, raw } = stage;
    const bad = quarantine.filter(({ reason }) => reason !== 'KPI_UNLINKED');
    const repaired = 'de000019-0000-4000-8000-000000000301';
    const milestone = await raw.get(TABLE.milestones, repaired);
    for (const { source } of bad) {
      const [table = '', id = ''] = source.split('#');
      await raw.remove(table, id);
    }
    await raw.put(TABLE.milestones, { ...milestone, targetValue: { N: '5.5' } });

    const refused = await runner.json<RunDocument>('--env dev');
    expect(refused.exit).toBe(1);
    const accepted = await runner.json<RunDocument>('--env dev --allow-unlinked');
    expect(accepted.exit).toBe(0);
    expect(accepted.document.status).toBe('complete');
    expect(accepted.document).not.toHaveProperty('error');
    const left = (await runner.json<QuarantineDocument[]>('quarantine list --env dev')).document;
    expect(new Set(left.map(({ reason }) => reason))).toEqual(new Set(['KPI_UNLINKED']));
    expect(left).toHaveLength(5);
    expect(refused.document.steps[1]).toMatchObject({ created: 1, quarantined: 2, conflicts: 0, updated: 0 });
    expect(accepted.document.steps.map(({ created, updated }) => created + updated)).toEqual([0, 0, 0, 0]);
    expect((await runner.run('validate --env dev')).exit).toBe(0);
  });
});
